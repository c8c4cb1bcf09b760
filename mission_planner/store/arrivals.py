"""What has just come in, durable in a file with a writer of its own: a cry for help waits for nobody else's work.

One row for each commit, written and acknowledged while the store's writer does something long. From here reports are
drawn into the store's inbox, calls for a person first and each urgency in order, in transactions that also say how
far: each is in the inbox exactly once, however the process dies. Rows are removed when that is on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from time import monotonic

from mission_planner.store.arrival_table import ArrivalTable
from mission_planner.store.backlog import Backlog
from mission_planner.store.protocol import Arrival, ArrivalRow, Tx, Urgency
from mission_planner.store.reserve import Reserve
from mission_planner.store.sqlite_file import SqliteFile
from patrol_core.errors import Unavailable

REMOVED_AT_ONCE = 8  # rows, with each that comes; nobody waits for more
TENDED_AT_ONCE = 500  # rows, when the store is tended


class Arrivals(SqliteFile):
    """Satisfies `ArrivalKeeper`; the queue is as in `GroupStore`.

    Grows with what is not drawn in yet, and uses its own free space again.
    """

    def __init__(self, path: Path, *, site_id: str, drawn_in: Mapping[Urgency, int], reserve: Reserve) -> None:
        """Open or make the file, and start its writer.

        Args:
            drawn_in: as the store says; rows to come are numbered after these, whatever became of this file.
            reserve: the store's; the store restores it.

        Raises:
            Unavailable: the file cannot be opened.
        """
        self._tables = {urgency: ArrivalTable(urgency, drawn_in=drawn_in[urgency]) for urgency in Urgency}
        try:
            _prepare(path, self._tables.values())
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: expected a file this program may write; came: {error}") from None
        super().__init__(path, site_id=site_id, capacity=2_000, group=500, reserve=reserve, readers=1)

    @property
    def backlogs(self) -> Mapping[Urgency, Backlog]:
        """What is there and not drawn in yet."""
        return {urgency: table.backlog for urgency, table in self._tables.items()}

    async def keep(self, arrivals: Mapping[Urgency, Sequence[Arrival]]) -> None:
        """Return once all of them are on disk.

        Raises:
            Unavailable: they are not; their sender sends again.
            InvalidInput: one holds text that is none.
        """
        upto = await self.write(partial(self._put, arrivals), vital=True)
        for urgency, came in arrivals.items():
            self._tables[urgency].backlog.came(upto[urgency], len(came), monotonic())

    def after(self, urgency: Urgency, seq: int, about: int) -> Sequence[ArrivalRow]:
        """The oldest rows after this one with about so many reports; for the store's writer."""
        return self._read(lambda tx: self._tables[urgency].after(tx, seq, about))

    def tend(self) -> None:
        """Remove what nobody's arrival has removed since, and give the space back."""
        if any(table.may_go for table in self._tables.values()):
            with suppress(Unavailable):
                self.submit(partial(self._remove, TENDED_AT_ONCE))
        super().tend()

    def forget(self, upto: Mapping[Urgency, int]) -> None:
        """Rows up to these are drawn in, and that is on disk: they may go."""
        for urgency, seq in upto.items():
            self._tables[urgency].forget(seq)

    def _put(self, arrivals: Mapping[Urgency, Sequence[Arrival]], tx: Tx) -> dict[Urgency, int]:
        self._remove(REMOVED_AT_ONCE, tx)
        return {urgency: self._tables[urgency].put(tx, came) for urgency, came in arrivals.items()}

    def _remove(self, at_most: int, tx: Tx) -> None:
        for table in self._tables.values():
            table.remove(tx, at_most)

    def _mind_reserve(self) -> None:
        """The store restores what both use."""


def _prepare(path: Path, tables: Iterable[ArrivalTable]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")
        for table in tables:
            table.prepare(db)
        db.execute("COMMIT")
