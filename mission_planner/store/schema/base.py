"""What all tables share: one MetaData that names keys and indexes, and a counter of 64 bits."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows in 64 bits under this name only
Big = BigInteger().with_variant(Integer, "sqlite")


def index_where(there: str, name: str, *columns: str) -> Index:
    """An index of the rows that have something in the column `there`."""
    where = text(f"{there} IS NOT NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
