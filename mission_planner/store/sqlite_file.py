"""One SQLite file as a `GroupStore` writes and reads it: WAL, synchronous=FULL, a log that is cut when it has grown."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from mission_planner.store.reserve import Reserve
from mission_planner.store.writer import READERS, GroupStore

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
WAL_LIMIT_BYTES = 16 * 1024 * 1024  # a longer log is put into the file and cut when the store is tended
LOG_PAGES = 4_000  # as long: one that is put into the file at every commit writes the same few pages again and again
FREE_PAGES = 2_000  # given back at once when the store is tended
READER_KIB, WRITER_KIB = 4_096, 32_768  # pages in memory; ids are random, so a flood's writes go everywhere


class SqliteFile(GroupStore):
    """A file that is there already, at the schema its user wants; the queue is as in `GroupStore`."""

    def __init__(
        self, path: Path, *, site_id: str, capacity: int, group: int, reserve: Reserve, readers: int = READERS
    ) -> None:
        self._path = path
        self._was_cut = False
        super().__init__(
            site_id=site_id,
            writer=_engine(path, pool_size=1, cache_kib=WRITER_KIB),
            reader=_engine(path, pool_size=readers, cache_kib=READER_KIB, query_only=True),
            capacity=capacity,
            group=group,
            reserve=reserve,
        )

    def tend(self) -> None:
        """Give free pages back to the disk, and cut the log when it has grown; a busy moment is let pass."""
        with suppress(sqlite3.OperationalError), closing(self._aside()) as db:
            db.executescript(f"PRAGMA incremental_vacuum({FREE_PAGES})")  # execute would stop after one page
        if self._log_bytes() > WAL_LIMIT_BYTES:
            self._cut_log()

    def _make_room(self) -> bool:
        """The log is cut first, and the reserve given up when that was not enough."""
        if not self._was_cut and self._cut_log():
            self._was_cut = True
            return True
        self._was_cut = False
        return super()._make_room()

    def _cut_log(self) -> bool:
        """Put the log into the file and give its space back; False where somebody reads or writes just now."""
        before = self._log_bytes()
        with suppress(sqlite3.OperationalError), closing(self._aside()) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return self._log_bytes() < before

    def _log_bytes(self) -> int:
        try:
            return self._path.with_name(self._path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def _aside(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=0.1, isolation_level=None)

    def _is_full(self, error: BaseException) -> bool:
        cause = getattr(error, "orig", error)
        return getattr(cause, "sqlite_errorcode", None) in _FULL


def _engine(path: Path, *, pool_size: int, cache_kib: int, query_only: bool = False) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 10.0},
    )

    @event.listens_for(engine, "connect")
    def _set_up(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.isolation_level = None  # SQLAlchemy's begin event below says BEGIN; the driver must not
        dbapi.execute("PRAGMA journal_mode=WAL")
        dbapi.execute("PRAGMA synchronous=FULL")
        dbapi.execute("PRAGMA foreign_keys=ON")
        dbapi.execute(f"PRAGMA cache_size=-{cache_kib}")  # per connection
        dbapi.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        if query_only:
            dbapi.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(conn: Any) -> None:
        conn.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
