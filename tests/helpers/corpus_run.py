"""A corpus of alarms through the real way: inbox, cursor, gate, grouping, fusion, escalation, with a store on disk.

An operator is simulated, since incidents that nobody ever ends would swallow next week's alarms: everything is taken
after half a minute, and ended when it has been quiet for half an hour.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select

from mission_planner.bus import Work
from mission_planner.fleet.standing import Standing
from mission_planner.incidents import escalation, lifecycle, reception
from mission_planner.incidents.cursor import TakeReports, encode_payload, take_reports
from mission_planner.incidents.escalation import Escalate, escalate
from mission_planner.incidents.ingest.adapter import RAISES, Understood, message_id, understand
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.incidents.reception import OpenRipe, open_ripe
from mission_planner.planning.distances import Distances
from mission_planner.store import findings, inbox, incidents, schema
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, IncidentState, MarkFalseAlarm
from patrol_core.kind import KINDS
from patrol_core.site import Site
from patrol_core.source import Source, SourceKind
from sim.corpus import Message
from sim.corpus_score import BCubed, bcubed, missed, most_in_window
from sim.corpus_site import Estate, estate_site

TAKEN_AFTER = timedelta(seconds=30)
QUIET_FOR = timedelta(minutes=30)
LOOKED_AT_EVERY = timedelta(minutes=5)
OPERATORS = 2
IN_FLIGHT = 400
SECOND = timedelta(seconds=1)


@dataclass(kw_only=True)
class Outcome:
    """What became of a corpus."""

    truth: dict[UUID, str]  # by alarm
    found: dict[UUID, Hashable]  # the incident of each alarm; a kept-back one is with the others of its source
    told: set[Hashable]
    life: set[str]  # true incidents about life
    first_notice_s: list[float]  # of each true incident about life: from its first alarm to the first telling
    tellings: list[datetime]
    incidents: int

    @property
    def score(self) -> BCubed:
        return bcubed(self.found, self.truth)

    @property
    def missed_life(self) -> set[Hashable]:
        return missed(self.found, self.truth, of=self.life, told=self.told)

    @property
    def told_per_operator(self) -> float:
        """The most within ten minutes."""
        return most_in_window(self.tellings) / OPERATORS

    def by_story(self) -> Mapping[str, BCubed]:
        """The score of the alarms of each sort of story."""
        sorts = {t.split("-")[0] for t in self.truth.values()}
        return {s: bcubed(self.found, {a: t for a, t in self.truth.items() if t.startswith(s)}) for s in sorted(sorts)}


@dataclass
class Run:
    """One center's store and the calendar it lives in."""

    store: SqliteStore
    site: Site
    _moments: list[tuple[datetime, int, Callable[[Work], object]]] = field(default_factory=list)
    _tie: Iterator[int] = field(default_factory=count)
    _underway: list[Future[object]] = field(default_factory=list)

    def take(self, messages: Iterable[Message]) -> None:
        """Everything that arrives, in its order, second by second; and what time brings in between."""
        for now, group in _by_second(messages):
            self._until(now)
            reports = [report_of(m, self.site) for m in group]
            self._do(lambda tx, reports=reports: inbox.keep(tx, reports))  # type: ignore[misc]
            self._work(now, _take_waiting)
            for dwell_s in {KINDS[m.kind].dwell_s for m in group if m.phase is Phase.RAISED}:
                self._at(now + timedelta(seconds=dwell_s + 0.5), _tick)
            self._at(now + TAKEN_AFTER, _take_all)
            self._at(now + QUIET_FOR + LOOKED_AT_EVERY, _end_quiet)
        self._until(now + timedelta(days=1))
        self._settle()

    def _until(self, now: datetime) -> None:
        done: set[tuple[datetime, Callable[[Work], object]]] = set()
        while self._moments and self._moments[0][0] <= now:
            at, _, what = heapq.heappop(self._moments)
            if (at, what) not in done:
                done.add((at, what))
                self._work(at, what)

    def _at(self, at: datetime, what: Callable[[Work], object]) -> None:
        heapq.heappush(self._moments, (at.replace(microsecond=0) + SECOND, next(self._tie), what))

    def _work(self, now: datetime, what: Callable[[Work], object]) -> None:
        self._do(lambda tx: what(self._surroundings(tx, now)))

    def _do(self, what: Callable[[Tx], object]) -> None:
        """In a transaction of its own; some hundred share one sync of the disk."""
        self._underway.append(self.store.submit(what))
        if len(self._underway) >= IN_FLIGHT:
            self._settle()

    def _settle(self) -> None:
        for done in self._underway:
            done.result(60)
        self._underway.clear()

    def _surroundings(self, tx: Tx, now: datetime) -> Work:
        return Work(
            tx=tx,
            site=self.site,
            now=now,
            fleet={},
            distances=Distances(self.site.lanes),
            standing=Standing(self.site),
            new_id=uuid7,
        )


