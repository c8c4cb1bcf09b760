"""What has just come in, durable in a file with a writer of its own: a cry for help waits for nobody else's work.

One row for each commit, written and acknowledged while the store's writer does something long. From here reports are
drawn into the store's inbox, in order, in transactions that also say how far: each is in the inbox exactly once,
however the process dies. Rows are removed when that is on disk.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from time import monotonic

import msgspec
from sqlalchemy import select

from mission_planner.store.backlog import Backlog
from mission_planner.store.protocol import Arrival, ArrivalRow, Tx
from mission_planner.store.reserve import Reserve
from mission_planner.store.schema import cursor
from mission_planner.store.sql import upsert
from mission_planner.store.sqlite_file import SqliteFile
from patrol_core.errors import Unavailable

log = logging.getLogger(__name__)

CURSOR = "arrivals"  # in the store: the last row that was drawn in
IN_A_ROW = 100  # reports at most: rows are drawn in whole
REMOVED_AT_ONCE = 8  # rows, with each that comes; nobody waits for more
TENDED_AT_ONCE = 500  # rows, when the store is tended
_TABLE = "CREATE TABLE IF NOT EXISTS arrivals (seq INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)"

_LEFT = (  # a row that cannot be read any more is one report, which somebody looks at
    "SELECT coalesce(sum(CASE json_valid(text) WHEN 1 THEN json_array_length(text) ELSE 1 END), 0),"
    " coalesce(max(seq), 0) FROM (SELECT seq, CAST(body AS TEXT) AS text FROM arrivals WHERE seq > ?)"
)


class Arrivals(SqliteFile):
    """Satisfies `ArrivalKeeper`; the queue is as in `GroupStore`.

    Grows with what is not drawn in yet, and uses its own free space again.
    """

    def __init__(self, path: Path, *, site_id: str, drawn_in: int, reserve: Reserve) -> None:
        """Open or make the file, and start its writer.

        Args:
            drawn_in: as the store says; rows to come are numbered after it, whatever became of this file.
            reserve: the store's; the store restores it.

        Raises:
            Unavailable: the file cannot be opened.
        """
        try:
            left, upto = _prepare(path, drawn_in)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: expected a file this program may write; came: {error}") from None
        self._drawn_in = drawn_in  # on disk, as far as is known here
        self._removed = 0
        self.backlog = Backlog()
        self.backlog.came(upto, left, monotonic())  # at the latest: the process before knew
        super().__init__(path, site_id=site_id, capacity=2_000, group=500, reserve=reserve, readers=1)

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Return once they are on disk.

        Raises:
            Unavailable: they are not; their sender sends again.
            InvalidInput: one holds text that is none.
        """
        upto = await self.write(partial(self._put, arrivals), vital=True)
        self.backlog.came(upto, len(arrivals), monotonic())

    def after(self, seq: int, about: int) -> Sequence[ArrivalRow]:
        """The oldest rows after this one with about so many reports; for the store's writer."""

        def look(tx: Tx) -> list[ArrivalRow]:
            rows: list[ArrivalRow] = []
            count, upto, page = 0, seq, max(1, about // IN_A_ROW)
            while found := _page(tx, upto, page):
                for number, body in found:
                    rows.append(_row(number, body))
                    count += len(rows[-1].arrivals)
                    if count >= about:
                        return rows
                upto, page = rows[-1].seq, 2 * page
            return rows

        return self._read(look)

    def tend(self) -> None:
        """Remove what nobody's arrival has removed since, and give the space back."""
        if self._removed != self._drawn_in:
            with suppress(Unavailable):
                self.submit(partial(self._remove, TENDED_AT_ONCE))
        super().tend()

    def forget(self, upto: int) -> None:
        """Rows up to this one are drawn in, and that is on disk: they may go."""
        self._drawn_in = max(self._drawn_in, upto)
        self.backlog.went(upto)

    def _put(self, arrivals: Sequence[Arrival], tx: Tx) -> int:
        self._remove(REMOVED_AT_ONCE, tx)
        upto = 0
        for first in range(0, len(arrivals), IN_A_ROW):
            body = msgspec.json.encode(arrivals[first : first + IN_A_ROW])
            upto = int(tx.conn.exec_driver_sql("INSERT INTO arrivals (body) VALUES (?)", (body,)).lastrowid)
        return upto

    def _remove(self, at_most: int, tx: Tx) -> None:
        if self._removed == (upto := self._drawn_in):
            return
        some = "SELECT seq FROM arrivals WHERE seq <= ? ORDER BY seq LIMIT ?"
        gone = tx.conn.exec_driver_sql(f"DELETE FROM arrivals WHERE seq IN ({some})", (upto, at_most))  # noqa: S608 - from above
        if gone.rowcount < at_most:
            self._removed = upto

    def _mind_reserve(self) -> None:
        """The store restores what both use."""


def position(tx: Tx) -> int:
    """The last row that was drawn into the store."""
    return tx.conn.scalar(select(cursor.c.position).where(cursor.c.name == CURSOR)) or 0


def drawn(tx: Tx, upto: int) -> None:
    """Rows up to this one are in the store, with this transaction."""
    upsert(tx, cursor, {"name": CURSOR, "position": upto})


def _page(tx: Tx, seq: int, rows: int) -> list[tuple[int, bytes]]:
    """In one value: SQLite gives the interpreter away at every row, and it is long in coming back."""
    some = "SELECT seq, body FROM arrivals WHERE seq > ? ORDER BY seq LIMIT ?"
    found = tx.conn.exec_driver_sql(f"SELECT group_concat(seq || ' ' || hex(body)) FROM ({some})", (seq, rows))  # noqa: S608 - from above
    texts = [text.split(" ") for text in (found.scalar() or "").split(",") if text]
    return sorted((int(number), bytes.fromhex(body)) for number, body in texts)


def _row(seq: int, body: bytes) -> ArrivalRow:
    try:
        return ArrivalRow(seq=seq, arrivals=_read(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("arrivals: row %d cannot be read any more: %s", seq, error)
        return ArrivalRow(seq=seq, arrivals=(), unreadable=body)


_read = msgspec.json.Decoder(list[Arrival]).decode


def _prepare(path: Path, drawn_in: int) -> tuple[int, int]:
    """A lost or older file must not number new rows as some that were drawn in.

    Returns:
        How many reports wait there, and the last row.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")
        db.execute(_TABLE)
        known = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'arrivals'").fetchone()
        if known is None and drawn_in:
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('arrivals', ?)", (drawn_in,))
        elif known is not None and known[0] < drawn_in:
            db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'arrivals'", (drawn_in,))
        db.execute("COMMIT")
        left, upto = db.execute(_LEFT, (drawn_in,)).fetchone()
        return left, upto
