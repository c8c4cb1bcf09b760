"""Rows that may wait until their transaction has many of them: one statement for a thousand instead of a thousand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


class Gathering:
    """Rows of one transaction that are not in the database yet. Bounded by the batch that gathers them."""

    def __init__(self) -> None:
        self.new: dict[Table, list[Row]] = {}
        self.put: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = {}

    @property
    def empty(self) -> bool:
        return not self.new and not self.put

    def append(self, table: Table, row: Row) -> None:
        """A row that no other is like."""
        self.new.setdefault(table, []).append(row)

    def upsert(self, table: Table, row: Row) -> None:
        """A row that takes the place of one with the same key, in what it says."""
        rows = self.put.setdefault(table, {})
        key = tuple(row[column.name] for column in table.primary_key)
        if key in rows:
            rows[key].update(row)
        else:
            rows[key] = dict(row)

    def waiting(self, table: Table, key: tuple[Any, ...]) -> Row | None:
        """The row of this key that waits, if there is one."""
        return self.put.get(table, {}).get(key)

    def take(self, write: Callable[[Gathering], None]) -> None:
        """Write all of it."""
        out = Gathering()
        out.new, out.put, self.new, self.put = self.new, self.put, {}, {}
        write(out)


def write_gathered(conn: Connection, rows: Gathering) -> None:
    """One statement for each table and set of columns."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    for table, by_key in rows.put.items():
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in by_key.values():
            alike.setdefault(tuple(row), []).append(row)
        keys = [c.name for c in table.primary_key]
        for columns, several in alike.items():
            statement = insert(table)
            rest = {c: statement.excluded[c] for c in columns if c not in keys}
            conn.execute(
                statement.on_conflict_do_update(index_elements=keys, set_=rest)
                if rest
                else statement.on_conflict_do_nothing(),
                several,
            )
    for table, several_new in rows.new.items():
        conn.execute(insert(table), several_new)
