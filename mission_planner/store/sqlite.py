"""The store in SQLite: one file for everything, and a small one beside it for what has just come in."""

from __future__ import annotations

from pathlib import Path

from mission_planner.store.migrate import migrate_sqlite
from mission_planner.store.reserve import Reserve
from mission_planner.store.sqlite_file import SqliteFile
from mission_planner.store.with_arrivals import WithArrivals


class SqliteStore(WithArrivals, SqliteFile):
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
        self.open_arrivals(path.with_suffix(".arrivals.db"), reserve)
