"""Whatever happens in whatever order, people are told exactly when it is due: no rung early, none skipped, for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mission_planner.incidents import escalation
from mission_planner.incidents.escalation import BATCH, Escalate
from mission_planner.store.notices import NoticeAction
from patrol_core.incident import Acknowledge, Close, Reopen
from patrol_core.kind import KINDS, IncidentKind, Priority
from tests.unit.mission_planner.incidents.machine import WALKS, ClockworkMachine

# written out once more, so that a wrong ladder is not compared with itself
LADDERS_S = {
    Priority.LIFE: ((15, 60, 180), 180),
    Priority.HIGH: ((60, 300, 900), 900),
    Priority.MEDIUM: ((900, 3600, 14400), 14400),
}
ALARMS = (IncidentKind.SMOKE, IncidentKind.ELEVATOR, IncidentKind.WATER_NO_USE)  # open at once
FLOOD = 9  # with more in ten minutes people are told of what is not about life in bundles


@dataclass
class Expected:
    """What a person with a stopwatch expects of one incident."""

    kind: IncidentKind
    since_s: float
    running: bool = True
    ended: bool = False
    told: list[int] = field(default_factory=list)  # since the opening; a new 0 for each time it is opened

    def due(self, now_s: float) -> list[int]:
        """Rungs to be told now: each of the first three, and the newest of the repeats."""
        rungs_s, repeat_s = LADDERS_S[KINDS[self.kind].priority]
        waited_s = now_s - self.since_s
        last = self.told[-1]
        first = [n for n, at_s in enumerate(rungs_s, start=1) if n > last and at_s <= waited_s]
        repeats = int((waited_s - rungs_s[-1]) // repeat_s)
        newest = len(rungs_s) + repeats
        return [*first, *([newest] if repeats > 0 and newest > last else [])]


class EscalationMachine(ClockworkMachine):
    """The ticker's look is a rule like any other: it may come late, but never in vain."""

    @initialize()
    def start(self) -> None:
        self.expected: dict[UUID, Expected] = {}
        self.source = 0
        self.look()

    @precondition(lambda self: len(self.expected) < FLOOD)
    @rule(kind=st.sampled_from(ALARMS))
    def alarm(self, kind: IncidentKind) -> None:
        self.source += 1
        incident_id = self.clockwork.says(f"s-{self.source}", kind)
        assert incident_id is not None
        self.expected[incident_id] = Expected(kind=kind, since_s=self.clockwork.passed_s, told=[0])

    @rule(seconds=st.sampled_from([1, 14, 15, 44, 60, 120, 181, 900, 4000, 15_000]))
    def time_passes(self, seconds: int) -> None:
        self.clockwork.passed_s += seconds

    @rule(days=st.integers(-30, 30), seconds=st.integers(-3600, 3600))
    def somebody_sets_the_calendar(self, days: int, seconds: int) -> None:
        by = timedelta(days=days, seconds=seconds)
        if abs(by) > timedelta(seconds=5):
            self.clockwork.set_by += by

    @rule()
    def look(self) -> None:
        self.mind_calendar()
        while self.clockwork.run(lambda w: escalation.escalate(w, Escalate())) == BATCH:
            pass
        for expected in self.expected.values():
            if expected.running:
                expected.told += expected.due(self.clockwork.passed_s)

    @precondition(lambda self: self._having(running=True))
    @rule(pick=st.integers(0))
    def somebody_takes_it(self, pick: int) -> None:
        incident_id = self._pick(pick, running=True)
        self.decide(incident_id, Acknowledge(by="li"))
        self.expected[incident_id].running = False

    @precondition(lambda self: self._having(ended=False))
    @rule(pick=st.integers(0))
    def somebody_closes_it(self, pick: int) -> None:
        incident_id = self._pick(pick, ended=False)
        self.decide(incident_id, Close(by="li", note="好了"))
        self.expected[incident_id].running, self.expected[incident_id].ended = False, True

    @precondition(lambda self: self._having(ended=True))
    @rule(pick=st.integers(0))
    def somebody_opens_it_again(self, pick: int) -> None:
        incident_id = self._pick(pick, ended=True)
        self.decide(incident_id, Reopen(by="li"))
        expected = self.expected[incident_id]
        expected.running, expected.ended, expected.since_s = True, False, self.clockwork.passed_s
        expected.told.append(0)

    @invariant()
    def everybody_was_told_what_was_due_and_nothing_else(self) -> None:
        log = self.clockwork.told
        for incident_id, expected in self.expected.items():
            mine = [n for n in log if n.incident_id == incident_id]
            assert [n.number for n in mine if n.action is NoticeAction.TRIGGER] == expected.told

    def _having(self, **wanted: bool) -> list[UUID]:
        return [i for i, e in self.expected.items() if all(getattr(e, k) is v for k, v in wanted.items())]

    def _pick(self, pick: int, **wanted: bool) -> UUID:
        able = self._having(**wanted)
        return able[pick % len(able)]


TestEscalation = EscalationMachine.TestCase
TestEscalation.settings = WALKS
