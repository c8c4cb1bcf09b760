"""An order that nobody takes: said again, handed on, handed up, for ever; taking or arriving stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from mission_planner.incidents import order_clock, sending
from mission_planner.incidents.order_clock import Step
from mission_planner.incidents.pressing import BATCH, PressOrders, press_orders, told_next
from mission_planner.incidents.sending import TakeOrder
from mission_planner.incidents.sla import TAKING, TakePolicy
from mission_planner.people.roles import Role
from mission_planner.store import incidents, notices
from mission_planner.store.assignments import Outcome
from mission_planner.store.notices import Notice, NoticeAction
from patrol_core.errors import Conflict, InvalidInput
from patrol_core.incident import Acknowledge, Arrive, Close, IncidentCommand, IncidentState, MarkFalseAlarm, Reopen
from patrol_core.kind import Priority
from tests.unit.mission_planner.incidents.clockwork import Clockwork
from tests.unit.mission_planner.incidents.test_sending import Crew
from tests.unit.mission_planner.world import AT

TAKE_S, REPEAT_S = 180, 900  # of an elevator's alarm, which is of high priority


class Pressed(Crew):
    """A crew whose orders are looked at as time goes on."""

    def forward(self, seconds: float, *, look: bool = True) -> None:
        self.clockwork.passed_s += seconds
        if look:
            while self.clockwork.run(lambda w: press_orders(w, PressOrders())) == BATCH:
                pass

    def told(self, incident_id: UUID) -> list[tuple[str, int, tuple[str, ...]]]:
        log = self.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
        asked = (NoticeAction.ORDER, NoticeAction.UNTAKEN)
        return [(n.action.value, n.number, n.people) for n in log if n.action in asked]

    def newest(self, incident_id: UUID) -> Notice:
        return self.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))[-1]

    def take(self, incident_id: UUID, who: str) -> None:
        self.clockwork.run(lambda w: sending.take_order(w, TakeOrder(incident_id=incident_id, by=who)))

    def timeline(self, incident_id: UUID) -> list[str]:
        lines = self.clockwork.run(lambda w: incidents.entries(w.tx, incident_id))
        return [line.text.zh for line in lines if line.kind in ("untaken", "dispatched")]

    def next_told(self, incident_id: UUID) -> str | None:
        (*_, order) = self.orders(incident_id)
        row = self.clockwork.run(lambda w: incidents.get(w.tx, incident_id))
        told = self.clockwork.run(lambda w: told_next(w.tx, row, order, w.now))
        return told.zh if told else None


@pytest.fixture
def crew() -> Iterator[Pressed]:
    clockwork = Clockwork()
    crew = Pressed(clockwork)
    crew.hire("boss", "周主任", Role.ADMIN, on_duty=True)
    crew.hire("li", "李四", Role.FIELD, on_duty=True)
    crew.hire("wang", "王五", Role.FIELD, on_duty=True)
    yield crew
    clockwork.close()


def test_who_does_not_answer_is_told_again_then_the_next_then_those_above_and_so_on_for_ever(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    assert crew.next_told(incident_id) == "李四"
    crew.forward(TAKE_S - 1)
    assert crew.told(incident_id) == [("order", 0, ("li",))]
    crew.forward(1)
    assert crew.next_told(incident_id) == "王五"
    crew.forward(TAKE_S)
    assert [o.outcome for o in crew.orders(incident_id)] == [Outcome.NOT_TAKEN, Outcome.RUNNING]
    crew.forward(TAKE_S)
    assert crew.next_told(incident_id) == "王五、值班员、负责人"
    crew.forward(TAKE_S)
    crew.forward(REPEAT_S - 1)
    crew.forward(1)
    assert crew.told(incident_id) == [
        ("order", 0, ("li",)),
        ("order", 1, ("li",)),
        ("order", 0, ("wang",)),
        ("order", 1, ("wang",)),
        ("order", 2, ("wang",)),
        ("untaken", 1, ("boss",)),
        ("order", 3, ("wang",)),
        ("untaken", 2, ("boss",)),
    ]
    assert crew.timeline(incident_id) == [
        "派 李四 前往（当班网格员，手上没有别的事）：带钥匙",
        "李四 3 分钟没有接单，已再次通知",
        "李四 6 分钟没有接单，改派 王五 前往（当班网格员，手上没有别的事）：带钥匙",
        "王五 3 分钟没有接单，已再次通知",
        "王五 6 分钟没有接单，当班没有别人可派，已提醒：值班员、负责人（当班：周主任）",
        "王五 21 分钟没有接单，当班没有别人可派，已提醒：值班员、负责人（当班：周主任）",
    ]


def test_who_comes_on_duty_later_is_sent_when_nobody_else_was_there(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    for _ in range(4):
        crew.forward(TAKE_S)
    crew.hire("zhao", "赵六", Role.FIELD, on_duty=True)
    crew.forward(REPEAT_S)
    assert crew.orders(incident_id)[-1].username == "zhao"
    crew.forward(TAKE_S)
    assert crew.told(incident_id)[-1] == ("order", 1, ("zhao",)), "the first time counts from their own order"


def test_handing_on_keeps_the_incident_where_it_is_and_says_who_is_sent_now(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(TAKE_S)
    crew.forward(TAKE_S)
    incident = crew.clockwork.run(lambda w: incidents.get(w.tx, incident_id)).incident
    assert (incident.state, incident.assignee, incident.owner) == (IncidentState.DISPATCHED, "wang", "op")
    assert crew.orders(incident_id)[-1].by == "op", "the order is still of who gave it"


@pytest.mark.parametrize("how", ["take", "arrive"])
def test_taking_or_arriving_stops_it(crew: Pressed, how: str) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    if how == "take":
        crew.take(incident_id, "li")
    else:
        crew.decide(incident_id, Arrive(by="li"))
    before = crew.told(incident_id)
    crew.forward(90_000)
    assert crew.told(incident_id) == before
    assert crew.orders(incident_id)[0].next_at is None
    assert crew.next_told(incident_id) is None


@pytest.mark.parametrize(
    "command",
    [Close(by="op", note="好了"), MarkFalseAlarm(by="op", note="没有"), Reopen(by="op")],
    ids=lambda c: type(c).__name__,
)
def test_an_order_that_is_called_off_is_said_to_nobody_any_more(crew: Pressed, command: IncidentCommand) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    if isinstance(command, Reopen):
        crew.decide(incident_id, Close(by="op", note="好了"))
    crew.decide(incident_id, command)
    before = crew.told(incident_id)
    crew.forward(90_000)
    assert crew.told(incident_id) == before


def test_who_is_sent_instead_has_the_whole_time_and_the_other_hears_nothing_more(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(TAKE_S - 10)
    crew.send(incident_id, "wang")
    crew.forward(TAKE_S - 1)
    assert [people for *_, people in crew.told(incident_id)] == [("li",), ("wang",)]
    crew.forward(1)
    assert crew.told(incident_id)[-1] == ("order", 1, ("wang",))


def test_those_above_hear_that_somebody_goes_after_all(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    for _ in range(4):
        crew.forward(TAKE_S)
    assert crew.newest(incident_id).action is NoticeAction.UNTAKEN, "the newest word is what leaves the house"
    crew.take(incident_id, "wang")
    assert crew.newest(incident_id).action is NoticeAction.ACKNOWLEDGE


def test_who_did_not_answer_hears_that_another_was_sent(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(TAKE_S)
    crew.forward(TAKE_S)
    log = crew.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
    told = [(n.action, n.people) for n in log]
    assert told[-2:] == [(NoticeAction.HANDED_ON, ("li",)), (NoticeAction.ORDER, ("wang",))]


def test_a_late_yes_beats_nobody(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(TAKE_S)
    crew.forward(TAKE_S)
    crew.take(incident_id, "li")
    incident = crew.clockwork.run(lambda w: incidents.get(w.tx, incident_id)).incident
    assert (incident.state, incident.assignee) == (IncidentState.DISPATCHED, "li")
    assert [(o.username, o.outcome, o.taken_at is not None) for o in crew.orders(incident_id)] == [
        ("li", Outcome.NOT_TAKEN, False),
        ("wang", Outcome.REPLACED, False),
        ("li", Outcome.RUNNING, True),
    ]
    assert (crew.newest(incident_id).action, crew.newest(incident_id).people) == (NoticeAction.HANDED_ON, ("wang",))
    before = crew.told(incident_id)
    crew.forward(90_000)
    assert crew.told(incident_id) == before, "it is taken: nobody is pressed any more"


def test_a_yes_that_comes_after_anothers_is_told_who_goes(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(TAKE_S)
    crew.forward(TAKE_S)
    crew.take(incident_id, "wang")
    with pytest.raises(Conflict) as on_the_way:
        crew.take(incident_id, "li")
    assert str(on_the_way.value) == "the order is with 王五 now, who is on the way"
    crew.decide(incident_id, Arrive(by="wang"))
    with pytest.raises(Conflict) as there:
        crew.take(incident_id, "li")
    assert there.value.zh == "这个单子现在归 王五（已到场）"


def test_those_above_hear_that_who_was_asked_first_goes_after_all(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    for _ in range(4):
        crew.forward(TAKE_S)
    crew.take(incident_id, "li")
    assert crew.newest(incident_id).action is NoticeAction.ACKNOWLEDGE


def test_a_center_that_was_away_says_it_once_and_gives_the_whole_time_from_then(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    crew.forward(7 * TAKE_S, look=False)
    crew.clockwork.restart()
    crew.forward(0)
    assert crew.told(incident_id) == [("order", 0, ("li",)), ("order", 1, ("li",))]
    crew.forward(TAKE_S - 1)
    assert len(crew.told(incident_id)) == 2
    crew.forward(1)
    assert crew.orders(incident_id)[-1].username == "wang"


def test_a_change_of_policy_moves_no_promise_that_was_made(crew: Pressed, monkeypatch: pytest.MonkeyPatch) -> None:
    incident_id = crew.alarm()
    crew.send(incident_id, "li")
    monkeypatch.setitem(TAKING, Priority.HIGH, TakePolicy(take_s=1, repeat_s=1))  # type: ignore[misc]
    crew.forward(TAKE_S - 1)
    assert len(crew.told(incident_id)) == 1
    crew.forward(1)
    crew.forward(TAKE_S - 1)
    assert crew.orders(incident_id)[-1].username == "li"
    crew.forward(1)
    crew.forward(1)
    assert crew.told(incident_id)[-1] == ("order", 0, ("wang",)), "handed on with the policy of the first order"


def test_somebody_who_went_unasked_is_pressed_by_nobody(crew: Pressed) -> None:
    incident_id = crew.alarm()
    crew.decide(incident_id, Acknowledge(by="op"))
    crew.decide(incident_id, Arrive(by="li"))
    crew.forward(90_000)
    assert crew.told(incident_id) == []


def test_a_grave_order_must_be_taken_sooner() -> None:
    assert [TAKING[p].take_s for p in Priority] == [60, 180, 900, 14_400]


def test_the_next_step_by_how_often_they_were_told_and_whether_there_is_somebody_else() -> None:
    first = order_clock.started(Priority.LIFE, AT)
    second = order_clock.again(first, AT)
    steps = {(c.told, others): order_clock.step(c, others=others) for c in (first, second) for others in (True, False)}
    assert steps == {(1, True): Step.AGAIN, (1, False): Step.AGAIN, (2, True): Step.ON, (2, False): Step.UP}
    assert order_clock.up(second, AT).next_at - AT == timedelta(seconds=180)


def test_a_policy_without_time_is_refused() -> None:
    with pytest.raises(InvalidInput, match="expected lengths above 0 s; came take_s 0"):
        TakePolicy(take_s=0, repeat_s=1)