@contextmanager
def fresh_run(folder: Path, estate: Estate | None = None) -> Iterator[Run]:
    """A run on an empty store."""
    site = estate_site(estate or Estate())
    store = SqliteStore(folder / "corpus.db", site_id=site.site_id)
    try:
        yield Run(store, site)
    finally:
        store.close()


def outcome_of(run: Run, messages: Sequence[Message]) -> Outcome:
    """What the store says of it."""
    ids = {m: finding_id_of(m, run.site) for m in messages if m.phase is Phase.RAISED}

    def read(tx: Tx) -> tuple[dict[UUID, UUID], list[tuple[UUID, datetime]]]:
        rows = tx.conn.execute(select(schema.findings.c.finding_id, schema.findings.c.incident_id))
        told = tx.conn.execute(
            select(schema.notices.c.incident_id, schema.notices.c.at)
            .where(schema.notices.c.action == NoticeAction.TRIGGER.value)
            .order_by(schema.notices.c.seq)
        )
        merged = select(schema.incidents.c.incident_id, schema.incidents.c.merged_into)
        into = {r.incident_id: r.merged_into for r in tx.conn.execute(merged) if r.merged_into}

        def whole(incident_id: UUID) -> UUID:
            return whole(into[incident_id]) if incident_id in into else incident_id

        found = {r.finding_id: whole(r.incident_id) for r in rows if r.incident_id}
        return found, [(whole(r.incident_id), r.at) for r in told]

    kept, told = run.store.submit(read).result(60)
    first_told: dict[UUID, datetime] = {}
    for incident_id, at in told:
        first_told.setdefault(incident_id, at)
    truth = {ids[m]: m.truth for m in ids}
    found: dict[UUID, Hashable] = {ids[m]: kept.get(ids[m], ("kept back", m.device_id, m.kind)) for m in ids}
    began: dict[str, datetime] = {}
    heard: dict[str, datetime] = {}
    for m in sorted(ids, key=lambda m: m.sent_at):
        if m.life:
            began.setdefault(m.truth, m.sent_at)
            at = first_told.get(kept.get(ids[m]))  # type: ignore[arg-type]
            if at is not None:
                heard[m.truth] = min(at, heard.get(m.truth, at))
    return Outcome(
        truth=truth,
        found=found,
        told=set(first_told),
        life=set(began),
        first_notice_s=sorted((heard[t] - began[t]).total_seconds() for t in heard),
        tellings=[at for _, at in told],
        incidents=len(set(kept.values())),
    )


def by_distance_alone(messages: Iterable[Message], site: Site, within_m: float) -> BCubed:
    """The bound: an alarm joins whatever was active within half an hour and `within_m`, whatever it was about."""
    truth: dict[Hashable, Hashable] = {}
    found: dict[Hashable, Hashable] = {}
    active: list[tuple[datetime, float, float, float, int]] = []
    for m in messages:
        alarm = (m.device_id, m.sequence)
        if m.phase is not Phase.RAISED or alarm in truth:
            continue
        device = site.devices[m.device_id]
        x, y, z = device.position_m.x_m, device.position_m.y_m, device.height_m
        active = [a for a in active if m.arrives_at - a[0] <= QUIET_FOR]
        near = [a for a in active if (a[1] - x) ** 2 + (a[2] - y) ** 2 + (a[3] - z) ** 2 <= within_m**2]
        cluster = max(near)[4] if near else len(truth)
        truth[alarm], found[alarm] = m.truth, cluster
        active.append((m.arrives_at, x, y, z, cluster))
    return bcubed(found, truth)


