"""Which store a center keeps its data in: SQLite in its folder, or a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from mission_planner.store.migrate import HEAD
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from mission_planner.store.writer import GroupStore
from patrol_core.errors import Unavailable

_SITES = ("robot_tokens", "incidents", "inbox", "findings", "evidence", "robots", "patrols")  # one names the site


def open_store(address: str | None, *, file: Path, site_id: str, reserve_bytes: int = 0) -> GroupStore:
    """The store, open and at the newest schema.

    Args:
        address: `postgresql://…`; None for SQLite in `file`.
        file: of SQLite; beside it is what has just come in, also where the store is PostgreSQL.
        reserve_bytes: of the disk of `file`, kept free for cries for help.

    Raises:
        InvalidInput: no such address.
        Unavailable: it cannot be opened; says why.
    """
    if address is None:
        return SqliteStore(file, site_id=site_id, reserve_bytes=reserve_bytes)
    from mission_planner.store.postgres import PostgresStore  # its driver is loaded only where it is used

    return PostgresStore(address, beside=file, site_id=site_id, reserve_bytes=reserve_bytes)


@contextmanager
def reading(address: str | None, *, file: Path) -> Iterator[Tx]:
    """One snapshot of a store, read beside a center that may be running on it; nothing is changed.

    Raises:
        InvalidInput: no such address.
        Unavailable: there is no such store, or it is of another version.
    """
    if address is not None:
        from mission_planner.store.postgres import postgres_url

        engine = create_engine(
            postgres_url(address), poolclass=NullPool, isolation_level="REPEATABLE READ", execution_options=_READ_ONLY
        )
    else:
        engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true", poolclass=NullPool)
    where = address.rpartition("@")[2] if address else str(file)
    try:
        with engine.connect() as conn:
            known = inspect(conn).has_table("alembic_version")
            found = conn.scalar(text("SELECT version_num FROM alembic_version")) if known else None
            if found != HEAD:
                raise Unavailable(
                    f"{where}: expected a store of this version ({HEAD}); came {found}: start the center on it once"
                )
            sites = " UNION ALL ".join(f"SELECT site_id FROM {table}" for table in _SITES)  # noqa: S608 - from above
            yield Tx(conn=conn, site_id=conn.scalar(text(f"{sites} LIMIT 1")) or "")
    except SQLAlchemyError as error:
        raise Unavailable(
            f"{where}: expected a store that can be read; came: {getattr(error, 'orig', error)}"
        ) from None
    finally:
        engine.dispose()


_READ_ONLY = {"postgresql_readonly": True}
