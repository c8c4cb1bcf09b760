"""The event stream by itself: slow browsers, shared snapshots, what goes first, who hears what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
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
from tests.unit.mission_planner.world import AT, soon, state

pytestmark = pytest.mark.anyio


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
