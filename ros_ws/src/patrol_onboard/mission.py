"""Runs the executor of one robot: saves what it decided, performs what it asks for, and tells the center."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from patrol_core.errors import LinkLost, Unreachable
from patrol_core.part import gist
from patrol_core.robot import RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Text
from patrol_onboard import events as ev
from patrol_onboard import phrases
from patrol_onboard.effects import (
    CancelNavigation,
    Dwell,
    Effect,
    ForgetPhoto,
    GoTo,
    GoToDock,
    Report,
    ReportFinding,
    ReportSpeech,
    Say,
    SetLights,
    TakePhoto,
)
from patrol_onboard.equipment import Equipment
from patrol_onboard.executor import Executor
from patrol_onboard.photo import Photo, Unusable
from patrol_onboard.photo_store import PhotoStoreFull
from patrol_onboard.reporting import Reporting
from patrol_onboard.robot_state import doing, robot_state

log = logging.getLogger(__name__)


class Mission:
    """Owns the executor. Every method is called in the event loop's thread, so that no two steps overlap.

    What the executor decided is on disk before it is done. If it cannot be saved the process ends: a robot that
    forgets what it did must not go on, and its supervisor says why.
    """

    def __init__(self, executor: Executor, equipment: Equipment) -> None:
        self._executor = executor
        self._use = equipment
        self._tasks: asyncio.TaskGroup | None = None
        self._go_task: asyncio.Task[None] | None = None  # the newest drive
        self._drives: set[asyncio.Task[None]] = set()  # drives and halts that are not over, in a row
        self._stays: asyncio.Task[None] | None = None  # dwell or photo
        self._said: tuple[object, ...] = ()
        self._sequence = 0
        self._link: bool | None = None
        self._reporting = Reporting(equipment)
        self._broken: asyncio.Future[None] | None = None
        # heard before `run`; the oldest would go, being said again
        self._early: deque[ev.Event | Sighting] = deque(maxlen=200)

    async def run(self) -> None:
        """Go on from the memory, for ever; ends with the first thing that must not happen."""
        self._broken = asyncio.get_running_loop().create_future()
        self._use.photos.forget_held(but=self._executor.memory.photos())
        async with asyncio.TaskGroup() as self._tasks:
            self.hear(ev.Started())
            while self._early:
                early = self._early.popleft()
                self._see(early) if isinstance(early, Sighting) else self.hear(early)
            for work in (
                self._say_state(),
                self._pulse(),
                self._reporting.run(),
                self._use.uploader.run(),
                self._watch(),
            ):
                self._tasks.create_task(work)

    async def rest(self) -> None:
        """Stop driving before the process ends."""
        if self._go_task is not None:
            self._go_task.cancel()
        if self._drives:
            await asyncio.wait(set(self._drives))

    def tell(self, event: ev.Event) -> None:
        """Take an event from outside any task; if that fails, `run` ends with the error."""
        if self._broken is None:
            self._early.append(event)
        else:
            self._guarded(self.hear, event)

    def sees(self, sighting: Sighting) -> None:
        """Take a word of the robot's eyes from outside any task; its picture is on disk before anything is decided."""
        if self._broken is None:
            self._early.append(sighting)
        else:
            self._guarded(self._see, sighting)

    def _see(self, sighting: Sighting) -> None:
        digest = ""
        if sighting.photo_jpeg and sighting.verdict is not Verdict.LET_GO:
            digest = hashlib.sha256(sighting.photo_jpeg).hexdigest()
            photo = Photo(digest=digest, jpeg=sighting.photo_jpeg, taken_at=sighting.observed_at)
            try:
                self._use.photos.keep(photo, urgent=True, held=True)
            except (PhotoStoreFull, OSError) as error:
                log.error("the picture of a sighting could not be kept: %s", error)
                digest = ""
        bare = replace(sighting, photo_jpeg=b"")
        self.hear(ev.SightingHeard(sighting=bare, photo=digest, pose=self._use.ears.motion().pose))

    def acknowledged(self, report_ids: list[UUID]) -> None:
        """The center has these reports."""
        for report_id in report_ids:
            self._guarded(self._use.outbox.acknowledge, report_id)

    def _guarded(self, work: Callable[..., object], *arguments: object) -> None:
        if self._broken is None or self._broken.done():
            return  # not running yet, or no more: what is not acknowledged is sent and acknowledged again
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must end the process and not only be logged
            self._broken.set_exception(error)

    async def _watch(self) -> None:
        if self._broken is not None:
            await self._broken

    def hear(self, event: ev.Event) -> None:
        """Take one event: decide, save, perform, tell."""
        before = self._executor
        after, effects = before.step(event, self._use.clock.now())
        if after.memory != before.memory:
            self._use.store.save(after.memory)
            _log_changes(before, after)
        self._executor = after
        if type(after.phase) is not type(before.phase):
            old, new = type(before.phase).__name__.lower(), type(after.phase).__name__.lower()
            log.info("%s: %s -> %s %s", after.robot_id, old, new, doing(after, self._use.clock.now())[1])
        for effect in effects:
            self._perform(effect)
        if isinstance(event, ev.PhotoTaken) and not _reports(effects, event.digest):
            self._use.photos.forget(event.digest)  # it came too late: nobody will ask for it
        self._say_if_changed()

    # performing

    def _perform(self, effect: Effect) -> None:
        match effect:
            case GoTo() | GoToDock():
                self._leave()
                self._go_task = self._in_a_row(self._go(frozenset(self._drives), effect))
            case CancelNavigation():
                driving = self._go_task is not None and not self._go_task.done()
                if self._go_task is not None:
                    self._go_task.cancel()
                self._in_a_row(self._halt(frozenset(self._drives), driving))
            case Dwell():
                self._stays = self._begin(self._dwell(effect))
            case TakePhoto():
                self._stays = self._begin(self._look(effect))
            case Report() | ReportFinding() | ReportSpeech():
                self._reporting.report(effect)
            case ForgetPhoto(digest=digest):
                self._use.photos.drop_held(digest)
            case SetLights(on=on):
                self._use.mouth.publish_lights(on)
            case Say(speech=speech):
                self._use.mouth.publish_speech(speech)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        if self._tasks is None:
            raise RuntimeError("a mission performs only while it runs")
        return self._tasks.create_task(work)

    def _in_a_row(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._begin(work)
        self._drives.add(task)
        task.add_done_callback(self._drives.discard)
        return task

    def _leave(self) -> None:
        """Give up dwelling or looking, unless that is what just ended."""
        if self._stays is not None and self._stays is not asyncio.current_task():
            self._stays.cancel()

    async def _go(self, before: frozenset[asyncio.Task[None]], effect: GoTo | GoToDock) -> None:
        await _over(before)
        speed_mps = effect.speed_mps if isinstance(effect, GoTo) else None
        event: ev.Event
        try:
            await self._use.driver.go_to(effect.pose, speed_mps=speed_mps)
        except Unreachable as error:
            pose = self._use.ears.motion().pose
            event = ev.NavigationFailed(ticket=effect.ticket, because=phrases.said_by(error), pose=pose)
        except LinkLost as error:
            event = ev.NavigationSilent(ticket=effect.ticket, because=phrases.said_by(error))
        else:
            event = ev.Arrived(ticket=effect.ticket, pose=self._use.ears.motion().pose)
        self.hear(event)

    async def _halt(self, before: frozenset[asyncio.Task[None]], driving: bool) -> None:
        """Wait until the drive that was cancelled is over; where there was none, end one of an earlier process."""
        await _over(before)
        if not driving:
            await self._use.driver.stop()

    async def _dwell(self, effect: Dwell) -> None:
        until = self._use.clock.now() + timedelta(seconds=effect.length_s)
        while True:
            left_s = (until - self._use.clock.now()).total_seconds()
            if left_s <= 0:
                break
            await asyncio.sleep(min(left_s / self._use.speed, self._use.beat.dwell_poll_s))
        self.hear(ev.DwellOver(ticket=effect.ticket))

    async def _look(self, effect: TakePhoto) -> None:
        event: ev.Event
        try:
            photo = await self._use.camera.take(not_before=effect.not_before)
            self._use.photos.keep(photo, urgent=effect.urgent)
        except Unusable as unusable:
            event = self._unusable(effect, phrases.said_by(unusable))
        except PhotoStoreFull as full:
            log.error("%s", full)
            event = self._unusable(effect, phrases.PHOTO_STORE_FULL)
        except OSError as error:
            log.error("a picture could not be written: %s", error)
            event = self._unusable(effect, phrases.PHOTO_NOT_KEPT)
        else:
            pose = self._use.ears.motion().pose
            event = ev.PhotoTaken(ticket=effect.ticket, digest=photo.digest, taken_at=photo.taken_at, pose=pose)
        self.hear(event)

    def _unusable(self, effect: TakePhoto, because: Text) -> ev.PhotoUnusable:
        return ev.PhotoUnusable(ticket=effect.ticket, because=because, pose=self._use.ears.motion().pose)

    # telling

    async def _say_state(self) -> None:
        while True:
            self._say()
            await asyncio.sleep(self._use.beat.state_s)

    def _say(self) -> None:
        self._sequence += 1
        state = robot_state(
            self._executor,
            self._use.ears.motion(),
            boot_id=self._use.boot_id,
            sequence=self._sequence,
            stamped_at=self._use.clock.now(),
            parts=self._use.ears.parts(),
        )
        self._said = _gist(state)
        self._use.mouth.publish_state(state)

    def _say_if_changed(self) -> None:
        state = robot_state(
            self._executor,
            replace(self._use.ears.motion(), pose=None, speed_mps=None),
            boot_id=self._use.boot_id,
            sequence=0,
            stamped_at=self._use.clock.now(),
            parts=self._use.ears.parts(),
        )
        if _gist(state) != self._said:
            self._say()

    async def _pulse(self) -> None:
        """What nobody says: silence, absence, the passing of time."""
        while True:
            present = self._use.ears.center_present()
            if present != self._link:
                self._link = present
                self.hear(ev.LinkBack() if present else ev.LinkLost())
            if self._use.ears.battery_silent() and (
                self._executor.battery.pct is not None or not self._executor.battery.heard
            ):
                self.hear(ev.BatteryHeard(pct=None, charging=None))
            self._reporting.try_again()
            self.hear(ev.Tick())
            await asyncio.sleep(self._use.beat.tick_s)


async def _over(tasks: frozenset[asyncio.Task[None]]) -> None:
    """Wait until these drives and halts are over."""
    if tasks:
        await asyncio.wait(tasks)


def _gist(state: RobotState) -> tuple[object, ...]:
    """What is said at once when it changes; the rest can wait for the next beat."""
    parts = tuple(gist(p) for p in state.parts)
    told = (state.activity, state.because, state.order_epoch, state.refused, state.missions, state.charging)
    return (*told, parts, state.lights_on, state.speaks, state.speech)


def _reports(effects: list[Effect], digest: str) -> bool:
    return any(isinstance(e, Report) and digest in e.entry.photos for e in effects)


def _log_changes(before: Executor, after: Executor) -> None:
    """One line for each order taken and each mission that changed its state."""
    if after.memory.order_epoch != before.memory.order_epoch:
        refused = f", refused: {after.memory.refused}" if after.memory.refused else ""
        log.info("%s: order %d taken%s", after.robot_id, after.memory.order_epoch, refused)
    for held in after.memory.missions:
        mission, earlier = held.mission, before.memory.held(held.mission.mission_id)
        if earlier is None or earlier.mission.state is not mission.state:
            old = earlier.mission.state.value if earlier else "new"
            log.info(
                "%s: mission %s: %s -> %s %s", after.robot_id, mission.name, old, mission.state.value, mission.because
            )
