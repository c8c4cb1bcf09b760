"""What every channel of notifications does behind the outbox: each telling, in order, for as long as it takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from mission_planner.incidents.notify import outbox as following_outbox
from mission_planner.incidents.notify.channel import Channel
from mission_planner.incidents.notify.in_app import InApp
from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.incidents.notify.webhook import Webhook
from mission_planner.people import accounts
from mission_planner.people.roles import Role
from mission_planner.settings import Receiver
from mission_planner.store import account_notices, incidents, notices
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Unavailable
from patrol_core.kind import IncidentKind
from tests.contract.outboxes import AT, at_work, smoke
from tests.unit.mission_planner.world import soon, tiny_site

pytestmark = pytest.mark.anyio
Heard = Callable[[], Awaitable[list[UUID]]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "center.db", site_id="tiny")
    for username, role in (("zhang", Role.OPERATOR), ("li", Role.FIELD)):
        store.submit(lambda tx, u=username, r=role: _account(tx, u, r)).result(60)
    yield store
    store.close()


def _account(tx: Tx, username: str, role: Role) -> None:
    accounts.create(tx, username=username, display_name=username, password_hash="x", roles=[role], now=AT)


class Way:
    """A channel, and what came out at its end."""

    def __init__(self, name: str, store: SqliteStore) -> None:
        self.name = name
        self.store = store
        self.broken = False
        self.slow = asyncio.Event()  # until then it is busy with a telling about smoke
        self.slow.set()
        self.posted: list[UUID] = []

    def channel(self) -> Channel:
        return _Breakable(self, self._whole())

    def _whole(self) -> Channel:
        if self.name == InApp.name:
            return InApp(self.store, lambda: None)
        receiver = Receiver(url="http://receiver/events", secret="between-you-and-me")
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._take))
        return Webhook(self.store, tiny_site(), receiver, client)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(UUID(json.loads(request.content)["dedup_key"]))
        return httpx.Response(202)

    async def heard(self) -> list[UUID]:
        if self.name != InApp.name:
            return self.posted
        page = await self.store.read(
            lambda tx: account_notices.of_account(tx, "zhang", unread=True, limit=100, after=None)
        )
        return [found.notice.incident_id for found in reversed(page.items)]


class _Breakable:
    """The channel, with an end that a test may cut off."""

    def __init__(self, way: Way, whole: Channel) -> None:
        self._way = way
        self._whole = whole
        self.name = whole.name

    async def carry(self, waiting: Sequence[Notice]) -> None:
        if self._way.broken:
            raise Unavailable("nobody at the other end")
        if not self._way.slow.is_set() and await self._way.store.read(partial(_about_smoke, waiting)):
            await self._way.slow.wait()
        await self._whole.carry(waiting)

    async def close(self) -> None:
        await self._whole.close()


@pytest.fixture(params=[InApp.name, Webhook.name])
def way(request: pytest.FixtureRequest, store: SqliteStore) -> Way:
    return Way(request.param, store)


def following(way: Way) -> AbstractAsyncContextManager[Outbox]:
    return at_work(way.store, Outbox(way.store, way.channel()))


def _about_smoke(waiting: Sequence[Notice], tx: Tx) -> bool:
    return any(incidents.get(tx, notice.incident_id).incident.kind is IncidentKind.SMOKE for notice in waiting)


async def told(store: SqliteStore, kind: IncidentKind = IncidentKind.SMOKE) -> UUID:
    """An incident that opens, told to the operators."""
    row = smoke()
    row = replace(row, incident=replace(row.incident, kind=kind))

    def write(tx: Tx) -> None:
        incidents.put(tx, row)
        notices.add(tx, row.incident.incident_id, at=AT, action=NoticeAction.TRIGGER, tell=(Role.OPERATOR,))

    await store.write(write)
    return row.incident.incident_id


async def test_each_telling_arrives_once_and_in_order(store: SqliteStore, way: Way) -> None:
    async with following(way) as outbox:
        expected = []
        for n in range(1, 4):
            expected.append(await told(store))
            outbox.wake()
            await soon(lambda n=n: _arrived(way, n))
        newest = await store.read(notices.newest)
        await soon(lambda: store.read(lambda tx: notices.carried(tx, outbox.name) == newest))
    assert await way.heard() == expected


async def test_what_could_not_be_carried_is_tried_again_and_nothing_is_lost(
    store: SqliteStore, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_outbox, "RETRY_FIRST_S", 0.02)
    way.broken = True
    async with following(way) as outbox:
        expected = [await told(store), await told(store)]
        outbox.wake()
        await soon(lambda: outbox.trouble)
        assert await way.heard() == []
        way.broken = False
        await soon(lambda: _arrived(way, 2))
        await soon(lambda: outbox.trouble is None)
    assert await way.heard() == expected


async def test_a_new_process_goes_on_where_the_last_one_stood(store: SqliteStore, way: Way) -> None:
    async with following(way) as outbox:
        first = await told(store)
        outbox.wake()
        await soon(lambda: store.read(lambda tx: (notices.carried(tx, outbox.name) or 0) > 0))
    second = await told(store)
    async with following(way):
        await soon(lambda: _arrived(way, 2))
    assert await way.heard() == [first, second]


async def test_who_calls_for_a_person_waits_behind_no_other_telling(store: SqliteStore, way: Way) -> None:
    async with following(way) as outbox:
        way.slow.clear()
        fire = await told(store)
        outbox.wake()
        call = await told(store, IncidentKind.SOS)
        outbox.wake()
        await soon(lambda: _arrived(way, 1))
        assert await way.heard() == [call]
        way.slow.set()
        await soon(lambda: _arrived(way, 2))
    assert set(await way.heard()) == {fire, call}


async def test_a_channel_that_had_one_cursor_goes_on_with_both_where_it_stood(store: SqliteStore, way: Way) -> None:
    await told(store, IncidentKind.SOS)
    await store.write(lambda tx: notices.carry(tx, way.name, notices.newest(tx)))
    expected = {await told(store, IncidentKind.SOS), await told(store)}
    async with following(way):
        await soon(lambda: _arrived(way, 2))
    assert set(await way.heard()) == expected


async def test_a_channel_that_is_new_is_not_told_of_what_was_before(store: SqliteStore, way: Way) -> None:
    await told(store)
    async with following(way) as outbox:
        after = await told(store)
        outbox.wake()
        await soon(lambda: _arrived(way, 1))
    assert await way.heard() == [after]


async def test_in_the_console_each_hears_what_is_for_their_role_or_for_them_and_reads_it_once(
    store: SqliteStore,
) -> None:
    async with following(Way(InApp.name, store)) as outbox:
        incident_id = await told(store)
        order = NoticeAction.ORDER
        await store.write(lambda tx: notices.add(tx, incident_id, at=AT, action=order, people=["li"]))
        outbox.wake()
        await soon(lambda: store.read(lambda tx: account_notices.unread_count(tx, "li")))
    seen = {u: await store.read(lambda tx, u=u: _actions(tx, u)) for u in ("zhang", "li")}
    assert seen == {"zhang": [NoticeAction.TRIGGER], "li": [order]}
    newest = await store.read(notices.newest)
    await store.write(lambda tx: account_notices.read_up_to(tx, "li", newest))
    assert await store.read(lambda tx: account_notices.unread_count(tx, "li")) == 0
    assert await store.read(lambda tx: account_notices.unread_count(tx, "zhang")) == 1


async def _arrived(way: Way, count: int) -> bool:
    return len(await way.heard()) >= count


def _actions(tx: Tx, username: str) -> list[NoticeAction]:
    page = account_notices.of_account(tx, username, unread=True, limit=10, after=None)
    return [found.notice.action for found in page.items]
