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

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction and return its value after the commit is on disk.

        Works run one at a time, in the order they were given, so each reads what the one before it wrote. Works that
        wait together are committed together; one that raises is undone alone.

        Raises:
            Unavailable: too many works wait, the disk refused the commit, or the store is closed. Nothing was kept;
                the caller tells its own caller to try again.
            whatever `work` raised: its changes are undone.
        """

    def submit(self, work: Callable[[Tx], T]) -> Future[T]:
        """`write` for callers outside asyncio. Same errors; a full queue raises at once."""

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on a snapshot of what is committed; it must not write."""

    def close(self) -> None:
        """Finish what waits, then close. Idempotent."""
