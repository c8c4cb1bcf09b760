"""Where a store of each kind keeps its data, and a little to put into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, insert, select, text

from mission_planner.store import schema
from mission_planner.store.postgres import PostgresStore, postgres_url
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from mission_planner.store.writer import GroupStore

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where a store of one kind keeps its data."""

    address: str | None  # None for SQLite
    file: Path

    @property
    def url(self) -> URL:
        return postgres_url(self.address) if self.address else URL.create("sqlite", database=str(self.file))

    def open(self, **limits: Any) -> GroupStore:
        if self.address:
            return PostgresStore(self.address, beside=self.file, site_id="xinghe", **limits)
        return SqliteStore(self.file, site_id="xinghe", **limits)

    def sql(self, statement: str) -> None:
        engine = create_engine(self.url)
        with engine.begin() as conn:
            conn.execute(text(statement))
        engine.dispose()


def put(report_id: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.conn.execute(
            insert(schema.inbox).values(
                report_id=report_id, site_id=tx.site_id, kind="mqtt", topic="t", body="{}", received_at=AT, state="new"
            )
        )
        return report_id

    return work


def ids(tx: Tx) -> list[str]:
    return list(tx.conn.scalars(select(schema.inbox.c.report_id).order_by(schema.inbox.c.seq)))
