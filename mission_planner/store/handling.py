"""How long incidents took, by when they were closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import incidents
from patrol_core.kind import IncidentKind

MOST = 100_000  # the newest count; more than that in three months is no community


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One incident that is over."""

    kind: IncidentKind
    closed_at: datetime  # UTC site time
    handled_s: float  # site seconds from the opening until the danger was over


def since(tx: Tx, begin: datetime) -> tuple[Handled, ...]:
    """What was closed since, the newest first; false alarms and merged ones were not handled."""
    query = (
        select(incidents.c.kind, incidents.c.closed_at, incidents.c.handled_s)
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.closed_at >= begin,
            incidents.c.handled_s.is_not(None),
        )
        .order_by(incidents.c.closed_at.desc())
        .limit(MOST)
    )
    return tuple(
        Handled(kind=IncidentKind(row.kind), closed_at=row.closed_at, handled_s=row.handled_s)
        for row in tx.conn.execute(query)
    )
