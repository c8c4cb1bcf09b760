"""The store in one SQLite file: WAL, synchronous=FULL, one writer thread that commits in groups."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Full, Queue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from mission_planner import crash
from mission_planner.store.memory import Memory
from mission_planner.store.migrate import migrate
from mission_planner.store.protocol import Tx
from patrol_core.errors import Unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

READERS = 4


@dataclass(frozen=True, slots=True)
class _Work:
    """One piece of work and who waits for it."""

    run: Callable[[Tx], Any]
    done: Future[Any]


class SqliteStore:
    """Satisfies `Store`.

    Queue: at most `capacity` works wait; overflow refuses the newest with Unavailable, so nothing that was accepted is
    ever dropped. A group is at most `group` works: what came in while the last group was being synced to disk.
    """

    def __init__(self, path: Path, *, site_id: str, capacity: int = 2_000, group: int = 500) -> None:
        """Open, bring to the newest schema, and start the writer.

        Raises:
            Unavailable: the file cannot be opened, or was written by a newer version.
        """
        self._site_id = site_id
        self._group = group
        self._path = path
        migrate(path)
        self._writer_engine = _engine(path, pool_size=1)
        self._reader_engine = _engine(path, pool_size=READERS, query_only=True)
        self._queue: Queue[_Work | None] = Queue(maxsize=capacity)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._closed = False
        self._trouble: str | None = None
        self._memory = Memory()
        self._thread = threading.Thread(target=self._write_forever, name="store-write", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """Why the last commit failed; None while commits succeed."""
        if not self._thread.is_alive() and not self._closed:
            return "the writer thread ended"
        return self._trouble

    def submit(self, work: Callable[[Tx], T]) -> Future[T]:
        done: Future[T] = Future()
        if self._closed:
            raise Unavailable("the store is closed")
        try:
            self._queue.put_nowait(_Work(work, done))
        except Full:
            raise Unavailable(f"expected fewer than {self._queue.maxsize} writes waiting; try again") from None
        return done

    async def write(self, work: Callable[[Tx], T]) -> T:
        # Shielded: a caller that goes away must not cancel a write that others are grouped with.
        return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[Tx], T]) -> T:
        with self._reader_engine.connect() as conn, conn.begin():
            return work(Tx(conn=conn, site_id=self._site_id))

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._readers.shutdown()
        self._reader_engine.dispose()
        self._writer_engine.dispose()

    def _write_forever(self) -> None:
        with self._writer_engine.connect() as conn:
            while True:
                group, last = self._next_group()
                if group:
                    self._commit(conn, group)
                if last:
                    return

    def _next_group(self) -> tuple[list[_Work], bool]:
        """What waits now, at least one work; and whether the store was closed behind it."""
        group: list[_Work] = []
        work = self._queue.get()
        while work is not None:
            group.append(work)
            if len(group) >= self._group or self._queue.empty():
                return group, False
            work = self._queue.get_nowait()
        return group, True

    def _commit(self, conn: Connection, group: list[_Work]) -> None:
        answers: list[tuple[_Work, Any]] = []
        try:
            with conn.begin():
                tx = Tx(conn=conn, site_id=self._site_id, memory=self._memory)
                answers = [(work, self._run(tx, work)) for work in group]
                crash.here("store-before-commit")
            self._memory.committed()
            crash.here("store-after-commit")
        except (OperationalError, sqlite3.OperationalError) as error:
            # A full or failing disk: nobody's work was kept, everybody is told, and the next group is tried afresh.
            self._trouble = f"the database refused a commit: {getattr(error, 'orig', error)}"
            self._memory.forget()
            log.error("%s", self._trouble)
            for work in group:
                _fail(work, Unavailable(self._trouble))
            return
        except BaseException as error:
            log.exception("the store's writer met an error it does not know")
            self._trouble = f"the database refused a commit: {error}"
            self._memory.forget()
            for work in group:
                _fail(work, Unavailable(self._trouble))
            return
        self._trouble = None
        for work, answer in answers:
            with suppress(Exception):  # a cancelled future has nobody waiting
                if isinstance(answer, _Raised):
                    work.done.set_exception(answer.error)
                else:
                    work.done.set_result(answer)

    def _run(self, tx: Tx, work: _Work) -> Any:
        """The value of one work, or what it raised; undone alone when it raised."""
        try:
            with tx.savepoint():
                return work.run(tx)
        except (OperationalError, sqlite3.OperationalError):
            raise  # a full disk has undone the whole transaction, savepoints and all
        except Exception as error:  # noqa: BLE001 - it is handed to the one who gave the work
            return _Raised(error)


@dataclass(frozen=True, slots=True)
class _Raised:
    error: Exception


def _fail(work: _Work, error: Exception) -> None:
    with suppress(Exception):
        work.done.set_exception(error)


def _engine(path: Path, *, pool_size: int, query_only: bool = False) -> Engine:
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
        dbapi.execute("PRAGMA cache_size=-4096")  # KiB, per connection
        if query_only:
            dbapi.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
