"""What is wrong with devices by the clock, and has been told: so that a restart tells nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from mission_planner.incidents.registry.conditions import Cause, Condition
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import device_conditions
from mission_planner.store.sql import upsert_all
from patrol_core.kind import IncidentKind


def everything(tx: Tx) -> Mapping[tuple[str, IncidentKind], Condition]:
    """By device and kind."""
    rows = tx.conn.execute(select(device_conditions).where(device_conditions.c.site_id == tx.site_id))
    found = (
        Condition(
            device_id=row.device_id,
            kind=IncidentKind(row.kind),
            cause=Cause(row.cause),
            since=row.since,
            told_as=row.told_as,
        )
        for row in rows
    )
    return {(condition.device_id, condition.kind): condition for condition in found}


def put(tx: Tx, conditions: Sequence[Condition]) -> None:
    """Insert or overwrite."""
    rows = [
        {
            "site_id": tx.site_id,
            "device_id": c.device_id,
            "kind": c.kind.value,
            "cause": c.cause.value,
            "since": c.since,
            "told_as": c.told_as,
        }
        for c in conditions
    ]
    upsert_all(tx, device_conditions, rows)


def remove(tx: Tx, conditions: Sequence[Condition]) -> None:
    """They are over."""
    table = device_conditions.c
    for condition in conditions:
        mine = (table.device_id == condition.device_id, table.kind == condition.kind.value)
        tx.conn.execute(delete(device_conditions).where(table.site_id == tx.site_id, *mine))
