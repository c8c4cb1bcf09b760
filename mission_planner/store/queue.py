"""The queue of those at the console: open incidents by gravity and promise, from one index, without their bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, tuple_

from mission_planner.store.brief import Brief
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import accounts, incidents, sla_clocks
from mission_planner.store.sql import Page
from patrol_core.codec import build
from patrol_core.errors import InvalidInput
from patrol_core.incident import Certainty, IncidentState
from patrol_core.kind import IncidentKind, Priority

_SEPARATOR = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One open incident, as a line."""

    incident_id: UUID
    kind: IncidentKind
    priority: Priority
    state: IncidentState
    opened_at: datetime  # UTC site time, as are all below
    due_at: datetime  # the next promise: somebody has it by then, or it is over by then
    next_at: datetime | None  # when more people are told
    acknowledge_by: datetime | None  # None for an incident from before there were clocks, as is the next
    resolve_by: datetime | None
    assignee: str | None
    assignee_name: str | None
    certainty: Certainty | None
    brief: Brief


_COLUMNS = (
    incidents.c.incident_id,
    incidents.c.kind,
    incidents.c.priority,
    incidents.c.state,
    incidents.c.opened_at,
    incidents.c.due_at,
    incidents.c.assignee,
    incidents.c.certainty,
    incidents.c.brief,
    sla_clocks.c.next_at,
    sla_clocks.c.acknowledge_by,
    sla_clocks.c.resolve_by,
    accounts.c.display_name,
)
_ORDER = (incidents.c.priority, incidents.c.due_at, incidents.c.incident_id)


def page(tx: Tx, *, limit: int, after: str | None) -> Page[QueueRow]:
    """Open incidents: the gravest first, then the one whose promise falls due first.

    Raises:
        InvalidInput: `after` is no cursor of this list.
    """
    query = _select().where(incidents.c.site_id == tx.site_id, incidents.c.ended.is_(False))
    if after is not None:
        last = [literal(value, column.type) for value, column in zip(_cursor(after), _ORDER, strict=True)]
        query = query.where(tuple_(*_ORDER) > tuple_(*last))
    rows = [_row(r) for r in tx.conn.execute(query.order_by(*_ORDER).limit(limit + 1))]
    items = tuple(rows[:limit])
    return Page(items=items, next=_cursor_of(items[-1]) if len(rows) > limit else None)


def several(tx: Tx, incident_ids: Sequence[UUID]) -> tuple[QueueRow, ...]:
    """These incidents as lines, ended or not, in the order asked for."""
    query = _select().where(incidents.c.incident_id.in_(incident_ids))
    found = {r.incident_id: _row(r) for r in tx.conn.execute(query)}
    return tuple(found[i] for i in incident_ids if i in found)


def merged_into(tx: Tx, incident_id: UUID) -> Sequence[QueueRow]:
    """What was merged into this one, oldest first."""
    return merged_into_each(tx, [incident_id]).get(incident_id, ())


def merged_into_each(tx: Tx, incident_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[QueueRow]]:
    """What was merged into each of these, oldest first; one with nothing merged is missing."""
    ours = (incidents.c.site_id == tx.site_id, incidents.c.merged_into.in_(incident_ids))
    query = _select().add_columns(incidents.c.merged_into).where(*ours).order_by(incidents.c.incident_id)
    found: dict[UUID, list[QueueRow]] = {}
    for row in tx.conn.execute(query):
        found.setdefault(row.merged_into, []).append(_row(row))
    return found


def _select() -> Any:
    joined = incidents.outerjoin(sla_clocks, sla_clocks.c.incident_id == incidents.c.incident_id)
    joined = joined.outerjoin(accounts, accounts.c.username == incidents.c.assignee)
    return select(*_COLUMNS).select_from(joined)


def _cursor_of(row: QueueRow) -> str:
    return _SEPARATOR.join((row.priority.value, row.due_at.isoformat(), str(row.incident_id)))


def _cursor(text: str) -> tuple[str, datetime, UUID]:
    try:
        priority, due_at, incident_id = text.split(_SEPARATOR)
        moment = datetime.fromisoformat(due_at)
        if moment.tzinfo is None:
            raise ValueError
        return Priority(priority).value, moment, UUID(incident_id)
    except ValueError:
        raise InvalidInput(f"expected `next` of the page before; came {text!r:.80}", where="after") from None


def _row(row: Any) -> QueueRow:
    return QueueRow(
        incident_id=row.incident_id,
        kind=IncidentKind(row.kind),
        priority=Priority(row.priority),
        state=IncidentState(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        next_at=row.next_at,
        acknowledge_by=row.acknowledge_by,
        resolve_by=row.resolve_by,
        assignee=row.assignee,
        assignee_name=row.display_name,
        certainty=Certainty(row.certainty) if row.certainty else None,
        brief=build(Brief, row.brief),
    )
