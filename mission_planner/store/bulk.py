"""Many rows of one table in few statements: each is built once, and a row costs little more than its values.

SQLAlchemy works out parameters row by row; here a column at a time goes through its type. SQLite gets blocks of rows, a
statement each: it gives the interpreter away at every one, and where others compute it is long in coming back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite


class Clash(Enum):
    """What becomes of a row whose key is there already."""

    ERROR = "error"
    IGNORED = "ignored"
    OVERWRITES = "overwrites"  # in the columns that are given; no two rows of one run have the same key
    ADDS_UP = "adds up"  # likewise; what is given are numbers


Bind = Callable[[Any], Any]
BLOCKS = (512, 64, 8)  # rows in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """How rows of some columns of a table are inserted."""

    binds: tuple[tuple[str, Bind | None], ...]  # columns, and how a value becomes what the driver takes
    one: str
    blocks: tuple[tuple[int, str], ...]  # for so many rows; none where the driver sends many by itself

    def run(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert them; every row has these columns."""
        columns = [
            [row[name] for row in rows] if bind is None else [bind(row[name]) for row in rows]
            for name, bind in self.binds
        ]
        values = list(zip(*columns, strict=True))
        if not self.blocks:
            names = [name for name, _ in self.binds]
            conn.exec_driver_sql(self.one, [dict(zip(names, row, strict=True)) for row in values])
            return
        done = 0
        for size, statement in self.blocks:
            while len(values) - done >= size:
                conn.exec_driver_sql(statement, tuple(chain.from_iterable(values[done : done + size])))
                done += size
        if done < len(values):
            conn.exec_driver_sql(self.one, values[done:])


@lru_cache(maxsize=256)
def bulk_of(dialect: Dialect, table: Table, columns: tuple[str, ...], clash: Clash = Clash.ERROR) -> Bulk:
    """How rows of these columns are inserted into a table."""
    statement = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(table)
    rest: dict[str, Any] = {name: statement.excluded[name] for name in columns if name not in key_of(table)}
    if clash is Clash.ADDS_UP:
        rest = {name: table.c[name] + came for name, came in rest.items()}
    if clash in {Clash.OVERWRITES, Clash.ADDS_UP} and rest:
        statement = statement.on_conflict_do_update(index_elements=list(key_of(table)), set_=rest)
    elif clash is not Clash.ERROR:
        statement = statement.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    order = tuple(compiled.positiontup or ()) if compiled.positional else columns
    return Bulk(
        binds=tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order),
        one=str(compiled),
        blocks=_blocks(str(compiled), len(order)) if compiled.positional else (),
    )


def _blocks(one: str, columns: int) -> tuple[tuple[int, str], ...]:
    row = f"({', '.join('?' * columns)})"
    before, found, after = one.partition(f"VALUES {row}")
    if not found:
        raise RuntimeError(f"expected VALUES {row} in a statement for one row; came {one}")
    return tuple((size, f"{before}VALUES {', '.join([row] * size)}{after}") for size in BLOCKS)


@cache
def key_of(table: Table) -> tuple[str, ...]:
    """The columns of its primary key."""
    return tuple(column.name for column in table.primary_key)
