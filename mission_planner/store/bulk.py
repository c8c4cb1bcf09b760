"""Many rows of one table by one prepared statement: a statement is built once, a row costs little more than its values.

SQLAlchemy works out parameters row by row; here a column at a time goes through its type, and the driver has the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

Bind = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One statement, and how values become what its driver takes."""

    statement: str
    columns: tuple[tuple[str, Bind | None], ...]  # in the order of the statement
    positional: bool  # else parameters go by name

    def run(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it for each row; every row has these columns."""
        values = [
            [row[name] for row in rows] if bind is None else [bind(row[name]) for row in rows]
            for name, bind in self.columns
        ]
        if self.positional:
            conn.exec_driver_sql(self.statement, list(zip(*values, strict=True)))
        else:
            names = [name for name, _ in self.columns]
            conn.exec_driver_sql(self.statement, [dict(zip(names, v, strict=True)) for v in zip(*values, strict=True)])


@lru_cache(maxsize=256)
def bulk_of(dialect: Dialect, table: Table, columns: tuple[str, ...], *, overwrite: bool = False) -> Bulk:
    """Insert rows of these columns.

    Args:
        overwrite: a row takes the place of one with the same primary key, in these columns; else it must be new.
    """
    statement = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(table)
    if overwrite:
        keys = key_of(table)
        rest = {c: statement.excluded[c] for c in columns if c not in keys}
        statement = (
            statement.on_conflict_do_update(index_elements=list(keys), set_=rest)
            if rest
            else statement.on_conflict_do_nothing()
        )
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    order = tuple(compiled.positiontup or columns) if compiled.positional else columns
    return Bulk(
        statement=str(compiled),
        columns=tuple((name, _bind(dialect, table, name)) for name in order),
        positional=compiled.positional,
    )


@cache
def key_of(table: Table) -> tuple[str, ...]:
    """The columns of its primary key."""
    return tuple(column.name for column in table.primary_key)


def _bind(dialect: Dialect, table: Table, name: str) -> Bind | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
