"""The mission around the executor: what was decided is on disk before it is done, and nothing begun is left over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from patrol_core.clock import SystemClock
from patrol_core.codec import from_json
from patrol_core.errors import LinkLost, Unreachable
from patrol_core.finding import Finding
from patrol_core.geometry import Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.mission import Checkpoint, MissionKind
from patrol_core.orders import Order, OrderKind
from patrol_core.outbox import Outbox, Parcel
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import NO_WORDS, Text
from patrol_core.speech import Speech
from patrol_onboard import events as ev
from patrol_onboard import phrases
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


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    parts = Parts(tmp_path)
    parts.mission.tell(ev.BatteryHeard(pct=90.0, charging=True))
    return parts


def test_an_order_is_on_disk_before_the_robot_moves(parts: Parts) -> None:
    async def story() -> None:
        on_disk: list[int] = []
        go_to = parts.road.go_to

        async def watched(pose: Pose2, *, speed_mps: float | None = None) -> None:
            on_disk.append(parts.store.load().order_epoch)
            await go_to(pose, speed_mps=speed_mps)

        parts.road.go_to = watched  # type: ignore[method-assign]
        await until(lambda: parts.around.states)
        parts.order("vp-01")
        await until(lambda: on_disk)
        assert on_disk == [1]

    running(parts, story)


def test_a_memory_that_cannot_be_saved_ends_the_process_and_nothing_is_done(parts: Parts, tmp_path: Path) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        (tmp_path / "executor.json.new").mkdir()  # as good as a full disk: the file cannot be written
        parts.order("vp-01")
        await asyncio.sleep(5)

    with pytest.raises(ExceptionGroup) as died:
        running(parts, story)
    assert died.group_contains(OSError)
    assert parts.road.goals == []


def test_what_was_heard_before_the_mission_ran_is_not_lost(parts: Parts) -> None:
    parts.mission.tell(ev.StopPressed())
    parts.order("vp-01")

    async def story() -> None:
        await until(lambda: parts.around.states and parts.around.states[-1].order_epoch == 1)
        assert parts.around.states[-1].because.zh == "急停已按下"

    running(parts, story)


def test_two_drives_never_overlap_even_when_the_first_is_slow_to_end(parts: Parts) -> None:
    parts.road.slow_to_end_s = 0.05

    async def story() -> None:
        parts.order("vp-01", "vp-02")
        await until(lambda: parts.road.now)
        parts.order("smoke", kind=MissionKind.VERIFY)
        parts.mission.tell(ev.StopPressed())
        parts.mission.tell(ev.StopReleased())
        parts.mission.tell(ev.StopPressed())
        parts.mission.tell(ev.StopReleased())
        parts.road.let_go.set()
        parts.eye.let_go.set()
        await until(lambda: len(parts.ledger) == 3)
        assert parts.road.most == 1

    running(parts, story)


def test_at_the_start_a_goal_of_the_process_before_is_ended(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.road.stops == 1)

    running(parts, story)


def test_a_photo_is_kept_reported_and_queued(parts: Parts) -> None:
    parts.road.let_go.set()
    parts.eye.let_go.set()

    async def story() -> None:
        parts.order("vp-01")
        await until(lambda: parts.around.parcels)
        assert parts.ledger == {"vp-01": "seen"}
        assert [k.digest for k in parts.photos.waiting()] == [parts.eye.picture.digest]

    running(parts, story)


def test_a_photo_that_comes_after_preemption_is_not_kept(parts: Parts) -> None:
    parts.road.let_go.set()

    async def story() -> None:
        parts.order("vp-01")
        await until(lambda: parts.around.states and "查看" in parts.around.states[-1].because.zh)
        parts.road.let_go.clear()
        parts.order("smoke", kind=MissionKind.VERIFY)
        parts.eye.let_go.set()
        await until(lambda: len(parts.road.goals) == 2)
        await asyncio.sleep(0.05)
        assert parts.photos.waiting() == ()
        assert parts.ledger == {}

    running(parts, story)


def test_a_full_photo_store_is_said_in_the_ledger(tmp_path: Path) -> None:
    parts = Parts(tmp_path, capacity_bytes=1)
    parts.mission.tell(ev.BatteryHeard(pct=90.0, charging=True))
    parts.road.let_go.set()
    parts.eye.let_go.set()

    async def story() -> None:
        parts.order("vp-01")
        await until(lambda: parts.ledger)
        assert parts.ledger == {"vp-01": "no_evidence"}
        assert "照片存储已满" in parts.around.parcels[0].body if parts.around.parcels else True

    running(parts, story)


def test_a_report_the_full_outbox_refused_is_put_when_there_is_room(tmp_path: Path) -> None:
    parts = Parts(tmp_path, outbox=1)
    parts.mission.tell(ev.BatteryHeard(pct=90.0, charging=True))
    parts.road.let_go.set()
    parts.eye.let_go.set()

    async def story() -> None:
        parts.order("vp-01", "vp-02")
        await until(lambda: len(parts.ledger) == 2 and parts.around.parcels)
        first = parts.around.parcels[0].report_id
        assert {p.report_id for p in parts.around.parcels} == {first}
        parts.mission.acknowledged([first])
        await until(lambda: len({p.report_id for p in parts.around.parcels}) == 2)

    running(parts, story)


def test_navigation_that_fails_or_is_silent_is_heard_as_such(parts: Parts) -> None:
    parts.road.errors = [Unreachable(Text.same("没有通路")), LinkLost(phrases.NAVIGATION_MISSING)]
    parts.road.let_go.set()

    async def story() -> None:
        parts.order("vp-01")
        await until(lambda: parts.around.states and parts.around.states[-1].because.zh == "导航没有响应，正在重试")
        assert len(parts.road.goals) == 2

    running(parts, story)


def test_the_centers_absence_and_the_batterys_silence_are_noticed(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        parts.around.silent = True
        await until(lambda: parts.around.states[-1].battery_pct is None)

    running(parts, story)


def test_a_change_is_said_at_once_and_the_rest_at_its_beat(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        before = len(parts.around.states)
        parts.mission.tell(ev.StopPressed())
        assert parts.around.states[-1].because.zh == "急停已按下"
        parts.mission.tell(ev.Tick())
        assert len(parts.around.states) == before + 1
        sequences = [s.sequence for s in parts.around.states]
        assert sequences == list(range(1, len(sequences) + 1))

    running(parts, story)


def seen(verdict: Verdict, sighting_id: UUID, jpeg: bytes = b"") -> Sighting:
    at = datetime.now(UTC)
    return Sighting(
        sighting_id=sighting_id,
        camera_id="front",
        kind=IncidentKind.PERSON_FALLEN,
        verdict=verdict,
        position_m=Point2(3.0, 0.0),
        first_seen_at=at,
        observed_at=at,
        confidence=0.9,
        model="test 0123",
        photo_jpeg=jpeg,
    )


def test_a_confirmed_sighting_goes_to_the_center_with_its_picture_and_the_lights_go_on(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        sighting_id = uuid7()
        parts.mission.sees(seen(Verdict.SUSPECTED, sighting_id, b"from afar"))
        assert parts.photos.waiting() == (), "nobody was told yet: the picture stays on the robot"
        parts.mission.sees(seen(Verdict.CONFIRMED, sighting_id, b"from near"))
        await until(lambda: parts.around.parcels)
        finding = from_json(Finding, parts.around.parcels[0].body)
        assert parts.around.parcels[0].urgent
        assert finding.evidence == (photo(b"from near").digest,)
        assert [k.digest for k in parts.photos.waiting()] == [photo(b"from near").digest]
        assert [k.name for k in (parts.folder / "photos").iterdir()] == [f"{photo(b'from near').digest}.jpg"]
        assert parts.around.lights == [False, True]
        assert parts.around.states[-1].activity is Activity.ATTENDING

    running(parts, story)


def test_a_sighting_heard_before_the_mission_runs_is_not_lost(parts: Parts) -> None:
    parts.mission.sees(seen(Verdict.CONFIRMED, uuid7(), b"early"))

    async def story() -> None:
        await until(lambda: parts.around.parcels)

    running(parts, story)


def test_a_picture_held_back_by_the_process_before_is_removed_unless_its_sighting_is_kept(tmp_path: Path) -> None:
    before = Parts(tmp_path)
    before.photos.keep(photo(b"orphan"), urgent=True, held=True)

    async def sees() -> None:
        await until(lambda: before.around.states)
        before.mission.sees(seen(Verdict.SUSPECTED, uuid7(), b"kept"))

    running(before, sees)
    after = Parts(tmp_path)

    async def story() -> None:
        await until(lambda: after.around.states)
        assert [p.name for p in (tmp_path / "photos").iterdir()] == [f"{photo(b'kept').digest}.held"]

    running(after, story)


def test_a_confirmed_sighting_whose_picture_finds_no_room_is_told_without_it(tmp_path: Path) -> None:
    parts = Parts(tmp_path, capacity_bytes=1)

    async def story() -> None:
        await until(lambda: parts.around.states)
        parts.mission.sees(seen(Verdict.CONFIRMED, uuid7(), b"too large"))
        await until(lambda: parts.around.parcels)
        assert from_json(Finding, parts.around.parcels[0].body).evidence == ()

    running(parts, story)


def test_a_part_that_changes_is_said_at_once(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        parts.around.board = (
            PartReport(
                name="vision",
                state=PartState.UNAVAILABLE,
                because=Text(zh="视觉识别没有运行", en="vision is not running"),
                stamped_at=datetime.now(UTC),
            ),
        )
        parts.mission.tell(ev.Tick())
        assert parts.around.states[-1].parts == parts.around.board

    running(parts, story)