def report_of(message: Message, site: Site) -> Report:
    """As the inbox holds it: a sensor's own message, or what the watch over silent sensors and mains reports."""
    if message.kind in RAISES[site.devices[message.device_id].kind]:
        topic, payload = _mqtt(message, site)
        unique = message_id(topic, payload)
        assert unique is not None
        return Report(
            report_id=unique,
            kind=ReportKind.MQTT,
            topic=topic,
            body=encode_payload(payload),
            received_at=message.arrives_at,
        )
    finding = Finding(
        finding_id=finding_id_of(message, site),
        source=Source(kind=SourceKind.DEVICE, source_id=message.device_id),
        kind=message.kind,
        phase=message.phase,
        position_m=site.devices[message.device_id].position_m,
        observed_at=message.sent_at,
        confidence=0.9,
    )
    return Report(
        report_id=str(finding.finding_id),
        kind=ReportKind.FINDING,
        topic=message.device_id,
        body=to_json(finding),
        received_at=message.arrives_at,
    )


def finding_id_of(message: Message, site: Site) -> UUID:
    """The id its finding will have."""
    if message.kind in RAISES[site.devices[message.device_id].kind]:
        topic, payload = _mqtt(message, site)
        meaning = understand(topic, payload, site=site, received_at=message.arrives_at)
        assert isinstance(meaning, Understood), meaning
        return meaning.findings[0].finding_id
    return uuid5(NAMESPACE_OID, f"{message.device_id} {message.sequence}")


def _mqtt(message: Message, site: Site) -> tuple[str, bytes]:
    body = {
        "state": "alarm" if message.phase is Phase.RAISED else "normal",
        "kind": message.kind.value,
        "at": message.sent_at.isoformat(),
        "boot": "corpus",
        "seq": message.sequence,
    }
    return f"{site.site_id}/sensors/{message.device_id}/event", json.dumps(body).encode()


def _take_waiting(work: Work) -> None:
    while take_reports(work, TakeReports()):
        pass


def _tick(work: Work) -> None:
    while open_ripe(work, OpenRipe()) == reception.RIPE:
        pass
    while escalate(work, Escalate()) == escalation.BATCH:
        pass


def _take_all(work: Work) -> None:
    """Whatever has been open for a while is taken."""
    _tick(work)
    for row in incidents.newest(work.tx, states=[IncidentState.OPEN], kinds=(), limit=200, after=None).items:
        if work.now - row.incident.opened_at >= TAKEN_AFTER:
            command = Acknowledge(by="operator")
            lifecycle.decide_incident(work, DecideIncident(incident_id=row.incident.incident_id, command=command))


def _end_quiet(work: Work) -> None:
    """Whatever has been quiet for long is ended."""
    _tick(work)
    states = [s for s in IncidentState if not s.ended]
    for row in incidents.newest(work.tx, states=states, kinds=(), limit=200, after=None).items:
        newest = findings.of_incident(work.tx, row.incident.incident_id, limit=1)
        active_at = max([row.incident.active_at, *(k.finding.observed_at for k in newest)])
        if work.now - active_at >= QUIET_FOR:
            command = MarkFalseAlarm(by="operator", note="quiet for half an hour")
            lifecycle.decide_incident(work, DecideIncident(incident_id=row.incident.incident_id, command=command))


def _by_second(messages: Iterable[Message]) -> Iterator[tuple[datetime, list[Message]]]:
    group: list[Message] = []
    second: datetime | None = None
    for m in messages:
        ends = m.arrives_at.replace(microsecond=0) + SECOND
        if second is not None and ends != second:
            yield second, group
            group = []
        second = ends
        group.append(m)
    if second is not None:
        yield second, group


__all__ = ["Outcome", "Run", "by_distance_alone", "fresh_run", "outcome_of"]
