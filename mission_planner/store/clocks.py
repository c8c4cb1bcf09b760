"""The clocks of open incidents, and the moment by which the calendar is judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from mission_planner.incidents.calendar_jump import Anchor
from mission_planner.incidents.sla import SlaClock
from mission_planner.store.body import body_of, from_body
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import calendar_anchors, sla_clocks
from mission_planner.store.sql import upsert
from patrol_core.codec import from_json, to_json

_NEWEST = "clocks.newest"
REMEMBERED = 20_000  # clocks in the writer's memory, those put first go first; another is asked for


def put(tx: Tx, incident_id: UUID, clock: SlaClock) -> None:
    """Insert or overwrite."""
    _remember(tx, incident_id, clock)
    upsert(
        tx,
        sla_clocks,
        {
            "incident_id": incident_id,
            "site_id": tx.site_id,
            "next_at": clock.next_at,
            "acknowledge_by": clock.acknowledge_by,
            "resolve_by": clock.resolve_by,
            "body": body_of(clock),
        },
    )


def find(tx: Tx, incident_id: UUID) -> SlaClock | None:
    """The clock; None for an incident from before there were clocks."""
    known: dict[UUID, SlaClock] | None = tx.memory.known(_NEWEST)
    if known is not None and incident_id in known:
        return known[incident_id]
    body = tx.conn.scalar(select(sla_clocks.c.body).where(sla_clocks.c.incident_id == incident_id))
    return from_body(SlaClock, body) if body is not None else None


def _remember(tx: Tx, incident_id: UUID, clock: SlaClock) -> None:
    known: dict[UUID, SlaClock] = tx.memory.of(_NEWEST, dict)
    if incident_id in known:
        tx.memory.changed(partial(known.__setitem__, incident_id, known[incident_id]))
    else:
        tx.memory.changed(partial(known.pop, incident_id, None))
        if len(known) >= REMEMBERED:
            del known[next(iter(known))]
    known[incident_id] = clock


def due(tx: Tx, now: datetime, limit: int = 100) -> Sequence[tuple[UUID, SlaClock]]:
    """Clocks with something to tell, the longest overdue first."""
    query = (
        select(sla_clocks.c.incident_id, sla_clocks.c.body)
        .where(sla_clocks.c.site_id == tx.site_id, sla_clocks.c.next_at <= now)
        .order_by(sla_clocks.c.next_at)
        .limit(limit)
    )
    return [(row.incident_id, from_body(SlaClock, row.body)) for row in tx.conn.execute(query)]


def running(tx: Tx) -> Sequence[tuple[UUID, SlaClock]]:
    """Clocks of incidents nobody has."""
    query = select(sla_clocks.c.incident_id, sla_clocks.c.body).where(
        sla_clocks.c.site_id == tx.site_id, sla_clocks.c.next_at.is_not(None)
    )
    return [(row.incident_id, from_body(SlaClock, row.body)) for row in tx.conn.execute(query)]


def anchor(tx: Tx) -> Anchor | None:
    """The moment that was kept last."""
    body = tx.conn.scalar(select(calendar_anchors.c.body).where(calendar_anchors.c.site_id == tx.site_id))
    return from_json(Anchor, body) if body is not None else None


def keep_anchor(tx: Tx, moment: Anchor) -> None:
    """Judge the calendar by this moment from now on."""
    upsert(tx, calendar_anchors, {"site_id": tx.site_id, "body": to_json(moment)})
