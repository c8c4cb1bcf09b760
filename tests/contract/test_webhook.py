"""The webhook against a real HTTP receiver: signed, in order, until it is taken, and never for what is over."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mission_planner.incidents.notify import outbox as following_outbox
from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.incidents.notify.webhook import Webhook
from mission_planner.people.roles import Role
from mission_planner.settings import Receiver
from mission_planner.store import incidents, notices
from mission_planner.store.notices import NoticeAction
from mission_planner.store.sqlite import SqliteStore
from tests.contract.outboxes import AT, at_work, smoke
from tests.helpers.waiting import free_port
from tests.unit.mission_planner.world import soon, tiny_site

pytestmark = pytest.mark.anyio
SECRET = "between-you-and-me"
TRIGGER, ACKNOWLEDGE, RESOLVE = NoticeAction.TRIGGER, NoticeAction.ACKNOWLEDGE, NoticeAction.RESOLVE


class Inbox:
    """A receiver that answers as told, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: list[int] = []  # of the next requests; 202 after the last
        self.taken: list[dict[str, Any]] = []
        self.tries = 0
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
                inbox.tries += 1
                status = inbox.answers.pop(0) if inbox.answers else 202
                if not hmac.compare_digest(expected, self.headers["X-Ronda-Signature"]):
                    status = 401
                if status == 202:
                    inbox.taken.append(json.loads(body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"


@pytest.fixture
def receiver() -> Iterator[Inbox]:
    inbox = Inbox()
    thread = threading.Thread(target=inbox.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield inbox
    inbox.server.shutdown()
    thread.join()
    inbox.server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "center.db", site_id="tiny")
    yield store
    store.close()


def following(store: SqliteStore, inbox: Inbox, **changes: Any) -> AbstractAsyncContextManager[Outbox]:
    receiver = Receiver(**{"url": inbox.url, "secret": SECRET, **changes})
    return at_work(store, Outbox(store, Webhook(store, tiny_site(), receiver)))


async def opened(store: SqliteStore) -> UUID:
    """A smoke incident in the store."""
    row = smoke(tiny_site().devices["smoke-1"].place)
    await store.write(lambda tx: incidents.put(tx, row))
    return row.incident.incident_id


async def note(store: SqliteStore, incident_id: UUID, action: NoticeAction, number: int = 0) -> None:
    at = AT + timedelta(seconds=number)
    await store.write(
        lambda tx: notices.add(tx, incident_id, at=at, action=action, number=number, tell=(Role.OPERATOR,))
    )


async def test_a_telling_leaves_signed_and_says_what_and_where(store: SqliteStore, receiver: Inbox) -> None:
    async with following(store, receiver, routing_key="R0UTE", console_url="https://ronda.example") as hook:
        incident_id = await opened(store)
        await note(store, incident_id, TRIGGER)
        hook.wake()
        await soon(lambda: receiver.taken)
    (event,) = receiver.taken
    assert (event["event_action"], event["dedup_key"], event["routing_key"]) == ("trigger", str(incident_id), "R0UTE")
    assert event["payload"]["summary"] == "烟感报警：1 栋 1 单元 201"
    assert event["payload"]["severity"] == "critical"
    assert event["client_url"] == f"https://ronda.example/#/incidents/{incident_id}"


async def test_a_receiver_that_fails_hears_it_as_soon_as_it_works(
    store: SqliteStore, receiver: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_outbox, "RETRY_FIRST_S", 0.02)
    receiver.answers = [500, 503, 429]
    async with following(store, receiver) as hook:
        await note(store, await opened(store), TRIGGER)
        hook.wake()
        await soon(lambda: hook.trouble)
        await soon(lambda: receiver.taken)
        await soon(lambda: hook.trouble is None)
    assert receiver.tries == 4


async def test_what_waits_outlives_the_process_and_what_is_over_calls_nobody(
    store: SqliteStore, receiver: Inbox
) -> None:
    async with following(store, receiver):
        pass
    over, open_one = await opened(store), await opened(store)
    await note(store, over, TRIGGER)
    await note(store, open_one, TRIGGER)
    await note(store, open_one, TRIGGER, 1)
    await note(store, over, RESOLVE)
    await note(store, open_one, TRIGGER, 2)
    async with following(store, receiver):
        await soon(lambda: receiver.taken)
        last = await store.read(notices.newest)
        await soon(lambda: store.read(lambda tx: notices.carried(tx, Webhook.name) == last))
    (event,) = receiver.taken
    assert event["dedup_key"] == str(open_one)
    assert event["payload"]["custom_details"]["telling"] == 2


async def test_an_end_is_told_to_whoever_heard_the_beginning(store: SqliteStore, receiver: Inbox) -> None:
    async with following(store, receiver) as hook:
        incident_id = await opened(store)
        for n, action in enumerate((TRIGGER, ACKNOWLEDGE, RESOLVE), start=1):
            await note(store, incident_id, action)
            hook.wake()
            await soon(lambda n=n: len(receiver.taken) == n)
    assert [event["event_action"] for event in receiver.taken] == ["trigger", "acknowledge", "resolve"]


async def test_words_the_receiver_refuses_do_not_hold_up_the_others(store: SqliteStore, receiver: Inbox) -> None:
    receiver.answers = [400]
    async with following(store, receiver) as hook:
        first, second = await opened(store), await opened(store)
        await note(store, first, TRIGGER)
        await note(store, second, TRIGGER)
        hook.wake()
        await soon(lambda: receiver.taken)
    assert [event["dedup_key"] for event in receiver.taken] == [str(second)]


async def test_a_receiver_that_is_new_is_not_told_of_what_was_before(store: SqliteStore, receiver: Inbox) -> None:
    await note(store, await opened(store), TRIGGER)
    async with following(store, receiver):
        newest = await store.read(notices.newest)
        assert await store.read(lambda tx: notices.carried(tx, Webhook.name)) == newest
    assert receiver.taken == []
