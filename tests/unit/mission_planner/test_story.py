"""The whole center with robots in memory: from an alarm to a closed incident, and a patrol that goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from patrol_core.incident import Certainty
from patrol_core.mission import MissionKind, MissionState, Outcome
from patrol_core.orders import OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity
from patrol_core.site import Text
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio
DEVICE = "smoke-b1-1-1102"


async def verify_mission(center: World) -> dict:
    async def found() -> dict | None:
        missions = (await center.get("/missions", kind="verify", active="true"))["items"]
        return missions[0] if missions else None

    return await soon(found)


async def incident(center: World, **wanted: object) -> dict:
    async def found() -> dict | None:
        items = (await center.get("/incidents", kind="smoke"))["items"]
        return next((i for i in items if all(i[k] == v for k, v in wanted.items())), None)

    return await soon(found)


async def verification(center: World, state: str) -> dict:
    async def found() -> dict | None:
        items = (await center.get("/incidents", kind="smoke"))["items"]
        return next((i for i in items if i["verification"]["state"] == state), None)

    return await soon(found)


async def test_an_alarm_becomes_an_incident_with_its_place_and_the_nearest_robot_looks(center: World) -> None:
    for robot in center.port.robots.values():
        robot.speak()
    await center.alarm(DEVICE, value=0.31, unit="%/m")
    opened = await verification(center, "sent")
    assert opened["kind"] == "smoke"
    assert opened["place"]["zh"] == "1 栋 1 单元 1102"
    assert opened["verification"]["because"]["zh"].startswith("最近且可用：")
    mission = await verify_mission(center)
    robot = center.robot(mission["robot_id"])
    assert [o.mission_kind for o in robot.take_orders()] == [MissionKind.VERIFY]
    report_id = robot.report(UUID(mission["mission_id"]), "scene")
    await soon(lambda: report_id in center.port.acknowledged)
    seen = await verification(center, "seen")
    assert len(seen["evidence"]) == 1
    assert [e["kind"] for e in seen["timeline"]] == ["opened", "sent", "photo"]
    done = await center.get(f"/missions/{mission['mission_id']}")
    assert (done["state"], done["done"]) == ("done", 1)


async def test_the_operator_acknowledges_and_closes_with_a_note(center: World) -> None:
    await center.alarm(DEVICE)
    opened = await incident(center)
    path = f"/incidents/{opened['incident_id']}"
    assert (await center.post(f"{path}/acknowledge"))["owner"] == "admin"
    refused = await center.http.post(f"{path}/close", json={"note": " "})
    assert refused.status_code == 422
    assert "proof" in refused.json()["error"]["message"]
    closed = await center.post(f"{path}/close", {"note": "厨房油烟，已通风"})
    assert (closed["state"], closed["because"]) == ("closed", "厨房油烟，已通风")
    again = await center.http.post(f"{path}/acknowledge", json={})
    assert again.status_code == 409
    reopened = await center.post(f"{path}/reopen")
    assert (reopened["state"], reopened["owner"]) == ("open", None)


async def test_a_robot_without_a_picture_is_followed_by_the_other_and_then_by_a_reason(center: World) -> None:
    for robot in center.port.robots.values():
        robot.speak()
    await center.alarm(DEVICE)
    first = await verify_mission(center)
    robot = center.robot(first["robot_id"])
    robot.take_orders()
    robot.report(UUID(first["mission_id"]), "scene", Outcome.NO_EVIDENCE)

    async def second_sent() -> dict | None:
        found = await verify_mission(center)
        return found if found["robot_id"] != first["robot_id"] else None

    second = await soon(second_sent)
    other = center.robot(second["robot_id"])
    other.take_orders()
    other.report(UUID(second["mission_id"]), "scene", Outcome.SKIPPED)
    failed = await verification(center, "failed")
    assert "都试过了" in failed["verification"]["because"]["zh"]
    assert failed["evidence"] == []


async def test_an_incident_waits_for_a_robot_and_says_why_until_one_is_there(center: World) -> None:
    await center.alarm(DEVICE)
    waiting = await verification(center, "waiting")
    assert "从未上线" in waiting["verification"]["because"]["zh"]
    center.robot("r2").speak()
    sent = await verification(center, "sent")
    assert sent["verification"]["robot_id"] == "r2"


async def test_closing_an_incident_calls_the_robot_off(center: World) -> None:
    center.robot("r1").speak()
    await center.alarm(DEVICE)
    mission = await verify_mission(center)
    center.robot("r1").take_orders()
    opened = await verification(center, "sent")
    await center.post(f"/incidents/{opened['incident_id']}/false-alarm", {"note": "炒菜"})
    await soon(lambda: [o.kind.value for o in center.port.sent][-1] == "cancel")
    center.robot("r1").take_orders()

    async def cancelled() -> bool:
        return bool((await center.get(f"/missions/{mission['mission_id']}"))["state"] == "cancelled")

    await soon(cancelled)
    ended = await center.get(f"/incidents/{opened['incident_id']}")
    assert ended["verification"]["state"] == "not_needed"
    assert center.robot("r1").missions[UUID(mission["mission_id"])].state is MissionState.CANCELLED


async def test_a_patrol_runs_is_preempted_and_ends(center: World) -> None:
    for robot in center.port.robots.values():
        robot.speak()
    viewpoints = sorted(center.site.viewpoints)[:4]
    patrol = await center.post(
        "/patrols",
        {
            "name": "夜巡",
            "viewpoint_ids": viewpoints,
            "rrule": "FREQ=DAILY",
            "starts_at": "2026-03-02T20:00",
            "timezone": "Asia/Shanghai",
            "robots_wanted": 1,
        },
        status=201,
    )
    run = await center.post(f"/patrols/{patrol['patrol_id']}/run", status=202)
    (mission_id,) = run["missions"]
    mission = await center.get(f"/missions/{mission_id}")
    robot = center.robot(mission["robot_id"])
    robot.take_orders()
    for checkpoint in mission["checkpoints"][:2]:
        robot.report(UUID(mission_id), checkpoint["checkpoint_id"])

    async def at(done: int, state: str) -> dict | None:
        found = await center.get(f"/missions/{mission_id}")
        return found if (found["done"], found["state"]) == (done, state) else None

    await soon(lambda: at(2, "underway"))
    robot.say_state(UUID(mission_id), MissionState.PAUSED, "先完成查看任务")
    paused = await soon(lambda: at(2, "paused"))
    assert paused["because"]["zh"] == "先完成查看任务"
    robot.say_state(UUID(mission_id), MissionState.UNDERWAY)
    for checkpoint in mission["checkpoints"][2:]:
        robot.report(UUID(mission_id), checkpoint["checkpoint_id"])
    await soon(lambda: at(4, "done"))
    runs = (await center.get(f"/patrols/{patrol['patrol_id']}/runs"))["items"]
    assert [(r["state"], r["by"]) for r in runs] == [("done", "admin")]


async def test_the_device_points_at_its_open_incident_and_lets_go_when_it_ends(center: World) -> None:
    await center.alarm(DEVICE, value=0.4, battery_pct=81)
    opened = await incident(center)
    device = await center.get(f"/sensors/{DEVICE}")
    assert (device["state"], device["value"], device["battery_pct"]) == ("alarm", 0.4, 81)
    assert device["incident_id"] == opened["incident_id"]
    await center.alarm(DEVICE, state="normal")
    cleared = await soon(lambda: _cleared(center))
    assert cleared["state"] == "open", "devices do not close incidents, people do"
    await center.post(f"/incidents/{opened['incident_id']}/close", {"note": "已通风"})
    assert (await center.get(f"/sensors/{DEVICE}"))["incident_id"] is None


async def _cleared(center: World) -> dict | None:
    found = await incident(center)
    return found if found["source_cleared_at"] else None


async def fall(center: World) -> dict | None:
    items = (await center.get("/incidents", kind="person_fallen"))["items"]
    return items[0] if items else None


async def test_a_robot_that_sees_a_fall_waits_there_until_an_operator_releases_it(center: World) -> None:
    robot = center.robot("r1")
    robot.activity = Activity.ATTENDING
    robot.speak()
    robot.finds()

    async def waited_at() -> dict | None:
        found = await fall(center)
        return found if found is not None and found["waiting_robot"] else None

    seen = await soon(waited_at)
    assert seen["waiting_robot"] == {"robot_id": "r1", "name": {"zh": "巡逻一号", "en": "Patrol One"}}
    assert (seen["certainty"], seen["verification"]["state"]) == ("confirmed", "seen")
    assert (seen["findings"][0]["certainty"], seen["findings"][0]["model"]) == ("confirmed", "blaze 0123")
    assert len(seen["timeline"][0]["picture"]["digest"]) == 64
    path = f"/incidents/{seen['incident_id']}/release"
    released = await center.post(path, {"note": "保安到了"}, status=202)
    assert released["waiting_robot"] is None
    robot.activity = Activity.TRAVELLING
    assert [o.kind for o in robot.take_orders()] == [OrderKind.RELEASE]
    assert (await center.post(path, status=202))["waiting_robot"] is None, "once more changes nothing"
    assert len({o.order_id for o in center.port.sent if o.kind is OrderKind.RELEASE}) == 1, "resent, not issued again"


async def test_releasing_where_nobody_waits_is_refused_in_words(center: World) -> None:
    center.robot("r1").finds(certainty=Certainty.SUSPECTED)
    found = await soon(lambda: fall(center))
    refused = await center.http.post(f"/incidents/{found['incident_id']}/release", json={})
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == "no robot waits at this incident: there is nobody to release"


async def test_the_eyes_of_all_robots_are_one_line_of_the_status(center: World) -> None:
    async def vision() -> dict:
        parts = (await center.get("/status"))["components"]
        return next(p for p in parts if p["name"] == "vision")

    assert (await vision())["state"] == "unavailable"
    well = PartReport(
        name="vision",
        state=PartState.OK,
        because=Text(zh="", en=""),
        version="blaze 0123",
        stamped_at=datetime.now(UTC),
    )
    covered = replace(well, state=PartState.DEGRADED, because=Text(zh="画面过暗", en="the picture is dark"))
    center.robot("r1").speak(parts=(well,))
    center.robot("r2").speak(parts=(covered,))
    told = await vision()
    assert told["state"] == "degraded"
    assert told["because"]["en"] == "ok on 1 of 2; degraded on r2: the picture is dark"
    center.robot("r2").speak(parts=(well,))
    assert (await vision())["because"]["en"] == "ok on 2 of 2"
    (part,) = (await center.get("/robots/r1"))["parts"]
    assert (part["name"], part["state"], part["version"]) == ("vision", "ok", "blaze 0123")
    assert part["age_s"] >= 0
    assert (await center.get("/robots/r1"))["cameras"][0]["camera_id"] == "front"
