"""Arrivals of one urgency: a table of their file, and a cursor in the store that says how far it is drawn in."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from time import monotonic

import msgspec
from sqlalchemy import select

from mission_planner.store.backlog import Backlog
from mission_planner.store.protocol import Arrival, ArrivalRow, Tx, Urgency
from mission_planner.store.schema import cursor
from mission_planner.store.sql import upsert

log = logging.getLogger(__name__)

IN_A_ROW = 100  # reports at most: rows are drawn in whole
_NAMES = {Urgency.CALL: "calls", Urgency.ALARM: "arrivals"}  # of the table, and of its cursor

_LEFT = (  # a row that cannot be read any more is one report, which somebody looks at
    "SELECT coalesce(sum(CASE json_valid(text) WHEN 1 THEN json_array_length(text) ELSE 1 END), 0),"
    " coalesce(max(seq), 0) FROM (SELECT seq, CAST(body AS TEXT) AS text FROM {table} WHERE seq > ?)"
)


class ArrivalTable:
    """Its statements; the transactions are its user's. Table names are from above."""

    def __init__(self, urgency: Urgency, *, drawn_in: int) -> None:
        """Args: drawn_in: as the store says."""
        self._name = _NAMES[urgency]
        self._drawn_in = drawn_in  # on disk, as far as is known here
        self._removed = 0
        self.backlog = Backlog()

    def prepare(self, db: sqlite3.Connection) -> None:
        """Make it where it is missing. A lost or older file must not number new rows as some that were drawn in."""
        name, drawn_in = self._name, self._drawn_in
        db.execute(f"CREATE TABLE IF NOT EXISTS {name} (seq INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)")
        known = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
        if known is None and drawn_in:
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, drawn_in))
        elif known is not None and known[0] < drawn_in:
            db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (drawn_in, name))
        left, upto = db.execute(_LEFT.format(table=name), (drawn_in,)).fetchone()
        self.backlog.came(upto, left, monotonic())  # at the latest: the process before knew

    def put(self, tx: Tx, arrivals: Sequence[Arrival]) -> int:
        """Keep them; the last row."""
        upto = 0
        for first in range(0, len(arrivals), IN_A_ROW):
            body = msgspec.json.encode(arrivals[first : first + IN_A_ROW])
            upto = int(tx.conn.exec_driver_sql(f"INSERT INTO {self._name} (body) VALUES (?)", (body,)).lastrowid)  # noqa: S608
        return upto

    def after(self, tx: Tx, seq: int, about: int) -> list[ArrivalRow]:
        """As `ArrivalKeeper.after`."""
        rows: list[ArrivalRow] = []
        count, upto, page = 0, seq, max(1, about // IN_A_ROW)
        while found := self._page(tx, upto, page):
            for number, body in found:
                rows.append(_row(number, body))
                count += len(rows[-1].arrivals)
                if count >= about:
                    return rows
            upto, page = rows[-1].seq, 2 * page
        return rows

    @property
    def may_go(self) -> bool:
        """Whether there are rows that are drawn in."""
        return self._removed != self._drawn_in

    def forget(self, upto: int) -> None:
        """Rows up to this one are drawn in, and that is on disk."""
        self._drawn_in = max(self._drawn_in, upto)
        self.backlog.went(upto)

    def remove(self, tx: Tx, at_most: int) -> None:
        """Remove rows that are drawn in."""
        if not self.may_go:
            return
        upto = self._drawn_in
        some = f"SELECT seq FROM {self._name} WHERE seq <= ? ORDER BY seq LIMIT ?"  # noqa: S608
        gone = tx.conn.exec_driver_sql(f"DELETE FROM {self._name} WHERE seq IN ({some})", (upto, at_most))  # noqa: S608
        if gone.rowcount < at_most:
            self._removed = upto

    def _page(self, tx: Tx, seq: int, rows: int) -> list[tuple[int, bytes]]:
        """In one value: SQLite gives the interpreter away at every row, and it is long in coming back."""
        some = f"SELECT seq, body FROM {self._name} WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
        found = tx.conn.exec_driver_sql(f"SELECT group_concat(seq || ' ' || hex(body)) FROM ({some})", (seq, rows))  # noqa: S608
        texts = [text.split(" ") for text in (found.scalar() or "").split(",") if text]
        return sorted((int(number), bytes.fromhex(body)) for number, body in texts)


def position(tx: Tx, urgency: Urgency) -> int:
    """The last row that was drawn into the store."""
    return tx.conn.scalar(select(cursor.c.position).where(cursor.c.name == _NAMES[urgency])) or 0


def drawn(tx: Tx, urgency: Urgency, upto: int) -> None:
    """Rows up to this one are in the store, with this transaction."""
    upsert(tx, cursor, {"name": _NAMES[urgency], "position": upto})


def _row(seq: int, body: bytes) -> ArrivalRow:
    try:
        return ArrivalRow(seq=seq, arrivals=_read(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("arrivals: row %d cannot be read any more: %s", seq, error)
        return ArrivalRow(seq=seq, arrivals=(), unreadable=body)


_read = msgspec.json.Decoder(list[Arrival]).decode
