"""The store in SQLite: one file for everything, and a small one beside it for what has just come in."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mission_planner.store import arrivals
from mission_planner.store.arrivals import Arrivals
from mission_planner.store.migrate import migrate_sqlite
from mission_planner.store.reserve import Reserve
from mission_planner.store.sqlite_file import SqliteFile


class SqliteStore(SqliteFile):
    """Satisfies `Store`; the queue is as in `GroupStore`."""

    def __init__(
        self, path: Path, *, site_id: str, capacity: int = 2_000, group: int = 500, reserve_bytes: int = 0
    ) -> None:
        """Open, bring to the newest schema, and start the writers.

        Args:
            reserve_bytes: kept free for vital works, in `reserve` beside the file.

        Raises:
            Unavailable: a file cannot be opened, or was written by a newer version.
        """
        migrate_sqlite(path)
        reserve = Reserve(path.with_name("reserve"), reserve_bytes)
        super().__init__(path, site_id=site_id, capacity=capacity, group=group, reserve=reserve)
        try:
            drawn_in = self._read(arrivals.position)
            beside = path.with_suffix(".arrivals.db")
            self.arrivals: Arrivals = Arrivals(beside, site_id=site_id, drawn_in=drawn_in, reserve=reserve)
        except BaseException:
            super().close()
            raise

    @property
    def trouble(self) -> str | None:
        return super().trouble or self.arrivals.trouble

    async def watch(self) -> None:
        both = [asyncio.ensure_future(super().watch()), asyncio.ensure_future(self.arrivals.watch())]
        try:
            ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            for one in both:
                one.cancel()

    def tend(self) -> None:
        super().tend()
        self.arrivals.tend()

    def close(self) -> None:
        super().close()
        self.arrivals.close()
