"""The event stream: a snapshot, every change once, replay after a break, and nobody out of date for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mission_planner.api import stream
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio
DEVICE = "smoke-b1-1-1102"
Event = tuple[str | None, str, Any]


class Browser:
    """Reads one event stream."""

    def __init__(self, chunks: AsyncIterator[str]) -> None:
        self._chunks = chunks
        self.comments = 0

    async def next(self, *names: str) -> Event:
        """The next event of one of these names (any, when none is given)."""
        async with asyncio.timeout(60):
            async for event in self._events():
                if not names or event[1] in names:
                    return event
        raise AssertionError("the stream ended")

    async def _events(self) -> AsyncIterator[Event]:
        event_id, name, data = None, "message", ""
        async for line in self._chunks:
            if line.startswith(":"):
                self.comments += 1
            elif line.startswith("id: "):
                event_id = line[4:]
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and data:
                yield event_id, name, json.loads(data)
                event_id, name, data = None, "message", ""


@asynccontextmanager
async def browser(center: World, last_id: str | None = None) -> AsyncIterator[Browser]:
    headers = {"Last-Event-ID": last_id} if last_id is not None else {}
    async with center.http.stream("GET", "/events", headers=headers, timeout=None) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Browser(answer.aiter_lines())


async def test_a_new_page_gets_a_snapshot_and_then_each_change_as_the_get_shows_it(center: World) -> None:
    async with browser(center) as page:
        event_id, name, data = await page.next()
        assert name == "snapshot"
        assert event_id is not None
        assert {r["robot_id"] for r in data["robots"]} == {"r1", "r2"}
        assert data["incidents"] == data["missions"] == []
        await center.alarm(DEVICE, value=0.3)
        seen = {n: (i, d) for i, n, d in [await page.next() for _ in range(3)]}
        assert set(seen) == {"finding", "sensor", "incident"}
        assert seen["finding"][1]["value"] == 0.3
        incident = seen["incident"][1]
        shown = await center.get(f"/incidents/{incident['incident_id']}")
        assert incident == shown


async def test_a_page_that_comes_back_is_told_what_it_missed_and_nothing_twice(center: World) -> None:
    async with browser(center) as page:
        last_id, _, _ = await page.next("snapshot")
        await center.alarm(DEVICE, value=0.3)
        first_id, _, _ = await page.next("incident")
    assert last_id is not None
    assert first_id is not None
    await center.alarm(DEVICE, state="normal", value=0.5)

    async def known() -> bool:
        items = (await center.get("/incidents"))["items"]
        return bool(items and items[0]["findings_total"] == 2)

    await soon(known)
    async with browser(center, first_id) as page:
        missed = [await page.next() for _ in range(3)]
        assert {n for _, n, _ in missed} == {"finding", "sensor", "incident"}
        assert all(int(i or 0) > int(first_id) for i, _, _ in missed)
        assert next(d["value"] for _, n, d in missed if n == "finding") == 0.5


async def test_a_page_from_another_life_gets_a_snapshot(center: World) -> None:
    for strange in ("999999", "-1", "x", ""):
        async with browser(center, strange) as page:
            assert (await page.next())[1] == "snapshot"


async def test_poses_come_without_an_id_and_coalesced(center: World) -> None:
    async with browser(center) as page:
        await page.next("snapshot")
        robot = center.robot("r1")
        for x_m in range(200):
            robot.pose = type(robot.pose)(x_m=float(x_m), y_m=0.0)
            robot.speak()
        seen = 0
        while True:
            event_id, _, data = await page.next("poses")
            seen += 1
            assert event_id is None
            row = next(r for r in data["robots"] if r["robot_id"] == "r1")
            if row["pose"]["x_m"] == 199.0:
                break
        assert seen <= 3
        assert row["link"] == "online"


async def test_a_robot_that_falls_silent_is_told_as_lost_with_its_mission(center: World) -> None:
    center.robot("r1").speak()
    async with browser(center) as page:
        while True:
            _, _, data = await page.next("robot", "snapshot")
            robots = data.get("robots", [data])
            if any(r["robot_id"] == "r1" and r["link"] == "lost" and r["silence_s"] > 5 for r in robots):
                break


async def test_the_stream_ends_with_the_session(center: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "ASK_EVERY_S", 0.05)
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)
    async with browser(center) as page:
        await page.next("snapshot")
        cookies = dict(center.http.cookies)
        assert (await center.http.delete("/session")).status_code == 204
        assert cookies
        with pytest.raises(AssertionError, match="ended"):
            await page.next("incident")
