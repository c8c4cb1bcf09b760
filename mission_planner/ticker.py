"""What the center does by the clock: twice a second, so that nothing polls on its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from mission_planner.bus import Bus
from mission_planner.fleet.courier import RESEND_S, Courier
from mission_planner.fleet.live import Fleet
from mission_planner.fleet.progress import NoteLink, TakeState
from mission_planner.fleet.scheduler import Scheduler
from mission_planner.incidents import escalation, pressing, reception
from mission_planner.incidents.calendar_jump import Anchor, anchor_now, jump
from mission_planner.incidents.escalation import Escalate, MindCalendar
from mission_planner.incidents.evidence import BlobStore
from mission_planner.incidents.flood_watch import MindFlood
from mission_planner.incidents.pressing import PressOrders
from mission_planner.incidents.reception import OpenRipe
from mission_planner.incidents.registry.watch import Watch
from mission_planner.incidents.retention import Pruner
from mission_planner.incidents.verification import LookAfter
from mission_planner.site_time import SiteTime
from mission_planner.store import events
from mission_planner.store.protocol import Store
from mission_planner.store.robots import LastWord
from patrol_core.errors import ClockUnknown, PatrolError
from patrol_core.robot import Link

log = logging.getLogger(__name__)

TICK_S = 0.5  # real time, as are all below
KEEP_WORDS_S = 5.0
LOOK_AFTER_S = 2.0
MIND_FLOOD_S = 5.0
DEVICES_S = 60.0
HOUSEKEEPING_S = 600.0
SETTLED_S = 3_600.0  # nothing is removed before the calendar has stood so long: a wrong year must not empty the house
LATE_S = 5.0  # a ticker that is later is degraded


@dataclass(slots=True)
class _Job:
    """One thing that is done every so often."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[None]]
    due_s: float = 0.0
    trouble: str | None = field(default=None)


class Ticker:
    """Runs its jobs one after the other; one that fails is logged, told in the health, and tried again."""

    def __init__(
        self,
        *,
        bus: Bus,
        store: Store,
        fleet: Fleet,
        courier: Courier,
        scheduler: Scheduler,
        blobs: BlobStore,
        pruner: Pruner,
        clock: SiteTime,
        watch: Watch,
        tend_points: Callable[[], None],  # blocks
        follows_calendar: bool,  # site time is the machine's own
    ) -> None:
        self._bus = bus
        self._store = store
        self._fleet = fleet
        self._courier = courier
        self._blobs = blobs
        self._pruner = pruner
        self._clock = clock
        self._settled_s = monotonic()  # since when nobody set the calendar
        self._tend_points = tend_points
        self._links: dict[str, Link] = {r: now.link for r, now in fleet.now().items()}
        self._kept: dict[str, LastWord] = {}
        self._follows_calendar = follows_calendar
        self._moment: Anchor | None = None
        self._ticked_s = monotonic()
        self._jobs = [
            _Job("links", TICK_S, self._note_links),
            _Job("patrols", TICK_S, scheduler.tick),
            _Job("orders", RESEND_S, self._resend),
            _Job("clocks", TICK_S, self._escalate),
            _Job("flood", MIND_FLOOD_S, self._mind_flood),
            _Job("looks", LOOK_AFTER_S, self._look_after),
            _Job("devices", DEVICES_S, watch.look),
            _Job("last words", KEEP_WORDS_S, self._keep_words),
            _Job("housekeeping", HOUSEKEEPING_S, self._housekeep),
        ]

    @property
    def trouble(self) -> str | None:
        """What does not work; None while all does."""
        late_s = monotonic() - self._ticked_s
        if late_s > LATE_S:
            return f"the ticker has not run for {late_s:.0f} s"
        return next((f"{job.name}: {job.trouble}" for job in self._jobs if job.trouble), None)

    async def run(self) -> None:
        """Tick for ever."""
        while True:
            self._ticked_s = monotonic()
            for job in self._jobs:
                if job.due_s <= self._ticked_s:
                    job.due_s = self._ticked_s + job.every_s - TICK_S / 10
                    await _attempt(job)
            await asyncio.sleep(TICK_S)

    async def _note_links(self) -> None:
        for robot_id, now in self._fleet.now().items():
            before, self._links[robot_id] = self._links[robot_id], now.link
            if before is not now.link:
                log.info("robot %s: %s -> %s", robot_id, before.value, now.link.value)
                await self._bus.handle(NoteLink(robot_id=robot_id))

    async def _resend(self) -> None:
        self._courier.resend()

    async def _escalate(self) -> None:
        """The calendar first: a clock must not fire because somebody set it."""
        looked = None
        if self._follows_calendar:
            looked = moment = anchor_now()
            if self._moment is None or jump(self._moment, moment):
                await self._bus.handle(MindCalendar(moment=moment))
                self._settled_s = monotonic()
            self._moment = moment
        while await self._bus.handle(OpenRipe(looked=looked)) == reception.RIPE:
            pass
        while await self._bus.handle(Escalate(looked=looked)) == escalation.BATCH:
            pass
        while await self._bus.handle(PressOrders(looked=looked)) == pressing.BATCH:
            pass

    async def _mind_flood(self) -> None:
        await self._bus.handle(MindFlood())

    async def _look_after(self) -> None:
        await self._bus.handle(LookAfter())

    async def _keep_words(self) -> None:
        for word in self._fleet.words():
            robot_id = word.state.robot_id
            if self._kept.get(robot_id) is not word:
                self._kept[robot_id] = word
                await self._bus.handle(TakeState(word=word, matters=False))

    async def _housekeep(self) -> None:
        await self._store.write(events.prune)
        await asyncio.to_thread(self._blobs.sweep)
        now = self._clock.now_or_none()
        if now is not None and monotonic() - self._settled_s > SETTLED_S:
            await self._pruner.run(now)
        await asyncio.to_thread(self._store.tend)
        await asyncio.to_thread(self._tend_points)


async def _attempt(job: _Job) -> None:
    try:
        await job.run()
    except ClockUnknown:
        return  # nothing has happened yet that could be late
    except PatrolError as error:
        if job.trouble != str(error):
            log.warning("%s: %s", job.name, error)
        job.trouble = str(error)
    except Exception as error:
        log.exception("%s failed", job.name)
        job.trouble = f"{type(error).__name__}: {error}"
    else:
        job.trouble = None
