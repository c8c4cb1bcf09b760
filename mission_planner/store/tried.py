"""Robots that were sent to look at an incident and brought nothing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import tried_robots
from mission_planner.store.sql import upsert
from patrol_core.codec import build, plain
from patrol_core.site import Text


def of_incident(tx: Tx, incident_id: UUID) -> Mapping[str, Text]:
    """Robots that were sent and brought no picture, and why."""
    rows = tx.conn.execute(select(tried_robots).where(tried_robots.c.incident_id == incident_id))
    return {r.robot_id: build(Text, r.because) for r in rows}


def add(tx: Tx, incident_id: UUID, robot_id: str, because: Text) -> None:
    """Note that a robot brought no picture."""
    upsert(tx, tried_robots, {"incident_id": incident_id, "robot_id": robot_id, "because": plain(because)})


def forget(tx: Tx, incident_id: UUID) -> None:
    """Every robot may be sent again."""
    tx.conn.execute(delete(tried_robots).where(tried_robots.c.incident_id == incident_id))
