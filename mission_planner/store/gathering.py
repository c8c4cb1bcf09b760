"""Rows that may wait until their transaction has many of them: one statement for a thousand instead of a thousand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table

from mission_planner.store.bulk import Clash, bulk_of, key_of

Row = Mapping[str, Any]


class Gathering:
    """Rows of one transaction that are not in the database yet. Bounded by the batch that gathers them."""

    def __init__(self) -> None:
        self.new: dict[Table, list[Row]] = {}
        self.put: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = {}
        self.late: dict[Table, dict[tuple[Any, ...], Callable[[], Row]]] = {}
        self.latest: dict[Table, dict[tuple[Any, ...], Row]] = {}

    @property
    def empty(self) -> bool:
        return not (self.new or self.put or self.late or self.latest)

    def append(self, table: Table, row: Row) -> None:
        """A row that no other is like."""
        self.new.setdefault(table, []).append(row)

    def upsert(self, table: Table, row: Row) -> None:
        """A row that takes the place of one with the same key, in what it says."""
        rows = self.put.setdefault(table, {})
        key = tuple([row[name] for name in key_of(table)])
        if key in rows:
            rows[key].update(row)
        else:
            rows[key] = dict(row)

    def upsert_later(self, table: Table, key: tuple[Any, ...], row: Callable[[], Row]) -> None:
        """As `upsert`, of a whole row that is only worked out when it is written: the last one counts."""
        self.late.setdefault(table, {})[key] = row

    def once(self, table: Table, key: tuple[Any, ...], row: Row) -> None:
        """A row that no other is like, but for those with this key: the last one counts, and stands last."""
        rows = self.latest.setdefault(table, {})
        rows.pop(key, None)
        rows[key] = row

    def take(self, write: Callable[[Gathering], None]) -> None:
        """Write all of it."""
        out = Gathering()
        out.new, out.put, out.late, out.latest = self.new, self.put, self.late, self.latest
        self.new, self.put, self.late, self.latest = {}, {}, {}, {}
        write(out)


def write_gathered(conn: Connection, rows: Gathering) -> None:
    """One statement for each table and set of columns."""
    for table, later in rows.late.items():
        for row in later.values():
            rows.upsert(table, row())
    for table, by_key in rows.put.items():
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for kept in by_key.values():
            alike.setdefault(tuple(kept), []).append(kept)
        for columns, several in alike.items():
            bulk_of(conn.dialect, table, columns, Clash.OVERWRITES).run(conn, several)
    for table, several_new in rows.new.items():
        bulk_of(conn.dialect, table, tuple(several_new[0])).run(conn, several_new)
    for table, by_name in rows.latest.items():
        several_new = list(by_name.values())
        bulk_of(conn.dialect, table, tuple(several_new[0])).run(conn, several_new)
