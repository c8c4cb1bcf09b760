"""The event stream: a snapshot, every change once, replay after a break, and nobody out of date for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from mission_planner.api import stream
from mission_planner.api.views.common import See
from mission_planner.api.views.events import SnapshotView, snapshot_view
from mission_planner.fleet.live import Fleet
from mission_planner.people.roles import ROLES, Action, Role
from mission_planner.site_time import SiteTime
from mission_planner.store import events
from mission_planner.store.events import Subject
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Unavailable
from patrol_core.ids import uuid7
from patrol_core.robot import Activity
from patrol_core.site import Site
from tests.unit.mission_planner.world import AT, World, soon, state

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


# --- the stream by itself ---------------------------------------------------------------------------------------


@pytest.fixture
def fleet(site: Site) -> Fleet:
    return Fleet(site, SiteTime(1.0), known={})


async def changes(store: SqliteStore, count: int, subject: Subject = Subject.ROBOT) -> None:
    def write(tx: Tx) -> None:
        for i in range(count):
            audience = Action.ROBOT_VIEW.value if subject is Subject.ROBOT else Action.INCIDENT_VIEW.value
            subject_id = f"r{i % 2 + 1}" if subject is Subject.ROBOT else str(uuid7())
            events.add(tx, at=AT, subject=subject, subject_id=subject_id, audience=audience)

    await store.write(write)


async def test_a_browser_that_does_not_read_gets_a_snapshot_in_place_of_its_queue(
    store: SqliteStore, site: Site, fleet: Fleet
) -> None:
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    await told.begin()
    publishing = asyncio.create_task(told.publish())

    async def ask() -> frozenset[Action]:
        return ROLES[Role.ADMIN]

    listening = told.listen(ask=ask, last_id=None)
    assert b"event: snapshot" in await anext(listening)
    for _ in range(stream.QUEUE):
        await changes(store, 2)
        told.changed()
        await asyncio.sleep(0)
    listener = next(iter(told._listeners))
    await changes(store, 2)
    told.changed()
    await soon(lambda: listener.overflowed)
    assert b"event: snapshot" in await anext(listening)
    assert told.overflows == 1
    await changes(store, 1)
    told.changed()
    assert b"event: robot" in await anext(listening)
    publishing.cancel()
    await listening.aclose()


async def test_what_is_hurried_is_told_before_changes_that_wait_and_again_in_its_turn(
    store: SqliteStore, site: Site, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH", 2)
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    await told.begin()

    async def ask() -> frozenset[Action]:
        return ROLES[Role.ADMIN]

    listening = told.listen(ask=ask, last_id=None)
    await anext(listening)
    for _ in range(3):
        await changes(store, 2, Subject.INCIDENT)
    await changes(store, 1)
    assert await told._pass_on(), "more wait"
    told.changed([(Subject.ROBOT, "r1")])
    hurrying = asyncio.create_task(told.publish_hurried())
    listener = next(iter(told._listeners))
    await soon(lambda: len(listener.queue) == 3)
    publishing = asyncio.create_task(told.publish())
    await soon(lambda: len(listener.queue) == 8)
    assert [frame.event_id for frame in listener.queue] == [1, 2, None, 3, 4, 5, 6, 7]
    early, in_turn = (frame.data for frame in listener.queue if b"event: robot" in frame.data)
    assert in_turn == b"id: 7\n" + early
    publishing.cancel()
    hurrying.cancel()
    await listening.aclose()


async def test_browsers_that_come_together_share_one_snapshot_and_each_is_told_what_changed_since(
    store: SqliteStore, site: Site, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[frozenset[Action]] = []

    def draw(see: See, actions: frozenset[Action]) -> SnapshotView:
        drawn.append(actions)
        return snapshot_view(see, actions)

    monkeypatch.setattr(stream, "snapshot_view", draw)
    monkeypatch.setattr(stream, "SHARED_S", 60.0)
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    await told.begin()

    def browser_of(role: Role) -> AsyncIterator[bytes]:
        async def ask() -> frozenset[Action]:
            return ROLES[role]

        return told.listen(ask=ask, last_id=None)

    together = [browser_of(Role.ADMIN) for _ in range(4)]
    first = await asyncio.gather(*(anext(one) for one in together))
    assert len(set(first)) == len(drawn) == 1
    await changes(store, 1)
    later = browser_of(Role.ADMIN)
    assert await anext(later) == first[0], "the shared one"
    assert b"event: robot" in await anext(later), "and what changed since"
    other = browser_of(Role.FIELD)
    await anext(other)
    assert drawn == [ROLES[Role.ADMIN], ROLES[Role.FIELD]], "who may see something else gets another"
    await changes(store, stream.REPLAY)
    last = browser_of(Role.ADMIN)
    assert f"id: {stream.REPLAY + 1}\nevent: snapshot".encode() in await anext(last), "more than can be told one by one"
    for listening in (*together, later, other, last):
        await listening.aclose()


async def test_an_account_hears_only_of_what_it_may_see(store: SqliteStore, site: Site, fleet: Fleet) -> None:
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    await told.begin()
    publishing = asyncio.create_task(told.publish())

    async def ask() -> frozenset[Action]:
        return frozenset({Action.ROBOT_VIEW})

    listening = told.listen(ask=ask, last_id=None)
    snapshot = json.loads((await anext(listening)).split(b"data: ")[1])
    assert snapshot["incidents"] == snapshot["missions"] == []
    await changes(store, 1, Subject.INCIDENT)
    await changes(store, 1, Subject.ROBOT)
    told.changed()
    assert b"event: robot" in await anext(listening)
    publishing.cancel()
    await listening.aclose()


async def test_a_database_that_is_away_ends_nobodys_stream_and_a_session_that_is_over_does(
    store: SqliteStore, site: Site, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.01)
    answers = iter([ROLES[Role.ADMIN], Unavailable("the database does not answer"), ROLES[Role.ADMIN], None])

    async def ask() -> frozenset[Action] | None:
        answer = next(answers)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    listening = told.listen(ask=ask, last_id=None)
    assert b"event: snapshot" in await anext(listening)
    for _ in range(2):
        told.ask_again()
        assert await anext(listening) == stream.HEARTBEAT
    told.ask_again()
    with pytest.raises(StopAsyncIteration):
        await anext(listening)


@pytest.mark.parametrize("watching", [True, False], ids=["who watches", "who comes"])
async def test_what_is_told_of_a_robot_is_at_least_as_new_as_the_change_that_is_told(
    store: SqliteStore, site: Site, fleet: Fleet, monkeypatch: pytest.MonkeyPatch, watching: bool
) -> None:
    first = state(sequence=1)
    fleet.hear(first, at=AT)
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))
    await told.begin()

    async def ask() -> frozenset[Action]:
        return ROLES[Role.ADMIN]

    listening = told.listen(ask=ask, last_id=None)
    if watching:
        assert b'"attending"' not in await anext(listening)
    read = store.read

    async def read_late(work: Callable[[Tx], Any]) -> Any:
        """The reader has much to do: meanwhile the robot speaks, and its word is taken into the records."""
        if fleet.hear(replace(first, sequence=2, activity=Activity.ATTENDING), at=AT) is not None:
            await changes(store, 2)
        return await read(work)

    monkeypatch.setattr(store, "read", read_late)
    told.changed()
    publishing = asyncio.create_task(told.publish())
    assert b'"attending"' in await anext(listening)
    publishing.cancel()
    await listening.aclose()


async def test_closing_ends_every_stream(store: SqliteStore, site: Site, fleet: Fleet) -> None:
    told = stream.Stream(store=store, site=site, fleet=fleet, clock=SiteTime(1.0))

    async def ask() -> frozenset[Action]:
        return ROLES[Role.ADMIN]

    listening = told.listen(ask=ask, last_id=None)
    await anext(listening)
    told.close()
    with pytest.raises(StopAsyncIteration):
        await anext(listening)
    assert told.listeners == 0


def test_every_subject_has_an_audience_and_a_view() -> None:
    from mission_planner.api.views.events import _DRAW
    from mission_planner.bus import AUDIENCE

    assert set(AUDIENCE) == set(_DRAW) == set(Subject)
