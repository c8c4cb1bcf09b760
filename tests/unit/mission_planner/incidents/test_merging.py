"""Two incidents become one: whoever was sent, the sooner clock, devices and the robot that waits go along, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.incidents import escalation, lifecycle, sending
from mission_planner.incidents.escalation import Escalate
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.incidents.sending import TakeOrder
from mission_planner.people.roles import Role
from mission_planner.store import clocks, incidents, notices
from mission_planner.store.assignments import Outcome
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from patrol_core.incident import Acknowledge, Arrive, IncidentState, Merge, Reopen, Resolve
from patrol_core.kind import IncidentKind, Priority
from tests.unit.mission_planner.incidents.clockwork import Clockwork
from tests.unit.mission_planner.incidents.test_pressing import Pressed

TAKE_S = 60  # of smoke


class Two(Pressed):
    """Incidents of several kinds, and what the store holds of each."""

    def smoke(self) -> UUID:
        return self._says(IncidentKind.SMOKE)

    def elevator(self) -> UUID:
        return self._says(IncidentKind.ELEVATOR)

    def merge(self, incident_id: UUID, into: UUID) -> None:
        self.decide(incident_id, Merge(by="op", into=into))

    def row(self, incident_id: UUID) -> IncidentRow:
        return self.clockwork.run(lambda w: incidents.get(w.tx, incident_id))

    def state(self, incident_id: UUID) -> IncidentState:
        return self.row(incident_id).incident.state

    def triggers(self, incident_id: UUID) -> list[int]:
        log = self.clockwork.run(lambda w: notices.of_incident(w.tx, incident_id))
        return [n.number for n in log if n.action is NoticeAction.TRIGGER]

    def escalate(self, seconds: float) -> None:
        self.clockwork.passed_s += seconds
        self.clockwork.run(lambda w: escalation.escalate(w, Escalate()))

    def lines(self, incident_id: UUID) -> list[str]:
        return [line.text.en for line in self.clockwork.run(lambda w: incidents.entries(w.tx, incident_id))]

    def _says(self, kind: IncidentKind) -> UUID:
        self.alarms += 1
        incident_id = self.clockwork.says(f"m-{self.alarms}", kind)
        assert incident_id is not None
        return incident_id


@pytest.fixture
def two() -> Iterator[Two]:
    clockwork = Clockwork()
    two = Two(clockwork)
    two.hire("op", "值班", Role.OPERATOR, on_duty=False)
    two.hire("li", "Li", Role.FIELD, on_duty=True)
    two.hire("wang", "Wang", Role.FIELD, on_duty=True)
    yield two
    clockwork.close()


def test_who_was_sent_goes_to_the_incident_it_became_part_of(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.merge(part, whole)
    incident = two.row(whole).incident
    assert (incident.state, incident.assignee, incident.owner) == (IncidentState.DISPATCHED, "li", "op")
    (before,), (order,) = two.orders(part), two.orders(whole)
    assert (before.outcome, before.ended_at is not None) == (Outcome.REPLACED, True)
    assert (order.username, order.by, order.note, order.outcome) == ("li", "op", "带钥匙", Outcome.RUNNING)
    assert order.ordered_at == before.ordered_at
    assert "Li is sent here now: the order came with what was merged" in two.lines(whole)
    assert two.told(whole) == [("order", 0, ("li",))], "they hear where their order stands now"


def test_an_order_nobody_took_goes_on_with_its_own_time(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.forward(TAKE_S - 10)
    two.merge(part, whole)
    two.forward(9)
    assert len(two.told(whole)) == 1
    two.forward(1)
    assert two.told(whole)[1:] == [("order", 1, ("li",))]
    assert len(two.told(part)) == 1, "nobody is told of the part any more"


def test_who_is_on_the_way_or_there_stays_so(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.take(part, "li")
    two.merge(part, whole)
    assert two.orders(whole)[0].taken_at is not None
    last = two.smoke()
    two.decide(whole, Arrive(by="li"))
    two.merge(whole, last)
    incident = two.row(last).incident
    assert (incident.state, incident.assignee) == (IncidentState.ON_SCENE, "li")
    assert incident.arrived_at is not None
    assert two.orders(last)[0].arrived_at == incident.arrived_at


def test_where_somebody_was_sent_already_the_other_is_called_off(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.send(whole, "wang")
    two.merge(part, whole)
    assert two.orders(part)[0].outcome is Outcome.CALLED_OFF
    assert [o.username for o in two.orders(whole)] == ["wang"]
    assert two.row(whole).incident.assignee == "wang"


def test_nobody_is_sent_to_what_is_resolved(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.decide(whole, Acknowledge(by="op"))
    two.decide(whole, Resolve(by="op", note="好了"))
    two.merge(part, whole)
    assert two.state(whole) is IncidentState.RESOLVED
    assert two.orders(part)[0].outcome is Outcome.CALLED_OFF
    assert two.orders(whole) == ()


def test_with_somebody_on_the_way_nobody_else_is_called(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.merge(part, whole)
    two.escalate(3600)
    assert two.triggers(whole) == [0]


def test_the_graver_ones_clock_runs_on_for_both(two: Two) -> None:
    grave, mild = two.smoke(), two.elevator()
    two.escalate(20)
    assert (two.triggers(grave), two.triggers(mild)) == ([0, 1], [0])
    two.merge(grave, mild)
    assert two.row(mild).incident.priority is Priority.LIFE
    two.escalate(40)
    assert two.triggers(mild) == [0, 2], "at 60 s, as the grave one promised; its first rung is not told twice"
    clock = two.clockwork.run(lambda w: clocks.find(w.tx, mild))
    assert clock is not None
    assert two.row(mild).due_at == clock.due_at
    two.escalate(7200)
    assert two.triggers(grave) == [0, 1], "what is part of another tells nobody"


def test_a_mild_part_slows_nothing_down(two: Two) -> None:
    mild = two.elevator()
    two.escalate(59)  # the mild one is told in a second, the grave one in 15 s
    grave = two.smoke()
    two.merge(mild, grave)
    two.escalate(15)
    assert two.triggers(grave) == [0, 1]
    two.escalate(45)
    assert two.triggers(grave) == [0, 1, 2]


def test_of_two_alike_the_sooner_promise_is_kept(two: Two) -> None:
    older = two.smoke()
    two.escalate(10)
    newer = two.smoke()
    two.merge(older, newer)
    two.escalate(5)
    assert two.triggers(newer) == [0, 1]


def test_who_has_the_whole_is_not_called_for_its_new_part(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.decide(whole, Acknowledge(by="op"))
    two.merge(part, whole)
    two.escalate(3600)
    assert (two.state(whole), two.triggers(whole), two.triggers(part)) == (IncidentState.ACKNOWLEDGED, [0], [0])


def test_reopened_the_part_stands_for_itself_and_who_was_sent_stays_with_the_whole(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.merge(part, whole)
    two.decide(part, Reopen(by="op"))
    incident = two.row(part).incident
    assert (incident.state, incident.assignee) == (IncidentState.OPEN, None)
    assert two.row(whole).incident.assignee == "li"
    two.escalate(15)
    assert two.triggers(part) == [0, 0, 1], "nobody has it: from the foot of its ladder"


def waiting(two: Two, incident_id: UUID, robot_id: str | None) -> None:
    row = two.row(incident_id)
    there = replace(row, incident=replace(row.incident, waiting_robot_id=robot_id))
    two.clockwork.run(lambda w: incidents.put(w.tx, there))


def test_the_robot_that_waits_with_its_lights_on_waits_at_the_whole(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    waiting(two, part, "r1")
    two.merge(part, whole)
    robots = {i: two.row(i).incident.waiting_robot_id for i in (part, whole)}
    assert robots == {part: None, whole: "r1"}


def test_of_two_robots_that_wait_the_parts_is_let_go(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    waiting(two, part, "r1")
    waiting(two, whole, "r2")
    decided = DecideIncident(incident_id=part, command=Merge(by="op", into=whole))

    def merge(w: Work) -> list[str]:
        lifecycle.decide_incident(w, decided)
        return [order.robot_id for order in w.orders]

    assert two.clockwork.run(merge) == ["r1"]
    assert two.row(whole).incident.waiting_robot_id == "r2"


def test_the_order_that_came_along_can_be_taken_there_and_nowhere_else(two: Two) -> None:
    part, whole = two.smoke(), two.smoke()
    two.send(part, "li")
    two.merge(part, whole)
    two.clockwork.run(lambda w: sending.take_order(w, TakeOrder(incident_id=whole, by="li")))
    assert two.orders(whole)[0].taken_at is not None
    two.forward(3600)
    assert len(two.told(whole)) == 1
