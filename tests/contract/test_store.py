"""What every store promises, on both databases: durable when it answers, works in order, one failure alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select

from mission_planner.store import schema, writer
from mission_planner.store.bulk import BLOCKS
from mission_planner.store.protocol import Store, Tx
from mission_planner.store.sql import append, insert_new, upsert
from mission_planner.store.sqlite import SqliteStore
from mission_planner.store.writer import VITAL_ROOM
from patrol_core.errors import Conflict, InvalidInput, Unavailable
from tests.contract.stores import AT, Place, ids, put
from tests.helpers.waiting import eventually

pytestmark = pytest.mark.anyio
INCIDENT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


async def test_what_a_write_answered_is_read_back_in_the_order_it_was_given(store: Store) -> None:
    answers = await asyncio.gather(*(store.write(put(f"r{i}")) for i in range(50)))
    assert answers == [f"r{i}" for i in range(50)]
    assert await store.read(ids) == answers


async def test_a_time_comes_back_to_the_microsecond_and_in_utc(store: Store) -> None:
    await store.write(put("r"))
    assert await store.read(lambda tx: tx.conn.scalar(select(schema.inbox.c.received_at))) == AT


async def test_a_work_that_raises_is_undone_alone_among_its_group(store: Store) -> None:
    def half(tx: Tx) -> None:
        put("half")(tx)
        raise Conflict("no")

    results = await asyncio.gather(
        store.write(put("before")), store.write(half), store.write(put("after")), return_exceptions=True
    )
    assert [type(r) for r in results] == [str, Conflict, str]
    assert await store.read(ids) == ["before", "after"]


async def test_works_that_wait_together_share_few_commits(store: Store) -> None:
    """Counted by the transactions they ran in: 400 works must not cost 400 syncs."""
    seen: set[int] = set()
    kept: list[Tx] = []
    gate = threading.Event()
    first = store.submit(lambda _tx: gate.wait(60))

    def noted(number: int) -> Callable[[Tx], object]:
        def work(tx: Tx) -> object:
            seen.add(id(tx))  # one for each group
            kept.append(tx)  # alive, so that no id is given twice
            return put(f"r{number}")(tx)

        return work

    writes = [asyncio.ensure_future(store.write(noted(i))) for i in range(400)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(asyncio.wrap_future(first), *writes)
    assert len(seen) < 10
    assert len(await store.read(ids)) == 400


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await store.read(put("r"))


async def test_a_full_queue_refuses_the_newest_with_a_sentence_and_keeps_the_rest(place: Place) -> None:
    store = place.open(capacity=3)
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Tx) -> None:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(60)

    started = store.submit(slow)
    futures = []
    with pytest.raises(Unavailable, match="expected fewer than 3 writes waiting"):
        for i in range(10):
            futures.append(store.submit(put(f"r{i}")))  # noqa: PERF401 - those before the refusal are awaited below
    gate.set()
    await asyncio.wrap_future(started)
    for future in futures:
        await asyncio.wrap_future(future)
    assert len(await store.read(ids)) == len(futures)
    store.close()


async def test_closing_finishes_what_waits_and_then_refuses(place: Place) -> None:
    store = place.open()
    futures = [store.submit(put(f"r{i}")) for i in range(100)]
    store.close()
    assert all(f.result(0) for f in futures)
    with pytest.raises(Unavailable, match="closed"):
        store.submit(put("late"))


async def test_a_full_disk_tells_everybody_who_waits_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "center.db", site_id="xinghe")

    def pages(limit: int) -> object:
        return lambda tx: tx.conn.exec_driver_sql(f"PRAGMA max_page_count={limit}").scalar_one()

    await store.write(pages(1))  # SQLite never goes below what is used: the next new page finds the disk full

    def big(tx: Tx) -> None:
        tx.conn.execute(
            insert(schema.inbox).values(
                report_id="big",
                site_id="xinghe",
                kind="mqtt",
                topic="t",
                body="x" * 200_000,
                received_at=AT,
                state="new",
            )
        )

    results = await asyncio.gather(store.write(put("neighbour")), store.write(big), return_exceptions=True)
    assert isinstance(results[1], Unavailable)
    assert "full" in str(results[1])
    assert store.trouble is not None
    await store.write(pages(1_000_000))
    await store.write(put("later"))
    assert store.trouble is None
    assert "later" in await store.read(ids)
    assert "big" not in await store.read(ids)
    store.close()


async def test_what_no_database_holds_is_the_senders_fault_and_undone_alone(store: Store) -> None:
    results = await asyncio.gather(
        store.write(put("before")), store.write(put("r\ud800")), store.write(put("after")), return_exceptions=True
    )
    assert [type(r) for r in results] == [str, InvalidInput, str]
    with pytest.raises(InvalidInput):
        await store.read(lambda tx: tx.conn.scalar(select(func.count()).where(schema.inbox.c.seq == 2**70)))
    assert await store.read(ids) == ["before", "after"]


async def test_a_writer_that_dies_is_noticed_and_leaves_nobody_waiting(store: Store) -> None:
    class Panic(BaseException):
        """What a Rust extension raises."""

    begun, gate = threading.Event(), threading.Event()

    def panics(_tx: Tx) -> None:
        begun.set()
        gate.wait(60)
        raise Panic("not in my hands")

    watching = asyncio.ensure_future(store.watch())
    first = store.submit(panics)
    await asyncio.to_thread(begun.wait, 10)
    waiting = [store.submit(put(f"r{i}")) for i in range(20)]
    gate.set()
    with pytest.raises(Unavailable, match="not in my hands"):
        await asyncio.wrap_future(first)
    for future in waiting:
        with pytest.raises(Unavailable, match="writer died"):
            await asyncio.wrap_future(future)
    with pytest.raises(Unavailable, match="the store's writer died: Panic: not in my hands"):
        await watching
    with pytest.raises(Unavailable, match="writer died"):
        await store.write(put("later"))
    assert "writer died" in str(store.trouble)
    assert await store.read(ids) == []


async def test_a_commit_that_takes_too_long_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SLOW_COMMIT_S", 0.05)
    gate = threading.Event()
    slow = store.submit(lambda _tx: gate.wait(60))
    await asyncio.to_thread(eventually, lambda: "a commit has been running for" in str(store.trouble))
    gate.set()
    await asyncio.wrap_future(slow)
    await asyncio.to_thread(eventually, lambda: store.trouble is None)


async def test_vital_works_are_taken_where_others_are_refused(place: Place) -> None:
    store = place.open(capacity=3)
    gate = threading.Event()
    first = store.submit(lambda _tx: gate.wait(60))
    eventually(lambda: not store._waiting)
    telemetry = [store.submit(put(f"t{i}")) for i in range(3)]
    with pytest.raises(Unavailable):
        store.submit(put("t3"))
    cries = [store.submit(put(f"sos{i}"), vital=True) for i in range(VITAL_ROOM)]
    with pytest.raises(Unavailable, match=f"expected fewer than {3 + VITAL_ROOM} writes waiting"):
        store.submit(put("too much"), vital=True)
    gate.set()
    await asyncio.gather(*map(asyncio.wrap_future, [first, *telemetry, *cries]))
    assert len(await store.read(ids)) == 3 + VITAL_ROOM
    store.close()


async def test_a_row_is_new_once_and_then_overwritten_in_what_is_given(store: Store) -> None:
    row = {"site_id": "xinghe", "device_id": "d1", "state": "normal", "unit": "", "last_seen_at": AT}
    assert await store.write(lambda tx: insert_new(tx, schema.devices, row))
    assert not await store.write(lambda tx: insert_new(tx, schema.devices, row))
    await store.write(lambda tx: upsert(tx, schema.devices, {**row, "state": "alarm", "value": 0.5}))
    found = await store.read(lambda tx: tx.conn.execute(select(schema.devices)).one())
    assert (found.device_id, found.state, found.value) == ("d1", "alarm", 0.5)


async def test_rows_that_waited_for_each_other_are_what_rows_written_one_by_one_are(store: Store) -> None:
    def write(tx: Tx, first: int, *, state: str) -> None:
        for n in range(first, first + BLOCKS[0] + 7):
            row = {"site_id": "xinghe", "device_id": f"d{n}", "state": state, "unit": "", "last_seen_at": AT}
            upsert(tx, schema.devices, row)
            told = {"site_id": "xinghe", "incident_id": INCIDENT, "at": AT, "action": "trigger", "number": n}
            append(tx, schema.notices, {**told, "tell": ["operator"], "people": []})

    def gathered(tx: Tx) -> None:
        with tx.gather():
            write(tx, 0, state="alarm")
            write(tx, 20, state="normal")

    def one_by_one(tx: Tx) -> None:
        write(tx, 0, state="alarm")
        write(tx, 20, state="normal")

    def kept(tx: Tx) -> list[Any]:
        devices = tx.conn.execute(select(schema.devices).order_by(schema.devices.c.device_id)).all()
        told = [c for c in schema.notices.c if c.name != "seq"]
        return [*devices, *tx.conn.execute(select(*told).order_by(schema.notices.c.seq)).all()]

    await store.write(gathered)
    found = await store.read(kept)
    await store.write(lambda tx: (tx.conn.execute(delete(schema.devices)), tx.conn.execute(delete(schema.notices))))
    await store.write(one_by_one)
    assert found == await store.read(kept)
    assert len(found) == BLOCKS[0] + 27 + 2 * (BLOCKS[0] + 7)


async def test_reads_count_what_is_committed(store: Store) -> None:
    await store.write(put("r"))
    assert await store.read(lambda tx: tx.conn.scalar(select(func.count()).select_from(schema.inbox))) == 1
