"""Rows that may wait until their transaction has many of them: one statement for a thousand instead of a thousand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

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
        key = tuple(row[column.name] for column in table.primary_key)
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

    def waiting(self, table: Table, key: tuple[Any, ...]) -> Row | None:
        """The row of this key that waits, if there is one."""
        return self.put.get(table, {}).get(key)

    def take(self, write: Callable[[Gathering], None]) -> None:
        """Write all of it."""
        out = Gathering()
        out.new, out.put, out.late, out.latest = self.new, self.put, self.late, self.latest
        self.new, self.put, self.late, self.latest = {}, {}, {}, {}
        write(out)


def write_gathered(conn: Connection, rows: Gathering) -> None:
    """One statement for each table and set of columns."""
    dialect = conn.dialect.name
    for table, later in rows.late.items():
        for row in later.values():
            rows.upsert(table, row())
    for table, by_key in rows.put.items():
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for kept in by_key.values():
            alike.setdefault(tuple(kept), []).append(kept)
        for columns, several in alike.items():
            conn.execute(_upsert(dialect, table, columns), several)
    for table, several_new in rows.new.items():
        conn.execute(_insert(table), several_new)
    for table, by_name in rows.latest.items():
        conn.execute(_insert(table), list(by_name.values()))


@cache
def _insert(table: Table) -> Executable:
    return insert(table)


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> Executable:
    """Building a statement costs more than running it."""
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    keys = [c.name for c in table.primary_key]
    rest = {c: statement.excluded[c] for c in columns if c not in keys}
    if not rest:
        return statement.on_conflict_do_nothing()
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)
