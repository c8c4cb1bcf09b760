"""A corpus of alarms through the real way: inbox, cursor, gate, grouping, fusion, escalation, with a store on disk.

Operators are simulated, since incidents that nobody ever ends would swallow next week's alarms: everything is taken
after half a minute, and ended when it has been quiet for half an hour.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from mission_planner.bus import Work
from mission_planner.fleet.standing import Standing
from mission_planner.incidents import escalation, lifecycle, reception
from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.escalation import Escalate, escalate
from mission_planner.incidents.flood_watch import MindFlood, mind_flood
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.incidents.reception import OpenRipe, open_ripe
from mission_planner.people import accounts
from mission_planner.people.roles import Role
from mission_planner.planning.distances import Distances
from mission_planner.store import findings, inbox, incidents, shifts
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.shifts import Shift
from mission_planner.store.sqlite import SqliteStore
from patrol_core.finding import Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, IncidentState, MarkFalseAlarm
from patrol_core.kind import KINDS
from patrol_core.site import Site
from sim.corpus import BEGINS, Message
from sim.corpus_site import Estate, estate_site
from tests.helpers.corpus_reports import report_of

TAKEN_AFTER = timedelta(seconds=30)
QUIET_FOR = timedelta(minutes=30)
LOOKED_AT_EVERY = timedelta(minutes=5)
FLOOD_LASTS = timedelta(minutes=20)  # at most so long after an alarm it is over
OPERATORS = ("first", "second")
IN_FLIGHT = 400
SECOND = timedelta(seconds=1)


@dataclass
class Run:
    """One center's store and the calendar it lives in."""

    store: SqliteStore
    site: Site
    _moments: list[tuple[datetime, int, Callable[[Work], object]]] = field(default_factory=list)
    _planned: set[tuple[datetime, Callable[[Work], object]]] = field(default_factory=set)
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
                self._at(now + timedelta(seconds=dwell_s + 0.5), SECOND, _tick)
            self._at(now + TAKEN_AFTER, SECOND, _take_all)
            self._at(now + FLOOD_LASTS, LOOKED_AT_EVERY, _mind_flood)
            self._at(now + LOOKED_AT_EVERY, LOOKED_AT_EVERY, _mind_flood)
            self._at(now + QUIET_FOR + LOOKED_AT_EVERY, LOOKED_AT_EVERY, _end_quiet)
        self._until(now + timedelta(days=1))
        self._settle()

    def _until(self, now: datetime) -> None:
        while self._moments and self._moments[0][0] <= now:
            at, _, what = heapq.heappop(self._moments)
            self._planned.discard((at, what))
            self._work(at, what)

    def _at(self, at: datetime, raster: timedelta, what: Callable[[Work], object]) -> None:
        """Do this at the next full so-and-so, once."""
        at += raster - (at - BEGINS) % raster
        if (at, what) not in self._planned:
            self._planned.add((at, what))
            heapq.heappush(self._moments, (at, next(self._tie), what))

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
    """A run on an empty store, with operators who are always on duty."""
    site = estate_site(estate or Estate())
    store = SqliteStore(folder / "corpus.db", site_id=site.site_id)
    try:
        store.submit(_engage).result(60)
        yield Run(store, site)
    finally:
        store.close()


def _take_waiting(work: Work) -> None:
    while take_reports(work, TakeReports()):
        pass


def _tick(work: Work) -> None:
    while open_ripe(work, OpenRipe()) == reception.RIPE:
        pass
    while escalate(work, Escalate()) == escalation.BATCH:
        pass


def _mind_flood(work: Work) -> None:
    mind_flood(work, MindFlood())


def _take_all(work: Work) -> None:
    """Whatever has been open for a while is taken."""
    _tick(work)
    for row in _all_in(work.tx, [IncidentState.OPEN]):
        if work.now - row.incident.opened_at >= TAKEN_AFTER:
            command = Acknowledge(by=OPERATORS[0])
            lifecycle.decide_incident(work, DecideIncident(incident_id=row.incident.incident_id, command=command))


def _end_quiet(work: Work) -> None:
    """Whatever has been quiet for long is ended."""
    _tick(work)
    for row in _all_in(work.tx, [s for s in IncidentState if not s.ended]):
        newest = findings.of_incident(work.tx, row.incident.incident_id, limit=1)
        active_at = max([row.incident.active_at, *(k.finding.observed_at for k in newest)])
        if work.now - active_at >= QUIET_FOR:
            command = MarkFalseAlarm(by=OPERATORS[0], note="quiet for half an hour")
            lifecycle.decide_incident(work, DecideIncident(incident_id=row.incident.incident_id, command=command))


def _all_in(tx: Tx, states: Sequence[IncidentState]) -> list[IncidentRow]:
    found: list[IncidentRow] = []
    after = None
    while True:
        page = incidents.newest(tx, states=states, kinds=(), limit=200, after=after)
        found += page.items
        if len(page.items) < 200:
            return found
        after = page.items[-1].incident.incident_id


def _engage(tx: Tx) -> None:
    """The operators of the desk."""
    for n, name in enumerate(OPERATORS, start=1):
        accounts.create(tx, username=name, display_name=name, password_hash="none", roles=[Role.OPERATOR], now=BEGINS)
        on_duty = Shift(
            shift_id=UUID(int=n),
            username=name,
            role=Role.OPERATOR,
            starts_at=BEGINS - timedelta(days=1),
            ends_at=BEGINS + timedelta(days=100),
        )
        shifts.put(tx, on_duty)


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
