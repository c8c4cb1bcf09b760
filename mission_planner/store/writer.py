"""What both databases share: one writer thread that commits works in groups, and readers beside it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

from mission_planner import crash
from mission_planner.store.memory import Memory
from mission_planner.store.protocol import ArrivalKeeper, Tx
from mission_planner.store.reserve import Reserve
from patrol_core.errors import InvalidInput, PatrolError, Unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

READERS = 4
VITAL_ROOM = 500  # vital works that may wait beyond the capacity
SLOW_COMMIT_S = 10.0  # a commit that takes longer is trouble
RESTORE_S = 1.0  # how often a given-up reserve is looked after

NO_ANSWER_ZH = "中心的数据库没有应答，请稍后再试"
REFUSED_ZH = "中心的数据库不能写入，刚才的操作没有保存，请稍后再试"

_NO_TEXT = (UnicodeEncodeError, OverflowError, DataError)  # what a database cannot hold; never a full disk


@dataclass(frozen=True, slots=True)
class _Work:
    """One piece of work and who waits for it."""

    run: Callable[[Tx], Any]
    done: Future[Any]
    vital: bool


@dataclass(frozen=True, slots=True)
class _Raised:
    error: Exception


class GroupStore:
    """Satisfies `Store` on two engines.

    Queue: at most `capacity` works wait, and `VITAL_ROOM` vital ones more; overflow refuses the newest with
    Unavailable, so nothing that was accepted is ever dropped. A group is at most `group` works: what came in while the
    last group was being synced to disk. A group that finds the disk full is tried again with its vital works alone, the
    second time in the reserved space.
    """

    arrivals: ArrivalKeeper | None = None

    def __init__(
        self, *, site_id: str, writer: Engine, reader: Engine, capacity: int, group: int, reserve: Reserve | None = None
    ) -> None:
        self._site_id = site_id
        self._writer_engine = writer
        self._reader_engine = reader
        self._capacity = capacity
        self._group = group
        self._reserve = reserve
        self._memory = Memory()
        self._waiting: deque[_Work] = deque()
        self._something = threading.Condition()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._closed = False
        self._ended: Future[str] = Future()  # why the writer ended
        self._failed: str | None = None
        self._committing_s: float | None = None
        self._thread = threading.Thread(target=self._write_forever, name="store-write", daemon=True)
        self._thread.start()

    @property
    def refusal(self) -> str | None:
        """Why works that are not vital are refused for want of space; None while there is room."""
        return self._reserve.refusal if self._reserve is not None else None

    @property
    def trouble(self) -> str | None:
        """Why something is not kept now; None while all is."""
        if self._ended.done() and not self._closed:
            return self._ended.result()
        if self.refusal is not None:
            return self.refusal
        begun_s = self._committing_s
        if begun_s is not None and (slow_s := monotonic() - begun_s) > SLOW_COMMIT_S:
            return f"a commit has been running for {slow_s:.0f} s"
        return self._failed

    def submit(self, work: Callable[[Tx], T], *, vital: bool = False) -> Future[T]:
        done: Future[T] = Future()
        refusal = None if vital else self.refusal
        with self._something:
            if self._ended.done():
                raise Unavailable(self._ended.result())
            if self._closed:
                raise Unavailable("the store is closed")
            if refusal is not None:
                raise Unavailable(refusal)
            most = self._capacity + (VITAL_ROOM if vital else 0)
            if len(self._waiting) >= most:
                raise Unavailable(f"expected fewer than {most} writes waiting; try again")
            self._waiting.append(_Work(work, done, vital))
            self._something.notify()
        return done

    async def write(self, work: Callable[[Tx], T], *, vital: bool = False) -> T:
        # Shielded: a caller that goes away must not cancel a write that others are grouped with.
        return await asyncio.shield(asyncio.wrap_future(self.submit(work, vital=vital)))

    async def read(self, work: Callable[[Tx], T]) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def watch(self) -> None:
        because = await asyncio.shield(asyncio.wrap_future(self._ended))
        raise Unavailable(because)

    def tend(self) -> None:
        """Nothing to give back here."""

    def close(self) -> None:
        with self._something:
            if self._closed:
                return
            self._closed = True
            self._something.notify()
        self._thread.join()
        self._readers.shutdown()
        self._reader_engine.dispose()
        self._writer_engine.dispose()

    def _is_full(self, _error: BaseException) -> bool:
        """Whether the disk has no room; only where a reserve can be given up."""
        return False

    def _make_room(self) -> bool:
        """Free what can be freed for vital works; False when there is nothing more."""
        return self._reserve is not None and self._reserve.give_up()

    def _mind_reserve(self) -> None:
        """Take a given-up reserve back, where there is room again."""
        if self._reserve is not None and self._reserve.refusal is not None:
            self._reserve.restore()

    def _read(self, work: Callable[[Tx], T]) -> T:
        try:
            with self._reader_engine.connect() as conn, conn.begin():
                return work(Tx(conn=conn, site_id=self._site_id))
        except _NO_TEXT as error:
            raise _not_held(error) from error
        except (OperationalError, InterfaceError) as error:
            raise Unavailable(f"the database does not answer: {error.orig}", zh=NO_ANSWER_ZH) from error

    def _write_forever(self) -> None:
        because = "the store is closed"
        try:
            while (group := self._next_group()) is not None:
                if group:
                    self._committing_s = monotonic()
                    self._commit(group)
                    self._committing_s = None
                self._mind_reserve()
        except BaseException as error:
            because = f"the store's writer died: {type(error).__name__}: {error}"
            log.critical("%s", because, exc_info=error)
        with self._something:
            self._ended.set_result(because)
            left, self._waiting = list(self._waiting), deque()
        for work in left:
            _fail(work, Unavailable(because))

    def _next_group(self) -> list[_Work] | None:
        """What waits now; empty when it is time to look after the reserve; None once closed and done."""
        with self._something:
            while not self._waiting:
                if self._closed:
                    return None
                if not self._something.wait(RESTORE_S) and self._reserve is not None and self._reserve.refusal:
                    return []
            return [self._waiting.popleft() for _ in range(min(self._group, len(self._waiting)))]

    def _commit(self, group: list[_Work]) -> None:
        was_whole = self.refusal is None
        try:
            answers = self._transact(group)
        except BaseException as error:
            self._memory.forget()
            if self._is_full(error):
                freed_beside = was_whole and self.refusal is not None  # by another writer with the same reserve
                self._commit_vital(group, error, freed=freed_beside)
                return
            self._refuse(group, error)
            if isinstance(error, Exception):
                return
            raise
        self._failed = None
        for work, answer in answers:
            with suppress(Exception):  # a cancelled future has nobody waiting
                if isinstance(answer, _Raised):
                    work.done.set_exception(answer.error)
                else:
                    work.done.set_result(answer)

    def _commit_vital(self, group: list[_Work], error: BaseException, *, freed: bool) -> None:
        """The disk is full: only vital works go on, at first in what is left, then in what was reserved."""
        vital = [work for work in group if work.vital]
        fewer = len(vital) < len(group)
        if vital and (fewer or freed or self._make_room()):
            self._refuse([work for work in group if not work.vital], error)
            self._commit(vital)
        else:
            self._refuse(group, error)

    def _refuse(self, group: list[_Work], error: BaseException) -> None:
        """Nobody's work was kept, everybody is told, and the next group is tried afresh."""
        if not group:
            return
        because = f"the database refused a commit: {getattr(error, 'orig', error)}".strip()
        known = isinstance(error, (DBAPIError, PatrolError))
        log.error("%s", because, exc_info=None if known else error)
        self._failed = because
        for work in group:
            _fail(work, Unavailable(because, zh=REFUSED_ZH))

    def _transact(self, group: list[_Work]) -> list[tuple[_Work, Any]]:
        with self._writer_engine.connect() as conn, conn.begin():
            tx = Tx(conn=conn, site_id=self._site_id, memory=self._memory)
            answers = [(work, self._run(tx, work)) for work in group]
            crash.here("store-before-commit")
        self._memory.committed()
        crash.here("store-after-commit")
        return answers

    def _run(self, tx: Tx, work: _Work) -> Any:
        """The value of one work, or what it raised; undone alone when it raised."""
        try:
            with tx.savepoint():
                return work.run(tx)
        except (OperationalError, InterfaceError):
            raise  # a full disk or a lost connection has undone the whole transaction, savepoints and all
        except _NO_TEXT as error:
            return _Raised(_not_held(error))
        except Exception as error:  # noqa: BLE001 - it is handed to the one who gave the work
            return _Raised(error)


def _not_held(error: Exception) -> InvalidInput:
    return InvalidInput(f"expected text and numbers that the database can hold; came: {getattr(error, 'orig', error)}")


def _fail(work: _Work, error: Exception) -> None:
    with suppress(Exception):
        work.done.set_exception(error)
