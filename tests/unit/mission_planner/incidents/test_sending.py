"""Who is sent, and what stands in the store of an order to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.incidents import lifecycle, sending
from mission_planner.incidents.lifecycle import DecideIncident, SendPerson
from mission_planner.incidents.sending import Candidate, TakeOrder, candidates
from mission_planner.people import accounts
from mission_planner.people.duty import PutShift, put_shift
from mission_planner.people.roles import Role
from mission_planner.store import assignments, incidents, notices
from mission_planner.store.assignments import Assignment, Outcome
from mission_planner.store.notices import NoticeAction
from patrol_core.errors import Conflict, InvalidInput, NotAllowed
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, Arrive, Close, IncidentCommand, IncidentState, Resolve
from patrol_core.kind import IncidentKind
from tests.unit.mission_planner.incidents.clockwork import Clockwork


class Crew:
    """A few people, and incidents without a place."""

    def __init__(self, clockwork: Clockwork) -> None:
        self.clockwork = clockwork
        self.alarms = 0

    def hire(self, username: str, name: str, role: Role, *, on_duty: bool) -> None:
        def handle(w: Work) -> None:
            accounts.create(w.tx, username=username, display_name=name, password_hash="x", roles=[role], now=w.now)
            if on_duty:
                ends_at = w.now + timedelta(hours=8)
                put_shift(w, PutShift(shift_id=uuid7(), username=username, role=role, starts_at=w.now, ends_at=ends_at))

        self.clockwork.run(handle)

    def alarm(self) -> UUID:
        self.alarms += 1
        incident_id = self.clockwork.says(f"s-{self.alarms}", IncidentKind.ELEVATOR)
        assert incident_id is not None
        return incident_id

    def send(self, incident_id: UUID, to: str | None = None) -> None:
        command = SendPerson(incident_id=incident_id, by="op", to=to, note="带钥匙")
        self.clockwork.run(lambda w: lifecycle.send_person(w, command))

    def decide(self, incident_id: UUID, command: IncidentCommand, *, only_own: bool = False) -> None:
        decided = DecideIncident(incident_id=incident_id, command=command, only_own=only_own)
        self.clockwork.run(lambda w: lifecycle.decide_incident(w, decided))

    def people(self, incident_id: UUID) -> tuple[Candidate, ...]:
        return self.clockwork.run(lambda w: candidates(w.tx, incidents.get(w.tx, incident_id), w.now))

    def orders(self, incident_id: UUID) -> tuple[Assignment, ...]:
        return self.clockwork.run(lambda w: assignments.of_incident(w.tx, incident_id))


@pytest.fixture
def crew() -> Iterator[Crew]:
    clockwork = Clockwork()
    crew = Crew(clockwork)
    crew.hire("op", "值班", Role.OPERATOR, on_duty=True)
    crew.hire("li", "李四", Role.FIELD, on_duty=True)
    crew.hire("wang", "王五", Role.FIELD, on_duty=True)
    crew.hire("zhao", "赵六", Role.FIELD, on_duty=False)
    yield crew
    clockwork.close()


def test_those_on_duty_come_first_then_field_workers_then_who_has_less_in_hand(crew: Crew) -> None:
    crew.send(crew.alarm(), "li")
    people = crew.people(crew.alarm())
    assert [(p.username, p.on_duty, p.busy_with) for p in people] == [
        ("wang", True, 0),
        ("li", True, 1),
        ("op", True, 0),
        ("zhao", False, 0),
    ]
    assert people[1].why.zh == "当班网格员，手上 1 件"


def test_without_a_name_the_best_on_duty_goes_and_the_order_says_why(crew: Crew) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id)
    (order,) = crew.orders(incident_id)
    assert (order.username, order.by, order.note) == ("li", "op", "带钥匙")
    assert order.because.zh == "当班网格员，手上没有别的事"
    log = crew.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
    assert [n.people for n in log if n.action is NoticeAction.ORDER] == [("li",)]


def test_with_nobody_on_duty_somebody_must_be_named(crew: Crew) -> None:
    crew.clockwork.passed_s += 9 * 3600
    incident_id = crew.alarm()
    with pytest.raises(Conflict, match="nobody is on duty now: name whom to send") as refused:
        crew.send(incident_id)
    assert refused.value.zh == "现在没有人当班：请指定派谁去，或先在排班里加上一班"
    crew.send(incident_id, "zhao")
    assert crew.orders(incident_id)[0].username == "zhao"


def test_nobody_is_sent_who_does_not_go_to_incidents(crew: Crew) -> None:
    crew.hire("wall", "大屏", Role.VIEWER, on_duty=False)
    for to in ("wall", "nobody"):
        with pytest.raises(InvalidInput, match=f'to: expected .* came "{to}"'):
            crew.send(crew.alarm(), to)


def test_an_order_keeps_when_it_was_given_taken_carried_out_and_done(crew: Crew) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    for minute in (1, 2):
        crew.clockwork.passed_s = 60.0 * minute
        crew.clockwork.run(lambda w: sending.take_order(w, TakeOrder(incident_id=incident_id, by="li")))
    crew.clockwork.passed_s = 300
    crew.decide(incident_id, Arrive(by="li"))
    crew.clockwork.passed_s = 900
    crew.decide(incident_id, Resolve(by="li", note="复位"))
    (order,) = crew.orders(incident_id)
    given = order.ordered_at
    waited = [(at - given).total_seconds() if at else None for at in (order.taken_at, order.arrived_at, order.ended_at)]
    assert (waited, order.outcome) == ([60, 300, 900], Outcome.RESOLVED)


def test_who_was_not_sent_takes_no_order(crew: Crew) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.send(incident_id, "wang")
    assert [order.outcome for order in crew.orders(incident_id)] == [Outcome.REPLACED, Outcome.RUNNING]
    with pytest.raises(Conflict, match="the order is with 王五 now, who was sent and has not answered yet") as refused:
        crew.clockwork.run(lambda w: sending.take_order(w, TakeOrder(incident_id=incident_id, by="li")))
    assert refused.value.zh == "这个单子现在归 王五（已派出，还没有接单）", "an operator chose another: that stands"


def test_who_is_replaced_hears_of_it_and_who_is_sent_once_more_does_not(crew: Crew) -> None:
    incident_id = crew.alarm()
    for who in ("li", "li", "wang"):
        crew.send(incident_id, who)
    log = crew.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
    assert [n.people for n in log if n.action is NoticeAction.HANDED_ON] == [("li",)]


def test_where_nobody_is_sent_there_is_no_order_to_take(crew: Crew) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.decide(incident_id, Close(by="op", note="误触"))
    with pytest.raises(Conflict, match="nobody is sent there now") as refused:
        crew.clockwork.run(lambda w: sending.take_order(w, TakeOrder(incident_id=incident_id, by="li")))
    assert refused.value.zh == "这件事现在没有派人的单子"


def test_a_field_worker_arrives_at_and_resolves_what_is_theirs_and_nothing_else(crew: Crew) -> None:
    others, own, taken = crew.alarm(), crew.alarm(), crew.alarm()
    crew.send(others, "wang")
    crew.send(own, "li")
    crew.decide(taken, Acknowledge(by="li"))
    with pytest.raises(NotAllowed, match="li was sent to or took; wang has it"):
        crew.decide(others, Arrive(by="li"), only_own=True)
    for incident_id in (own, taken):
        crew.decide(incident_id, Arrive(by="li"), only_own=True)
        crew.decide(incident_id, Resolve(by="li", note="好了"), only_own=True)
        assert crew.clockwork.run(lambda w, i=incident_id: incidents.get(w.tx, i)).incident.state is (
            IncidentState.RESOLVED
        )


def test_who_was_sent_hears_that_it_is_over(crew: Crew) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.decide(incident_id, Close(by="op", note="误触"))
    log = crew.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
    assert (log[-1].action, log[-1].people) == (NoticeAction.RESOLVE, ("li",))
    assert crew.orders(incident_id)[0].outcome is Outcome.CALLED_OFF
