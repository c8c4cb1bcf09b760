"""What every store promises: durable when it answers, one work after the other, one failure alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, insert, select

from mission_planner.store import findings, schema
from mission_planner.store.migrate import HEAD, MIGRATIONS
from mission_planner.store.protocol import Store, Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Conflict, Unavailable
from patrol_core.kind import IncidentKind

pytestmark = pytest.mark.anyio
AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "center.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = SqliteStore(path, site_id="xinghe")
    yield store
    store.close()


def put(report_id: str) -> object:
    def work(tx: Tx) -> str:
        tx.conn.execute(
            insert(schema.inbox).values(
                report_id=report_id, site_id=tx.site_id, kind="mqtt", topic="t", body="{}", received_at=AT, state="new"
            )
        )
        return report_id

    return work


def ids(tx: Tx) -> list[str]:
    return list(tx.conn.scalars(select(schema.inbox.c.report_id).order_by(schema.inbox.c.seq)))


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
    """Counted by the file's own change counter: 400 works must not cost 400 syncs."""
    begun = asyncio.Event()
    frames: list[int] = []

    def version(tx: Tx) -> int:
        return int(tx.conn.exec_driver_sql("PRAGMA data_version").scalar_one())

    writes = [asyncio.ensure_future(store.write(put(f"r{i}"))) for i in range(400)]
    begun.set()
    while not all(w.done() for w in writes):
        frames.append(await store.read(version))
        await asyncio.sleep(0)
    assert len(set(frames)) < 40


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match="readonly"):
        await store.read(put("r"))


async def test_a_full_queue_refuses_the_newest_with_a_sentence_and_keeps_the_rest(path: Path) -> None:
    store = SqliteStore(path, site_id="xinghe", capacity=3)
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Tx) -> None:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(10)

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


async def test_closing_finishes_what_waits_and_then_refuses(path: Path) -> None:
    store = SqliteStore(path, site_id="xinghe")
    futures = [store.submit(put(f"r{i}")) for i in range(100)]
    store.close()
    assert all(f.result(0) for f in futures)
    with pytest.raises(Unavailable, match="closed"):
        store.submit(put("late"))


async def test_a_full_disk_tells_everybody_who_waits_and_goes_on_when_there_is_room(path: Path) -> None:
    store = SqliteStore(path, site_id="xinghe")

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


WRITER = """
import asyncio, sys
from pathlib import Path
from datetime import UTC, datetime
from sqlalchemy import insert
from mission_planner.store import findings, schema
from mission_planner.store.sqlite import SqliteStore

async def main():
    store = SqliteStore(Path(sys.argv[1]), site_id="xinghe")
    async def one(i):
        row = dict(report_id=f"r{i}", site_id="xinghe", kind="mqtt", topic="t", body="{}", state="new")
        await store.write(lambda tx: tx.conn.execute(insert(schema.inbox).values(row)) and None)
        print(i, flush=True)
    i = 0
    while True:
        await asyncio.gather(*(one(i + k) for k in range(20)))
        i += 20

asyncio.run(main())
"""


def test_what_was_answered_survives_kill_9_in_the_middle_of_writing(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(300)]
        os.kill(process.pid, signal.SIGKILL)
        said += [int(line) for line in process.stdout if line.endswith("\n")]
    with sqlite3.connect(path) as db:
        kept = {row[0] for row in db.execute("SELECT report_id FROM inbox")}
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert not {f"r{i}" for i in said} - kept


def test_the_migrations_bring_a_file_to_exactly_the_schema(path: Path) -> None:
    SqliteStore(path, site_id="xinghe").close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), schema.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("revision", [r.revision for r in ScriptDirectory(str(MIGRATIONS)).walk_revisions()])
def test_a_file_of_every_earlier_version_comes_to_the_schema_with_what_it_holds(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["path"] = path
    command.upgrade(config, revision)
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO cursor (name, position) VALUES ('reports', 41)")
    db.close()
    SqliteStore(path, site_id="xinghe").close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), schema.metadata) == []
        assert conn.execute(select(schema.cursor.c.position)).scalar_one() == 41
    engine.dispose()


def test_a_file_of_the_first_version_keeps_its_findings_and_incidents(path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["path"] = path
    alembic.command.upgrade(config, "0001")
    body = (
        '{"finding_id":"018f0000-0000-7000-8000-000000000001","source":{"kind":"device","source_id":"smoke-1"},'
        '"kind":"smoke","phase":"raised","position_m":null,"observed_at":"2026-03-02T08:00:00+00:00","confidence":1.0}'
    )
    with sqlite3.connect(path) as db:
        db.execute(
            "INSERT INTO findings (finding_id, site_id, kind, phase, source_kind, source_id, observed_at, body) VALUES"
            " ('018f0000-0000-7000-8000-000000000001', 'xinghe', 'smoke', 'raised', 'device', 'smoke-1',"
            " '2026-03-02T08:00:00.000000Z', ?)",
            (body,),
        )
    db.close()
    store = SqliteStore(path, site_id="xinghe")
    try:
        kept = store.submit(lambda tx: findings.newest(tx, incident_id=None, limit=10, after=None)).result(10)
        (finding,) = (k.finding for k in kept.items)
        assert (finding.kind, finding.certainty, finding.model) == (IncidentKind.SMOKE, None, "")
    finally:
        store.close()


def test_head_names_the_newest_packaged_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_file_of_a_newer_version_is_refused_with_a_sentence(path: Path) -> None:
    SqliteStore(path, site_id="xinghe").close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(Unavailable, match="9999"):
        SqliteStore(path, site_id="xinghe")


def test_a_file_that_is_no_database_is_refused_with_a_sentence(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(Unavailable, match="expected a database"):
        SqliteStore(path, site_id="xinghe")


async def test_reads_count_what_is_committed(store: Store) -> None:
    await store.write(put("r"))
    assert await store.read(lambda tx: tx.conn.scalar(select(func.count()).select_from(schema.inbox))) == 1
