"""A mission in a folder, on a road that lets go when a test says so, with an eye and a node around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from patrol_core.clock import SystemClock
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import Checkpoint, MissionKind
from patrol_core.orders import Order, OrderKind
from patrol_core.outbox import Outbox, Parcel
from patrol_core.part import PartReport
from patrol_core.robot import RobotState
from patrol_core.site import NO_WORDS, Text
from patrol_core.speech import Speech
from patrol_onboard import events as ev
from patrol_onboard.equipment import Beat, Equipment
from patrol_onboard.executor import Executor
from patrol_onboard.executor_store import ExecutorStore
from patrol_onboard.mission import Mission
from patrol_onboard.photo import Photo
from patrol_onboard.photo_store import PhotoStore
from patrol_onboard.robot_state import Motion
from patrol_onboard.uploader import Uploader
from tests.unit.patrol_onboard.robots import DOCK
from tests.unit.patrol_onboard.test_photo_store import photo


@dataclass
class Road:
    """A driver that is where it was sent as soon as it is let go; counts drives that overlap."""

    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    pose: Pose2 = DOCK
    goals: list[Pose2] = field(default_factory=list)
    now: int = 0
    most: int = 0
    stops: int = 0
    slow_to_end_s: float = 0.0
    errors: list[Exception] = field(default_factory=list)

    async def go_to(self, pose: Pose2, *, speed_mps: float | None = None) -> None:
        self.goals.append(pose)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.let_go.wait()
            if self.errors:
                raise self.errors.pop(0)
            self.pose = pose
        finally:
            if self.slow_to_end_s:
                await asyncio.sleep(self.slow_to_end_s)
            self.now -= 1

    async def stop(self) -> None:
        self.stops += 1


@dataclass
class Eye:
    """A camera with a picture in it."""

    picture: Photo = field(default_factory=lambda: photo(b"street"))
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    taken: int = 0

    async def take(self, *, not_before: datetime) -> Photo:
        await self.let_go.wait()
        self.taken += 1
        return self.picture


@dataclass
class Around:
    """The node: ears and mouth."""

    road: Road
    states: list[RobotState] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    lights: list[bool] = field(default_factory=list)
    asked_to_say: list[Speech] = field(default_factory=list)
    board: tuple[PartReport, ...] = ()
    silent: bool = False
    center: bool = True

    def motion(self) -> Motion:
        return Motion(pose=self.road.pose)

    def parts(self) -> tuple[PartReport, ...]:
        return self.board

    def battery_silent(self) -> bool:
        return self.silent

    def center_present(self) -> bool:
        return self.center

    def publish_state(self, state: RobotState) -> None:
        self.states.append(state)

    def publish_report(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)

    def publish_lights(self, on: bool) -> None:
        self.lights.append(on)

    def publish_speech(self, speech: Speech) -> None:
        self.asked_to_say.append(speech)


class Parts:
    """A mission in a folder, with its surroundings."""

    def __init__(self, folder: Path, *, outbox: int = 100, capacity_bytes: int = 10_000) -> None:
        self.folder = folder
        self.road, self.eye = Road(), Eye()
        self.around = Around(self.road)
        self.store = ExecutorStore(folder / "executor.json")
        self.outbox = Outbox(folder / "outbox.sqlite", capacity=outbox, reserve=1)
        self.photos = PhotoStore(folder / "photos", capacity_bytes=capacity_bytes, reserve_bytes=0)
        equipment = Equipment(
            clock=SystemClock(),
            driver=self.road,
            camera=self.eye,
            store=self.store,
            outbox=self.outbox,
            photos=self.photos,
            uploader=Uploader(self.photos, center_url="http://127.0.0.1:9", token=lambda: ""),
            ears=self.around,
            mouth=self.around,
            boot_id=uuid7(),
            beat=Beat(state_s=0.05, tick_s=0.05, outbox_s=0.05, dwell_poll_s=0.01),
        )
        self.mission = Mission(Executor(robot_id="r1", dock=DOCK, memory=self.store.load()), equipment)
        self.epoch = 0

    def order(self, *ids: str, kind: MissionKind = MissionKind.PATROL) -> None:
        self.epoch += 1
        stops = tuple(
            Checkpoint(checkpoint_id=i, pose=Pose2(x_m=float(n), y_m=5.0), name=Text.same(i), dwell_s=0.01)
            for n, i in enumerate(ids, start=1)
        )
        order = Order(
            order_id=uuid7(),
            robot_id="r1",
            epoch=self.epoch,
            issued_at=datetime.now(UTC),
            kind=OrderKind.START,
            because=NO_WORDS,
            mission_id=uuid7(),
            mission_kind=kind,
            name=Text.same("早班"),
            checkpoints=stops,
        )
        self.mission.tell(ev.OrderReceived(order=order))

    @property
    def ledger(self) -> dict[str, str]:
        """What is on disk: checkpoint → outcome."""
        return {c: e.outcome.value for h in self.store.load().missions for c, e in h.mission.ledger.items()}


def running(parts: Parts, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a mission while the story happens."""

    async def run() -> None:
        async with asyncio.timeout(10):
            work = asyncio.create_task(parts.mission.run())
            tale = asyncio.create_task(story())
            await asyncio.wait({work, tale}, return_when=asyncio.FIRST_COMPLETED)
            await parts.mission.rest()
            for task in (work, tale):
                task.cancel()
            await asyncio.wait({work, tale})
            for task in (tale, work):
                if not task.cancelled():
                    task.result()

    try:
        asyncio.run(run())
    finally:
        parts.outbox.close()


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.005)
