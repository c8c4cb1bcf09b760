"""The store as the rest of the center sees it: transactions that run one after the other, reads beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from mission_planner.store.backlog import Backlog
from mission_planner.store.gathering import Gathering, write_gathered
from mission_planner.store.memory import Memory

T = TypeVar("T")


class Tx:
    """One transaction on one site's data. `mission_planner.store.*` modules are its vocabulary.

    While rows are gathered they wait for each other; whoever asks for the connection finds all of them written.
    """

    __slots__ = ("_conn", "_gathering", "memory", "site_id")

    def __init__(self, *, conn: Connection, site_id: str, memory: Memory | None = None) -> None:
        self._conn = conn
        self.site_id = site_id
        self.memory = memory or Memory()
        self._gathering: Gathering | None = None

    @property
    def conn(self) -> Connection:
        """The database, with everything in it that this transaction wrote so far."""
        self.flush()
        return self._conn

    @property
    def gathering(self) -> Gathering | None:
        """Where rows may wait; None where each is written at once."""
        return self._gathering

    def flush(self) -> None:
        """Write what waits."""
        if self._gathering is not None and not self._gathering.empty:
            self._gathering.take(partial(write_gathered, self._conn))

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Let rows wait for each other until the block ends; one that raises has written nothing more."""
        if self._gathering is not None:
            yield
            return
        self._gathering = Gathering()
        try:
            yield
            self.flush()
        finally:
            self._gathering = None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block does is undone, here and in the memory, when it raises."""
        self.flush()
        mark = self.memory.mark
        self._conn.exec_driver_sql("SAVEPOINT work")  # one inside another hides it; a third as long as begin_nested
        try:
            yield
            self.flush()
        except (OperationalError, InterfaceError):
            raise  # a full disk or a lost connection has undone the whole transaction, savepoints and all
        except BaseException:
            if self._gathering is not None:
                self._gathering.take(lambda _: None)  # its rows were never written
            self.memory.undo_to(mark)
            self._conn.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
            self._conn.exec_driver_sql("RELEASE SAVEPOINT work")
            raise
        self._conn.exec_driver_sql("RELEASE SAVEPOINT work")


class Arrival(NamedTuple):
    """One report, as it came."""

    kind: str  # as in the inbox
    report_id: str | None  # None: nobody has looked yet
    topic: str
    body: str  # as the inbox keeps it
    received_at: datetime | None  # UTC site time


class Urgency(StrEnum):
    """What waits together, each in the order in which it came; the first is taken through before the others."""

    CALL = "call"  # somebody asks for a person
    ALARM = "alarm"  # whatever else a sensor says


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalRow:
    """What one commit kept of one urgency."""

    seq: int
    arrivals: Sequence[Arrival]
    unreadable: bytes | None = None  # what stands there, where it is no longer what was written


class ArrivalKeeper(Protocol):
    """Where reports are durable before the store's own writer has time for them."""

    @property
    def backlogs(self) -> Mapping[Urgency, Backlog]:
        """What is there and not drawn in yet."""

    async def keep(self, arrivals: Mapping[Urgency, Sequence[Arrival]]) -> None:
        """Return once all of them are on disk.

        Raises:
            Unavailable: they are not; their sender sends again.
            InvalidInput: one holds text that is none.
        """

    def after(self, urgency: Urgency, seq: int, about: int) -> Sequence[ArrivalRow]:
        """The oldest rows after this one with about so many reports, all there are where those are fewer.

        For the store's writer; a row holds at most `arrivals.IN_A_ROW`.
        """

    def forget(self, upto: Mapping[Urgency, int]) -> None:
        """Rows up to these are in the store, and that is on disk: they may go."""


class Store(Protocol):
    """Durable tables. Every implementation passes tests/contract/test_store.py."""

    @property
    def arrivals(self) -> ArrivalKeeper | None:
        """Beside its writer; None where there is none, and reports go through `write` like everything else."""

    async def write(self, work: Callable[[Tx], T], *, vital: bool = False) -> T:
        """Run `work` in a transaction and return its value after the commit is on disk.

        Works run one at a time, in the order they were given, so each reads what the one before it wrote. Works that
        wait together are committed together; one that raises is undone alone. A work may be run a second time after
        all it did was undone.

        Args:
            vital: a cry for help hangs on it: it is taken where others have to wait, and may use the reserved space of
                a full disk.

        Raises:
            Unavailable: too many works wait, the disk refused the commit, or the store is closed. Nothing was kept;
                the caller tells its own caller to try again.
            InvalidInput: a text or number that the database cannot hold; nothing was kept.
            whatever `work` raised: its changes are undone.
        """

    def submit(self, work: Callable[[Tx], T], *, vital: bool = False) -> Future[T]:
        """`write` for callers outside asyncio. Same errors; a full queue raises at once."""

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on a snapshot of what is committed; it must not write.

        Raises:
            Unavailable: the database does not answer, or the store is closed.
            InvalidInput: a text or number that the database cannot hold.
        """

    async def watch(self) -> None:
        """Wait while the writer lives.

        Raises:
            Unavailable: the writer has died: nothing will ever be kept again, and the process has to end.
        """

    @property
    def trouble(self) -> str | None:
        """Why something is not kept now; None while all is."""

    def tend(self) -> None:
        """Give unused space back; called now and then, blocks a little."""

    def close(self) -> None:
        """Finish what waits, then close. Idempotent."""
