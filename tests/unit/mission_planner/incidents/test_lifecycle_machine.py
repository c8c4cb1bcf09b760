"""Whatever people and sensors do in whatever order: no state that is none, nothing closed without proof, no circle."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mission_planner.incidents import lifecycle
from mission_planner.incidents.lifecycle import DecideIncident, SendPerson
from mission_planner.people import accounts
from mission_planner.people.roles import Role
from mission_planner.store import assignments, clocks, incidents, queue
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.queue import QueueRow
from patrol_core.errors import Conflict, IllegalTransition, InvalidInput
from patrol_core.finding import Phase
from patrol_core.incident import (
    TRANSITIONS,
    Acknowledge,
    Arrive,
    Close,
    Dispatch,
    IncidentCommand,
    IncidentState,
    MarkFalseAlarm,
    Merge,
    Reopen,
    Resolve,
    Verify,
)
from patrol_core.kind import IncidentKind
from tests.unit.mission_planner.incidents.machine import WALKS, ClockworkMachine
from tests.unit.mission_planner.world import AT, DIGEST

S = IncidentState
PLAIN: tuple[type[IncidentCommand], ...] = (Acknowledge, Verify, Arrive, Resolve, Close, MarkFalseAlarm, Reopen)
SOURCES = {"s-0": IncidentKind.SMOKE, "s-1": IncidentKind.SMOKE, "s-2": IncidentKind.SOS, "s-3": IncidentKind.ELEVATOR}


@dataclass
class Expected:
    """What a person with paper and pencil notes of one incident."""

    state: IncidentState
    sources: set[str]  # its own
    into: UUID | None = None
    picture: bool = False
    words: bool = False  # of who resolved it
    sent: str | None = None  # whose order runs
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """What the store holds."""

    rows: dict[UUID, IncidentRow]
    queue: tuple[QueueRow, ...]
    running: set[UUID]  # clocks
    sent: dict[UUID, str]


class LifecycleMachine(ClockworkMachine):
    """Commands and alarms on the real store, beside a model of a few lines."""

    @initialize()
    def start(self) -> None:
        self.known: dict[UUID, Expected] = {}
        self._read: tuple[int, Seen] | None = None
        self.clockwork.run(lambda w: _hire(w.tx))

    @rule(source=st.sampled_from(sorted(SOURCES)))
    def alarm(self, source: str) -> None:
        able = {self._whole(i) for i, e in self.known.items() if source in e.sources}
        able = {i for i in able if not self.known[i].state.ended}
        before = {i: self._row(i).incident for i in able}
        self.clockwork.passed_s += 1
        incident_id = self.clockwork.says(source, SOURCES[source])
        assert incident_id is not None
        if not able:
            assert incident_id not in self.known, "a new event is a new incident"
            self.known[incident_id] = Expected(state=S.OPEN, sources={source})
            return
        assert incident_id in able, "what was merged is joined where it is now"
        was = before[incident_id]
        if was.state is S.RESOLVED and was.source_cleared_at is not None:
            self._reopened(incident_id)

    @rule(source=st.sampled_from(sorted(SOURCES)))
    def normal_again(self, source: str) -> None:
        self.clockwork.passed_s += 1
        self.clockwork.says(source, SOURCES[source], Phase.CLEARED)

    @rule(minutes=st.sampled_from([1, 11, 60]))
    def time_passes(self, minutes: int) -> None:
        self.clockwork.passed_s += 60 * minutes

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0))
    def a_picture_comes(self, pick: int) -> None:
        incident_id = self._pick(pick)
        row = self._row(incident_id)
        seen = replace(row, incident=replace(row.incident, evidence=(DIGEST,)))
        self.clockwork.run(lambda w: incidents.put(w.tx, seen))
        self.known[incident_id].picture = True

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0), command=st.sampled_from(PLAIN), note=st.sampled_from(["", " ", "看过了"]))
    def somebody_decides(self, pick: int, command: type[IncidentCommand], note: str) -> None:
        incident_id = self._pick(pick)
        expected = self.known[incident_id]
        refused = self._refusal(incident_id, command, note)
        decided = DecideIncident(incident_id=incident_id, command=command(by="li", note=note))
        if refused is not None:
            self._refused(incident_id, refused, lambda w: lifecycle.decide_incident(w, decided))
            return
        self.clockwork.run(lambda w: lifecycle.decide_incident(w, decided))
        if command is Reopen:
            self._reopened(incident_id)
            return
        expected.state = TRANSITIONS[expected.state, command]
        if command is Arrive:
            expected.sent = expected.sent or "li"
        if command in (Resolve, Close, MarkFalseAlarm):
            expected.sent = None
        if command is Resolve:
            expected.words = bool(note.strip())

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0), to=st.sampled_from(["li", "wang"]))
    def somebody_is_sent(self, pick: int, to: str) -> None:
        incident_id = self._pick(pick)
        expected = self.known[incident_id]
        command = SendPerson(incident_id=incident_id, by="li", to=to)
        if (expected.state, Dispatch) not in TRANSITIONS:
            self._refused(incident_id, IllegalTransition, lambda w: lifecycle.send_person(w, command))
            return
        self.clockwork.run(lambda w: lifecycle.send_person(w, command))
        expected.state, expected.sent = S.DISPATCHED, to

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0), other=st.integers(0))
    def somebody_merges(self, pick: int, other: int) -> None:
        incident_id, into = self._pick(pick), self._pick(other)
        expected, target = self.known[incident_id], self.known[into]
        command = DecideIncident(incident_id=incident_id, command=Merge(by="li", into=into))
        refused: type[Exception] | None = None
        if (expected.state, Merge) not in TRANSITIONS:
            refused = IllegalTransition
        elif into == incident_id:
            refused = InvalidInput
        elif target.state.ended:
            refused = Conflict
        if refused is not None:
            self._refused(incident_id, refused, lambda w: lifecycle.decide_incident(w, command))
            return
        self.clockwork.run(lambda w: lifecycle.decide_incident(w, command))
        if expected.sent is not None and target.sent is None and (target.state, Dispatch) in TRANSITIONS:
            target.state = S.ON_SCENE if expected.state is S.ON_SCENE else S.DISPATCHED
            target.sent = expected.sent
        expected.state, expected.into, expected.sent = S.MERGED, into, None

    @invariant()
    def every_incident_is_where_the_table_leads(self) -> None:
        for incident_id, expected in self.known.items():
            incident = self._seen.rows[incident_id].incident
            assert (incident.state, incident.merged_into) == (expected.state, expected.into)
            assert (incident.closed_at is not None) == incident.state.ended

    @invariant()
    def an_incident_has_its_own_sources_and_those_of_its_parts(self) -> None:
        for incident_id in self.known:
            named = {o.source.source_id for o in self._seen.rows[incident_id].incident.loci}
            assert named == self._all_sources(incident_id)

    @invariant()
    def the_clock_runs_while_nobody_has_it_and_only_then(self) -> None:
        running = {incident_id for incident_id, e in self.known.items() if e.state is S.OPEN}
        assert self._seen.running == running

    @invariant()
    def the_queue_is_what_has_not_ended_the_gravest_and_soonest_first(self) -> None:
        keys = [(row.priority, row.due_at, row.incident_id) for row in self._seen.queue]
        assert keys == sorted(keys)
        assert {row.incident_id for row in self._seen.queue} == {i for i, e in self.known.items() if not e.state.ended}

    @invariant()
    def an_order_runs_for_the_one_who_was_sent_last_and_for_nobody_else(self) -> None:
        assert self._seen.sent == {i: e.sent for i, e in self.known.items() if e.sent is not None}

    @property
    def _seen(self) -> Seen:
        """All of it, read once after each step."""
        if self._read is None or self._read[0] != self.clockwork.transactions:
            seen = self.clockwork.run(lambda w: _see(w.tx, list(self.known)))
            self._read = (self.clockwork.transactions, seen)
        return self._read[1]

    def _refusal(self, incident_id: UUID, command: type[IncidentCommand], note: str) -> type[Exception] | None:
        expected, incident = self.known[incident_id], self._row(incident_id).incident
        if (expected.state, command) not in TRANSITIONS:
            return IllegalTransition
        said = bool(note.strip())
        if command is MarkFalseAlarm and not said:
            return InvalidInput
        clear_at, now = incident.source_cleared_at, self.clockwork.moment.calendar
        kind_recovers = incident.kind in (IncidentKind.SMOKE, IncidentKind.ELEVATOR)
        recovered = kind_recovers and clear_at is not None and (now - clear_at).total_seconds() >= 600
        proof = said or expected.words or self._pictured(incident_id) or recovered
        return InvalidInput if command is Close and not proof else None

    def _refused(self, incident_id: UUID, error: type[Exception], handle: object) -> None:
        before = self._row(incident_id)
        with pytest.raises(error):
            self.clockwork.run(handle)  # type: ignore[arg-type]
        assert self._row(incident_id) == before

    def _reopened(self, incident_id: UUID) -> None:
        expected = self.known[incident_id]
        expected.state, expected.into, expected.words, expected.sent = S.OPEN, None, False, None

    def _whole(self, incident_id: UUID) -> UUID:
        """What it is part of in the end; fails on a circle."""
        seen = [incident_id]
        while (into := self.known[seen[-1]].into) is not None:
            assert into not in seen
            seen.append(into)
        return seen[-1]

    def _all_sources(self, incident_id: UUID) -> set[str]:
        parts = [self._all_sources(i) for i, e in self.known.items() if e.into == incident_id]
        return self.known[incident_id].sources.union(*parts)

    def _pictured(self, incident_id: UUID) -> bool:
        parts = [i for i, e in self.known.items() if e.into == incident_id]
        return self.known[incident_id].picture or any(self._pictured(i) for i in parts)

    def _pick(self, pick: int) -> UUID:
        return list(self.known)[pick % len(self.known)]

    def _row(self, incident_id: UUID) -> IncidentRow:
        return self.clockwork.run(lambda w: incidents.get(w.tx, incident_id))


def _see(tx: Tx, incident_ids: list[UUID]) -> Seen:
    orders = {i: assignments.running(tx, i) for i in incident_ids}
    return Seen(
        rows={i: incidents.get(tx, i) for i in incident_ids},
        queue=queue.page(tx, limit=200, after=None).items,
        running={incident_id for incident_id, _ in clocks.running(tx)},
        sent={i: order.username for i, order in orders.items() if order is not None},
    )


def _hire(tx: Tx) -> None:
    for username in ("li", "wang"):
        accounts.create(tx, username=username, display_name=username, password_hash="x", roles=[Role.OPERATOR], now=AT)


TestLifecycle = LifecycleMachine.TestCase
TestLifecycle.settings = settings(WALKS, max_examples=30)
