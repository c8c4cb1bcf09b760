"""What is remembered of sources while no incident is open about them: conditions that must last, and shelvings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from mission_planner.incidents.gate import SourceState, moved
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import source_states
from mission_planner.store.sql import upsert
from patrol_core.codec import from_json, to_json
from patrol_core.kind import IncidentKind
from patrol_core.source import Source, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One source and kind, and what is remembered of them."""

    source: Source
    kind: IncidentKind
    state: SourceState


def find(tx: Tx, source: Source, kind: IncidentKind) -> SourceState:
    """What is remembered; a blank state where there is nothing."""
    body = tx.conn.scalar(select(source_states.c.body).where(*_key(tx, source, kind)))
    return from_json(SourceState, body) if body is not None else SourceState()


def put(tx: Tx, source: Source, kind: IncidentKind, state: SourceState) -> None:
    """Remember; nothing is kept of a blank state."""
    if state.blank:
        tx.conn.execute(delete(source_states).where(*_key(tx, source, kind)))
        return
    upsert(
        tx,
        source_states,
        {
            "site_id": tx.site_id,
            "source_kind": source.kind.value,
            "source_id": source.source_id,
            "kind": kind.value,
            "due_at": state.due_at,
            "shelved_until": state.shelved_until,
            "body": to_json(state),
        },
    )


def due(tx: Tx, now: datetime, limit: int) -> Sequence[Remembered]:
    """Conditions that have lasted long enough, the oldest first."""
    query = select(source_states).where(source_states.c.site_id == tx.site_id, source_states.c.due_at <= now)
    return _rows(tx, query.order_by(source_states.c.due_at).limit(limit))


def shelved(tx: Tx, now: datetime, limit: int = 200) -> Sequence[Remembered]:
    """What is shelved now, the first to expire first."""
    query = select(source_states).where(source_states.c.site_id == tx.site_id, source_states.c.shelved_until > now)
    return _rows(tx, query.order_by(source_states.c.shelved_until).limit(limit))


def shelved_count(tx: Tx, now: datetime) -> int:
    """How many sources are shelved now."""
    query = select(func.count()).where(source_states.c.site_id == tx.site_id, source_states.c.shelved_until > now)
    return tx.conn.scalar(query.select_from(source_states)) or 0


def move(tx: Tx, by: timedelta) -> None:
    """The calendar was set by so much: what lasts and what is shelved lasts as long as it would have."""
    for remembered in _rows(tx, select(source_states).where(source_states.c.site_id == tx.site_id)):
        put(tx, remembered.source, remembered.kind, moved(remembered.state, by))


def _key(tx: Tx, source: Source, kind: IncidentKind) -> tuple[ColumnElement[bool], ...]:
    return (
        source_states.c.site_id == tx.site_id,
        source_states.c.source_kind == source.kind.value,
        source_states.c.source_id == source.source_id,
        source_states.c.kind == kind.value,
    )


def _rows(tx: Tx, query: Select[Any]) -> Sequence[Remembered]:
    return [
        Remembered(
            source=Source(kind=SourceKind(row.source_kind), source_id=row.source_id),
            kind=IncidentKind(row.kind),
            state=from_json(SourceState, row.body),
        )
        for row in tx.conn.execute(query)
    ]
