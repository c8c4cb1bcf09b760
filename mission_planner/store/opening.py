"""Which store a center keeps its data in: SQLite in its folder, or a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

from mission_planner.store.sqlite import SqliteStore
from mission_planner.store.writer import GroupStore


def open_store(address: str | None, *, file: Path, site_id: str, reserve_bytes: int = 0) -> GroupStore:
    """The store, open and at the newest schema.

    Args:
        address: `postgresql://…`; None for SQLite in `file`.

    Raises:
        InvalidInput: no such address.
        Unavailable: it cannot be opened; says why.
    """
    if address is None:
        return SqliteStore(file, site_id=site_id, reserve_bytes=reserve_bytes)
    from mission_planner.store.postgres import PostgresStore  # its driver is loaded only where it is used

    return PostgresStore(address, site_id=site_id)
