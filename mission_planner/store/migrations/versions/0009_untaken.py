"""Orders to people have a clock of their own: what follows while nobody takes them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0009"
down_revision = "0008"

_POLICIES = {"1": (60, 180), "2": (180, 900), "3": (900, 3600), "4": (14_400, 86_400)}  # by priority: take_s, repeat_s


def upgrade() -> None:
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("next_at", types.UtcTime(length=27), nullable=True))
        batch_op.add_column(sa.Column("clock", sa.Text(), nullable=True))
        batch_op.create_index("ix_assignments_due", ["site_id", "next_at"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """An order that waits was promised nothing: its time is over when it was given, so it is said again at once."""
    waiting = sa.text(
        "SELECT assignment_id, ordered_at, priority FROM assignments"
        " JOIN incidents ON incidents.incident_id = assignments.incident_id"
        " WHERE assignments.ended_at IS NULL AND taken_at IS NULL AND arrived_at IS NULL"
    )
    wind_up = sa.text("UPDATE assignments SET next_at = :at, clock = :clock WHERE assignment_id = :id")
    for assignment_id, ordered_at, priority in connection.execute(waiting).all():
        take_s, repeat_s = _POLICIES[priority]
        clock = {
            "policy": {"take_s": take_s, "repeat_s": repeat_s},
            "ordered_at": ordered_at,
            "told_at": ordered_at,
            "told": 1,
            "ups": 0,
            "asked": [],
            "told_on": None,
        }
        connection.execute(wind_up, {"id": assignment_id, "at": ordered_at, "clock": json.dumps(clock)})
