"""What a store answered outlives its process and its server, and no two centers write to one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from mission_planner.store import schema
from mission_planner.store.postgres import PostgresStore
from patrol_core.errors import Unavailable
from tests.contract.stores import Place, ids, put
from tests.helpers import postgres

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def durable() -> Iterator[postgres.Server]:
    """A server that syncs to disk, to be killed."""
    server = postgres.Server(fsync=True)
    yield server
    server.stop()


WRITER = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import insert
from mission_planner.store import schema
from mission_planner.store.opening import open_store

async def main():
    store = open_store(sys.argv[1] or None, file=Path(sys.argv[2]), site_id="xinghe")
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


def writing(place: Place) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, place.address or "", str(place.file)], stdout=subprocess.PIPE, text=True
    )


def answered(process: subprocess.Popen[str], then: Callable[[], None]) -> set[str]:
    """The ids that were answered until something ended the writing."""
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(300)]
    then()
    said += [int(line) for line in process.stdout if line.endswith("\n")]
    return {f"r{i}" for i in said}


def kept_in(place: Place) -> set[str]:
    engine = create_engine(place.url)
    with engine.connect() as conn:
        kept = set(conn.scalars(select(schema.inbox.c.report_id)))
    engine.dispose()
    return kept


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_answered_survives_kill_9_in_the_middle_of_writing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("durable").database() if kind == "postgresql" else None
    place = Place(address=address, file=tmp_path / "center.db")
    with writing(place) as process:
        said = answered(process, process.kill)
    assert not said - kept_in(place)
    if address is None:
        with sqlite3.connect(place.file) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
    else:
        place.open().close()  # the dead one's lock is gone, too


def end(server: postgres.Server, process: subprocess.Popen[str]) -> None:
    server.kill()
    process.kill()


def test_what_was_answered_survives_kill_9_of_the_database_server(durable: postgres.Server, tmp_path: Path) -> None:
    place = Place(address=durable.database(), file=tmp_path / "unused")
    with writing(place) as process:
        said = answered(process, lambda: end(durable, process))
    durable.start()
    assert not said - kept_in(place)


async def test_a_store_goes_on_when_its_database_server_was_restarted(durable: postgres.Server, tmp_path: Path) -> None:
    store = PostgresStore(durable.database(), beside=tmp_path / "center.db", site_id="xinghe")
    await store.write(put("before"))
    durable.kill()
    with pytest.raises(Unavailable, match="the database refused a commit"):
        await store.write(put("lost"))
    assert store.trouble is not None
    with pytest.raises(Unavailable, match="does not answer"):
        await store.read(ids)
    durable.start()
    await store.write(put("after"))
    assert store.trouble is None
    assert await store.read(ids) == ["before", "after"]
    store.close()


def test_a_second_center_is_refused_while_the_first_writes(tmp_path: Path) -> None:
    server, beside = postgres.server(), tmp_path / "center.db"
    address = server.database()
    first = PostgresStore(address, beside=beside, site_id="xinghe")
    with pytest.raises(Unavailable, match="another center writes to this database"):
        PostgresStore(address, beside=beside, site_id="xinghe")
    first.close()
    PostgresStore(address, beside=beside, site_id="xinghe").close()
    server.drop(address)
