"""The few statements SQLite and PostgreSQL spell in a dialect of their own, and the page of a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite

from mission_planner.store.bulk import Clash, bulk_of
from mission_planner.store.protocol import Tx

T = TypeVar("T")

MAX_PAGE = 200
AT_ONCE = 500  # texts in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A part of a list, and the cursor of the next part."""

    items: tuple[T, ...]
    next: str | None  # None at the end


def page_of(found: Sequence[T], limit: int, cursor_of: Any) -> Page[T]:
    """A page from `limit + 1` rows that were asked for."""
    items = tuple(found[:limit])
    return Page(items=items, next=str(cursor_of(items[-1])) if len(found) > limit else None)


def insert_new(tx: Tx, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there already; whether it was new."""
    statement = _insert(tx)(table).values(dict(row)).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)  # else only SQLite's driver still knows
    return bool(tx.conn.execute(counted).rowcount == 1)


def append(tx: Tx, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row that no other is like; nobody needs its number."""
    if tx.gathering is not None:
        tx.gathering.append(table, row)
    else:
        tx.conn.execute(_insert(tx)(table).values(dict(row)))


def insert_all_new(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows whose keys are not there yet, in one round."""
    if rows:
        bulk_of(tx.conn.dialect, table, tuple(rows[0]), Clash.IGNORED).run(tx.conn, rows)


def known_among(tx: Tx, column: Column[str], values: Collection[str]) -> frozenset[str]:
    """Those of these texts that stand in a column. In blocks of one length: their statement is made once."""
    wanted, found = list(values), set[str]()
    mark = "?" if tx.conn.dialect.positional and tx.conn.dialect.paramstyle == "qmark" else "%s"
    query = f"SELECT {column.name} FROM {column.table.name} WHERE {column.name} IN ({', '.join([mark] * AT_ONCE)})"  # noqa: S608 - names of ours
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        some += [some[0]] * (AT_ONCE - len(some))
        found.update(row[0] for row in tx.conn.exec_driver_sql(query, tuple(some)))
    return frozenset(found)


def add_up(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or add their numbers to those of the rows with the same primary keys; in one round."""
    if rows:
        bulk_of(tx.conn.dialect, table, tuple(rows[0]), Clash.ADDS_UP).run(tx.conn, rows)


def upsert(tx: Tx, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or overwrite the columns given in the row with the same primary key."""
    if tx.gathering is not None:
        tx.gathering.upsert(table, values)
        return
    keys = [c.name for c in table.primary_key]
    rest = {k: v for k, v in values.items() if k not in keys}
    statement = _insert(tx)(table).values(dict(values))
    tx.conn.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=rest) if rest else statement.on_conflict_do_nothing()
    )


def upsert_all(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """`upsert` for many rows with the same columns, in one round."""
    if not rows:
        return
    keys = [c.name for c in table.primary_key]
    statement = _insert(tx)(table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    tx.conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), [dict(row) for row in rows])


def _insert(tx: Tx) -> Any:
    return postgresql.insert if tx.conn.dialect.name == "postgresql" else sqlite.insert
