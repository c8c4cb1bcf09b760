"""What has just come in: durable while the store's writer does something else, and in the inbox exactly once."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from mission_planner.incidents import drawing
from mission_planner.incidents.drawing import UNREADABLE
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.incidents.inlet import Inlet
from mission_planner.store import inbox, schema
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.opening import open_store
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import InvalidInput, Unavailable
from tests.helpers import postgres
from tests.helpers.drawing import draw_all, keep_drawn
from tests.unit.mission_planner.world import BUTTON, calling_site

pytestmark = pytest.mark.anyio
SITE = calling_site()
AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "center.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqliteStore]:
    store = opened(file)
    yield store
    store.close()


def opened(file: Path) -> SqliteStore:
    return SqliteStore(file, site_id="tiny")


def beside(file: Path) -> Path:
    return file.with_suffix(".arrivals.db")


def message(number: int, device: str = "smoke-1") -> RawMessage:
    body = json.dumps({"state": "alarm", "boot": "b", "seq": number}).encode()
    return RawMessage(
        topic=f"tiny/sensors/{device}/event",
        payload=body,
        qos=1,
        retain=False,
        client_id="c",
        username=None,
        received_at=AT,
    )


async def numbers(store: SqliteStore) -> list[int]:
    def look(tx: Tx) -> list[int]:
        return [json.loads(body)["seq"] for body in tx.conn.scalars(select(schema.inbox.c.body))]

    return await store.read(look)


async def drawn_at_once(store: SqliteStore, about: int) -> list[str]:
    """The topics of what one transaction of that size draws."""
    drawn = await store.write(lambda tx: keep_drawn(store.arrivals, tx, about))
    store.arrivals.forget(drawn.upto)
    return [report.topic for report in drawn.reports]


def rows(file: Path) -> int:
    with closing(sqlite3.connect(beside(file))) as db:
        return sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("arrivals", "calls"))


async def test_a_cry_for_help_is_on_disk_while_the_stores_writer_does_something_long(
    store: SqliteStore, file: Path
) -> None:
    gate = threading.Event()
    long = store.submit(lambda _tx: gate.wait(30))
    await Inlet(store, SITE).keep([message(1)])
    assert not long.done()
    assert rows(file) == 1, "another process sees it: it is committed"
    gate.set()


async def test_what_was_kept_is_drawn_in_as_it_came_once_and_in_order(store: SqliteStore) -> None:
    inlet = Inlet(store, SITE)
    for first in range(0, 2_500, 500):
        await inlet.keep([message(n) for n in range(first, first + 500)])
    await inlet.keep([message(7)])  # sent again
    await draw_all(store)
    await draw_all(store)
    assert await numbers(store) == list(range(2_500))
    (oldest,) = await store.read(lambda tx: inbox.waiting(tx, 1))
    assert (oldest.report.topic, oldest.report.received_at) == ("tiny/sensors/smoke-1/event", AT)
    assert oldest.report == drawing.report_of(message(0))


async def test_who_calls_for_a_person_waits_behind_no_alarm(store: SqliteStore) -> None:
    inlet = Inlet(store, SITE)
    for first in range(0, 2_000, 500):
        await inlet.keep([message(n) for n in range(first, first + 500)])
    await inlet.keep([message(2_000, BUTTON), message(2_001)])
    drawn = await drawn_at_once(store, 100)
    assert drawn[0] == message(0, BUTTON).topic
    assert len(drawn) == 101, "and the oldest of the others beside it"
    await draw_all(store)
    assert sorted(await numbers(store)) == list(range(2_002))


async def test_alarms_do_not_stand_still_behind_calls(store: SqliteStore) -> None:
    inlet = Inlet(store, SITE)
    await inlet.keep([message(n) for n in range(500)])
    await inlet.keep([message(n, BUTTON) for n in range(500)])
    drawn = await drawn_at_once(store, 200)
    assert drawn.count(message(0, BUTTON).topic) == 200
    assert drawn.count(message(0).topic) == 100, "a row is drawn in whole"


async def test_reports_that_came_another_way_keep_their_ids(store: SqliteStore) -> None:
    report = Report(report_id="r1", kind=ReportKind.FINDING, topic="r", body="{}", received_at=None)
    await Inlet(store, SITE).keep_reports([report])
    await draw_all(store)
    (kept,) = await store.read(lambda tx: inbox.waiting(tx, 10))
    assert kept.report == report


async def test_what_was_not_drawn_in_before_the_end_is_drawn_in_after_it(file: Path) -> None:
    before = opened(file)
    await Inlet(before, SITE).keep([message(1)])
    await draw_all(before)
    await Inlet(before, SITE).keep([message(2)])
    before.close()
    after = opened(file)
    await draw_all(after)
    assert await numbers(after) == [1, 2]
    after.close()


async def test_a_drawing_that_was_undone_is_done_again(store: SqliteStore) -> None:
    await Inlet(store, SITE).keep([message(1)])

    def fails(tx: Tx) -> None:
        assert keep_drawn(store.arrivals, tx).rows == 1
        raise RuntimeError("after it")

    with pytest.raises(RuntimeError):
        await store.write(fails)
    assert await numbers(store) == []
    await draw_all(store)
    assert await numbers(store) == [1]


async def test_rows_go_when_they_are_drawn_in_and_others_stay(store: SqliteStore, file: Path) -> None:
    inlet = Inlet(store, SITE)
    for number in range(30):
        await inlet.keep([message(number)])
    assert rows(file) == 30
    await draw_all(store)
    for number in range(30, 40):
        await inlet.keep([message(number)])
    assert rows(file) == 10
    await draw_all(store)
    assert await numbers(store) == list(range(40))


async def test_what_no_arrival_has_removed_goes_when_the_store_is_tended(store: SqliteStore, file: Path) -> None:
    for number in range(3):
        await Inlet(store, SITE).keep([message(number)])
    await draw_all(store)
    assert rows(file) == 3
    store.tend()
    await store.arrivals.write(lambda _tx: None)  # behind it
    assert rows(file) == 0


@pytest.mark.parametrize("device", ["smoke-1", BUTTON])
@pytest.mark.parametrize("older", [True, False], ids=["an older copy", "none"])
async def test_whatever_became_of_the_file_what_comes_after_is_drawn_in(
    file: Path, tmp_path: Path, *, older: bool, device: str
) -> None:
    before = opened(file)
    await Inlet(before, SITE).keep([message(0, device)])
    before.close()
    shutil.copy(beside(file), tmp_path / "copy")
    before = opened(file)
    for number in range(1, 9):
        await Inlet(before, SITE).keep([message(number, device)])
    await draw_all(before)
    before.close()
    beside(file).unlink()
    if older:
        shutil.copy(tmp_path / "copy", beside(file))
    after = opened(file)
    await Inlet(after, SITE).keep([message(9, device)])
    await draw_all(after)
    assert await numbers(after) == list(range(10))
    after.close()


async def test_a_row_that_cannot_be_read_any_more_is_shown_and_blocks_nobody(store: SqliteStore, file: Path) -> None:
    await Inlet(store, SITE).keep([message(1)])
    with closing(sqlite3.connect(beside(file))) as db, db:
        db.execute("UPDATE arrivals SET body = ?", (b'[["mqtt",null,\xff\x00',))
    await Inlet(store, SITE).keep([message(2)])
    await draw_all(store)
    kept = await store.read(lambda tx: inbox.waiting(tx, 10))
    assert [k.report.topic for k in kept] == [UNREADABLE, "tiny/sensors/smoke-1/event"]
    assert kept[0].report.body.startswith("b64:")


async def test_a_message_whose_id_cannot_be_said_is_kept_under_one_of_its_own(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_topic: str, _payload: bytes) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(drawing, "message_id", breaks)
    await Inlet(store, SITE).keep([message(1), message(2)])
    await draw_all(store)
    assert await numbers(store) == [1, 2]


async def test_text_that_is_none_is_its_senders_fault_and_refused_alone(store: SqliteStore) -> None:
    def report(body: str) -> Report:
        return Report(report_id=body[:1], kind=ReportKind.MQTT, topic="t", body=body, received_at=None)

    inlet = Inlet(store, SITE)
    good, bad = await asyncio.gather(
        inlet.keep_reports([report("x")]), inlet.keep_reports([report("y\ud800")]), return_exceptions=True
    )
    assert good is None
    assert isinstance(bad, InvalidInput)


async def test_the_arrivals_writer_that_dies_is_noticed_and_leaves_nobody_waiting(store: SqliteStore) -> None:
    class Panic(BaseException):
        """What a Rust extension raises."""

    def panics(_tx: Tx) -> None:
        raise Panic("not in my hands")

    watching = asyncio.ensure_future(store.watch())
    with pytest.raises(Unavailable, match="not in my hands"):
        await store.arrivals.write(panics)
    with pytest.raises(Unavailable, match="writer died"):
        await watching
    with pytest.raises(Unavailable, match="writer died"):
        await Inlet(store, SITE).keep([message(1)])
    assert "writer died" in str(store.trouble)


async def test_a_file_that_is_no_database_is_named(file: Path) -> None:
    beside(file).write_bytes(b"nothing of the kind" * 1_000)
    with pytest.raises(Unavailable, match=r"center\.arrivals\.db: expected a file this program may write"):
        opened(file)


async def test_on_postgresql_reports_are_on_the_centers_own_disk_first(file: Path) -> None:
    server = postgres.server()
    address = server.database()
    gate = threading.Event()
    with closing(open_store(address, file=file, site_id="tiny")) as store:
        long = store.submit(lambda _tx: gate.wait(30))
        await Inlet(store, SITE).keep([message(1)])
        assert not long.done()
        assert rows(file) == 1
        gate.set()
        await draw_all(store)
        (kept,) = await store.read(lambda tx: inbox.waiting(tx, 10))
        assert kept.report == drawing.report_of(message(1))
    server.drop(address)
