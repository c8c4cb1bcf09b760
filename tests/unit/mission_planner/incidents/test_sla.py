"""The clocks of incidents: who is told when nobody has it, whatever time does to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mission_planner.incidents import sla
from mission_planner.incidents.calendar_jump import Anchor
from mission_planner.incidents.sla import LADDERS, Ladder, Rung, SlaClock, Telling
from mission_planner.people.roles import Role
from patrol_core.codec import from_json, to_json
from patrol_core.errors import InvalidInput
from patrol_core.kind import Priority

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_a_life_alarm_calls_more_people_at_15_60_and_180_seconds_and_then_for_ever() -> None:
    clock, told = sla.due(sla.started(Priority.LIFE, AT), after(179))
    assert [(t.number, t.tell) for t in told] == [(1, (Role.OPERATOR,)), (2, (Role.OPERATOR, Role.FIELD))]
    for number in range(3, 40):
        clock, told = sla.due(clock, after(180 * (number - 2)))
        assert [(t.number, t.tell) for t in told] == [(number, (Role.OPERATOR, Role.FIELD, Role.ADMIN))]


def test_nobody_is_told_before_their_time() -> None:
    clock = sla.started(Priority.LIFE, AT)
    assert sla.due(clock, after(14.999)) == (clock, ())


def test_repeats_that_were_missed_are_told_as_one_that_says_so() -> None:
    clock, told = sla.due(sla.started(Priority.LIFE, AT), after(180 + 10 * 180 + 5))
    assert [t.number for t in told] == [1, 2, 3, 13]
    assert told[-1].missed == 9
    assert clock.next_at == after(180 + 11 * 180)


def test_nobody_is_called_once_somebody_has_it() -> None:
    clock = sla.stopped(sla.started(Priority.LIFE, AT), after(5))
    assert clock.next_at is None
    assert sla.due(clock, after(10**6))[1] == ()
    assert sla.stopped(clock, after(50)) == clock


def test_a_changed_policy_does_not_move_a_clock_that_runs() -> None:
    strict = Ladder(rungs=(Rung(after_s=7, tell=(Role.ADMIN,)),), repeat_s=7, resolve_s=60)
    kept = from_json(SlaClock, to_json(SlaClock(ladder=strict, origin_at=AT)))
    assert kept.next_at == after(7)
    assert kept.ladder.rung(1).tell == (Role.ADMIN,)


@pytest.mark.parametrize("priority", Priority)
def test_every_priority_has_a_ladder_that_ends_with_those_who_answer_for_the_site(priority: Priority) -> None:
    assert Role.ADMIN in LADDERS[priority].rungs[-1].tell


@pytest.mark.parametrize(
    ("rungs", "repeat_s"),
    [
        ((), 10),
        ((Rung(after_s=0, tell=(Role.ADMIN,)),), 10),
        ((Rung(after_s=5, tell=()),), 10),
        ((Rung(after_s=5, tell=(Role.ADMIN,)), Rung(after_s=5, tell=(Role.ADMIN,))), 10),
        ((Rung(after_s=5, tell=(Role.ADMIN,)),), 0),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused(rungs: tuple[Rung, ...], repeat_s: float) -> None:
    with pytest.raises(InvalidInput, match="expected"):
        Ladder(rungs=rungs, repeat_s=repeat_s, resolve_s=60)


@given(st.lists(st.floats(0, 4000), max_size=30), st.sampled_from(Priority))
@settings(deadline=None)
def test_looking_often_or_seldom_tells_the_same_rungs(moments: list[float], priority: Priority) -> None:
    """However the looks fall, each rung is told once, in order, never early."""
    clock, told = sla.started(priority, AT), []
    for moment in sorted(moments):
        clock, more = sla.due(clock, after(moment))
        assert all(t.due_at <= after(moment) for t in more)
        told += more
    once, at_once = sla.due(sla.started(priority, AT), after(max(moments, default=0)))
    rungs = len(clock.ladder.rungs)
    assert [t.number for t in told if t.number <= rungs] == [t.number for t in at_once if t.number <= rungs]
    assert clock.told == once.told


@pytest.mark.parametrize("days", [-30, 30])
def test_a_clock_started_after_the_calendar_was_set_does_not_move_with_those_before(days: int) -> None:
    before = Anchor(boot_id="b1", boottime_s=100.0, calendar=AT)
    by = timedelta(days=days)
    now = Anchor(boot_id="b1", boottime_s=101.0, calendar=after(1) + by)
    on_the_old = Anchor(boot_id="b1", boottime_s=100.3, calendar=after(0.3))
    on_the_new = Anchor(boot_id="b1", boottime_s=100.6, calendar=after(0.6) + by)
    old = sla.started(Priority.LIFE, on_the_old.calendar, on_the_old)
    new = sla.started(Priority.LIFE, on_the_new.calendar, on_the_new)
    assert sla.moved(old, by, before, now).next_at == after(15.3) + by
    assert sla.moved(new, by, before, now) == new


class Escalation(RuleBasedStateMachine):
    """Time passes, the center sleeps, the calendar is set, somebody takes it: nobody is called early or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.lived_s = 0.0  # true time since the opening
        self.calendar = AT
        self.clock = sla.started(Priority.LIFE, AT)
        self.told: list[tuple[float, Telling]] = []
        self.taken = False

    @rule(length_s=st.floats(0.1, 400))
    def time_passes_and_the_center_looks(self, length_s: float) -> None:
        self._pass(length_s)
        self.clock, more = sla.due(self.clock, self.calendar)
        self.told += [(self.lived_s, telling) for telling in more]

    @rule(length_s=st.floats(1, 5000))
    def time_passes_while_the_center_is_away(self, length_s: float) -> None:
        self._pass(length_s)

    @rule(days=st.floats(-30, 30))
    def the_calendar_is_set(self, days: float) -> None:
        by = timedelta(seconds=round(days * 86_400, 3))
        self.calendar += by
        before = Anchor(boot_id="b1", boottime_s=self.lived_s, calendar=self.calendar - by)
        self.clock = sla.moved(self.clock, by, before, replace(before, calendar=self.calendar))

    @rule()
    def the_center_starts_again(self) -> None:
        self.clock = from_json(SlaClock, to_json(self.clock))

    @precondition(lambda self: not self.taken)
    @rule()
    def somebody_takes_it(self) -> None:
        self.clock, self.taken = sla.stopped(self.clock, self.calendar), True

    @invariant()
    def nobody_is_called_early(self) -> None:
        for lived_s, telling in self.told:
            assert self.clock.ladder.rung(telling.number).after_s <= lived_s + 0.01

    @invariant()
    def nothing_is_skipped(self) -> None:
        numbers = [telling.number for _, telling in self.told]
        assert sum(1 + telling.missed for _, telling in self.told) == (numbers[-1] if numbers else 0)
        assert numbers == sorted(set(numbers))

    @invariant()
    def it_never_rests_until_somebody_has_it(self) -> None:
        assert (self.clock.next_at is None) is self.taken

    def _pass(self, length_s: float) -> None:
        self.lived_s += length_s
        self.calendar += timedelta(seconds=length_s)


TestEscalation = Escalation.TestCase
TestEscalation.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
