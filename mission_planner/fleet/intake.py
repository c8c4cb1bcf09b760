"""What comes from robots by ROS: reports into the inbox and acknowledged, states into the records."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from mission_planner.bus import Bus
from mission_planner.fleet.live import Fleet, Heard
from mission_planner.fleet.progress import TakeState
from mission_planner.site_time import SiteTime
from mission_planner.store import inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Store
from patrol_core.codec import to_json
from patrol_core.errors import PatrolError
from patrol_core.finding import Finding
from patrol_core.mission import LedgerEntry
from patrol_core.robot import RobotState
from patrol_core.speech import Speech

log = logging.getLogger(__name__)

BATCH = 200


class ReportIntake:
    """Findings, ledger entries and what became of spoken words: kept, then acknowledged.

    Queue: at most `capacity` reports. Overflow drops the newest without an acknowledgement, counted in `refused`; the
    robot's outbox sends it again.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: SiteTime,
        acknowledge: Callable[[Sequence[UUID]], None],
        wake_cursor: Callable[[], None],
        capacity: int = 1_000,
    ) -> None:
        self._store = store
        self._clock = clock
        self._acknowledge = acknowledge
        self._wake_cursor = wake_cursor
        self._queue: asyncio.Queue[tuple[UUID, Report]] = asyncio.Queue(maxsize=capacity)
        self.refused = 0

    def finding(self, finding: Finding) -> None:
        """A robot noticed something."""
        self._put(finding.finding_id, ReportKind.FINDING, finding.source.source_id, to_json(finding))

    def entry(self, entry: LedgerEntry) -> None:
        """A robot has been at a checkpoint."""
        self._put(entry.report_id, ReportKind.LEDGER, entry.robot_id, to_json(entry))

    def speech(self, speech: Speech) -> None:
        """A robot has said what it was ordered to say, or could not."""
        self._put(speech.order_id, ReportKind.SPEECH, speech.robot_id, to_json(speech))

    async def run(self) -> None:
        """Keep and acknowledge, for ever."""
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            reports = [report for _, report in batch]
            try:
                await self._store.write(
                    lambda tx, reports=reports: inbox.keep(tx, reports),  # type: ignore[misc]
                    vital=True,
                )
            except PatrolError as error:
                log.warning("%d reports of robots were not kept, they come again: %s", len(batch), error)
                continue
            self._acknowledge([report_id for report_id, _ in batch])
            self._wake_cursor()

    def _put(self, report_id: UUID, kind: ReportKind, source: str, body: str) -> None:
        report = Report(
            report_id=str(report_id), kind=kind, topic=source, body=body, received_at=self._clock.now_or_none()
        )
        try:
            self._queue.put_nowait((report_id, report))
        except asyncio.QueueFull:
            self.refused += 1


class StateIntake:
    """Robots' states: the newest of each that matters is taken into the records.

    Holds one state for each robot; a newer one takes the place of one that still waits, since it says all that the
    older one said.
    """

    def __init__(self, *, fleet: Fleet, clock: SiteTime, moved: Callable[[], None]) -> None:
        self._fleet = fleet
        self._clock = clock
        self._moved = moved
        self._waiting: dict[str, Heard] = {}
        self._something = asyncio.Event()

    def state(self, state: RobotState) -> None:
        """A robot spoke."""
        heard = self._fleet.hear(state, at=self._clock.now_or_none() or state.stamped_at)
        if heard is None:
            return
        self._moved()
        if heard.matters:
            self._waiting[state.robot_id] = heard
            self._something.set()

    async def run(self, bus: Bus) -> None:
        """Take what matters into the records, for ever."""
        while True:
            await self._something.wait()
            self._something.clear()
            waiting, self._waiting = self._waiting, {}
            for robot_id, heard in waiting.items():
                try:
                    await bus.handle(TakeState(word=heard.word, matters=True))
                except PatrolError as error:
                    log.warning("the state of %s was not taken, it comes again: %s", robot_id, error)
                    self._waiting.setdefault(robot_id, heard)
                    await asyncio.sleep(0.5)
                    self._something.set()
