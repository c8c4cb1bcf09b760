"""The store as the rest of the center sees it: transactions that run one after the other, reads beside them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tx:
    """One transaction on one site's data. `mission_planner.store.*` modules are its vocabulary."""

    conn: Connection
    site_id: str


class Store(Protocol):
    """Durable tables. Every implementation passes tests/contract/test_store.py."""

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
