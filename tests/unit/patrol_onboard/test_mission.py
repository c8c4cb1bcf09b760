"""The mission around the executor: what was decided is on disk before it is done, and nothing begun is left over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from patrol_core.errors import LinkLost, Unreachable
from patrol_core.geometry import Pose2
from patrol_core.mission import MissionKind
from patrol_core.part import PartReport, PartState
from patrol_core.site import Text
from patrol_onboard import events as ev
from patrol_onboard import phrases
from tests.unit.patrol_onboard.mission_parts import Parts, running, until


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
