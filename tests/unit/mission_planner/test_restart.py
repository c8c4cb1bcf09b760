"""A center that stops and starts again goes on where it was."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from patrol_core.mission import MissionState
from tests.unit.mission_planner.world import World, soon, world

pytestmark = pytest.mark.anyio
DEVICE = "smoke-b1-1-1102"


async def patrol(center: World, robot_id: str) -> str:
    made = await center.post(
        "/patrols",
        {
            "name": "夜巡",
            "robot_ids": [robot_id],
            "viewpoint_ids": sorted(center.site.viewpoints)[:3],
            "rrule": "FREQ=DAILY",
            "starts_at": "2026-03-02T20:00",
            "timezone": "Asia/Shanghai",
        },
        status=201,
    )
    (mission_id,) = (await center.post(f"/patrols/{made['patrol_id']}/run", status=202))["missions"]
    return str(mission_id)


async def state_of(center: World, mission_id: str) -> str:
    return str((await center.get(f"/missions/{mission_id}"))["state"])


async def test_orders_nobody_took_are_sent_again_after_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        center.robot("r1").speak()
        mission_id = await patrol(center, "r1")
        same_start = center.robot("r1")
    async with world(tmp_path / "c") as center:
        await soon(lambda: center.port.sent)
        center.robot("r1").boot_id, center.robot("r1").sequence = same_start.boot_id, same_start.sequence
        center.robot("r1").take_orders()
        assert UUID(mission_id) in center.robot("r1").started

        async def underway() -> bool:
            return await state_of(center, mission_id) == "underway"

        await soon(underway)


async def test_missions_go_on_and_what_happened_meanwhile_is_merged(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        center.robot("r1").speak()
        mission_id = await patrol(center, "r1")
        before = center.robot("r1")
        before.take_orders()

        async def underway() -> bool:
            return await state_of(center, mission_id) == "underway"

        await soon(underway)
    async with world(tmp_path / "c") as center:
        shown = await center.get(f"/missions/{mission_id}")
        assert shown["state"] == "underway"
        robot = center.robot("r1")
        robot.order_epoch, robot.missions = before.order_epoch, before.missions
        robot.boot_id, robot.sequence = before.boot_id, before.sequence
        for checkpoint in shown["checkpoints"]:
            robot.report(UUID(mission_id), checkpoint["checkpoint_id"])
        robot.say_state(UUID(mission_id), MissionState.DONE)

        async def done() -> bool:
            found = await center.get(f"/missions/{mission_id}")
            return (found["state"], found["done"]) == ("done", 3)

        await soon(done)
        assert center.port.sent == [], "nothing was ordered again"


async def test_a_robot_not_heard_since_the_restart_is_as_old_as_its_last_word(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        center.robot("r1").speak()

        async def heard() -> bool:
            return (await center.get("/robots/r1"))["link"] == "online"

        await soon(heard)
    async with world(tmp_path / "c") as center:
        robot = await center.get("/robots/r1")
        assert robot["battery_pct"] == 90
        assert robot["silence_s"] is not None
        assert (await center.get("/robots/r2"))["link"] == "never"


async def test_incidents_and_logins_are_there_after_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        await center.alarm(DEVICE)

        async def opened() -> list[dict[str, object]]:
            return list((await center.get("/incidents"))["items"])

        (before,) = await soon(opened)
        cookies = center.http.cookies
    async with world(tmp_path / "c") as center:
        center.http.cookies = cookies
        (after,) = (await center.get("/incidents"))["items"]
        assert after["incident_id"] == before["incident_id"]
