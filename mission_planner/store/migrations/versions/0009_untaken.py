"""Orders to people have a clock of their own, and so has every incident that nobody has, however old it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0009"
down_revision = "0008"

_POLICIES = {"1": (60, 180), "2": (180, 900), "3": (900, 3600), "4": (14_400, 86_400)}  # by priority: take_s, repeat_s
_LADDERS = {  # by priority: when people are told, how often again, when it should be over; seconds
    "1": ((15, 60, 180), 180, 1_080),
    "2": ((60, 300, 900), 900, 7_200),
    "3": ((900, 3_600, 14_400), 14_400, 86_400),
    "4": ((14_400, 86_400, 259_200), 86_400, 604_800),
}
_CREWS = (["operator"], ["operator", "field"], ["operator", "field", "admin"])


def upgrade() -> None:
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("next_at", types.UtcTime(length=27), nullable=True))
        batch_op.add_column(sa.Column("clock", sa.Text(), nullable=True))
        batch_op.create_index("ix_assignments_due", ["site_id", "next_at"])
    _wind_up_orders(op.get_bind())
    _wind_up_incidents(op.get_bind())


def _wind_up_orders(connection: sa.Connection) -> None:
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


def _wind_up_incidents(connection: sa.Connection) -> None:
    """One from before there were clocks, that nobody has, was never told again: it stands at the foot of the ladder."""
    silent = sa.text(
        "SELECT incidents.incident_id, incidents.site_id, priority, opened_at FROM incidents"
        " LEFT JOIN sla_clocks ON sla_clocks.incident_id = incidents.incident_id"
        " WHERE state = 'open' AND sla_clocks.incident_id IS NULL"
    )
    wind_up = sa.text(
        "INSERT INTO sla_clocks (incident_id, site_id, next_at, acknowledge_by, resolve_by, body)"
        " VALUES (:id, :site, :first, :first, :last, :body)"
    )
    promise = sa.text("UPDATE incidents SET due_at = :first WHERE incident_id = :id")
    for incident_id, site_id, priority, opened_at in connection.execute(silent).all():
        times_s, repeat_s, resolve_s = _LADDERS[priority]
        rungs = [{"after_s": at_s, "tell": crew} for at_s, crew in zip(times_s, _CREWS, strict=True)]
        clock = {
            "ladder": {"rungs": rungs, "repeat_s": repeat_s, "resolve_s": resolve_s},
            "origin_at": opened_at,
            "told": 0,
            "stopped_at": None,
            "started_on": None,
        }
        row: dict[str, Any] = {"id": incident_id, "first": _later(opened_at, times_s[0])}
        connection.execute(
            wind_up, {**row, "site": site_id, "last": _later(opened_at, resolve_s), "body": json.dumps(clock)}
        )
        connection.execute(promise, row)


def _later(moment: str, seconds: float) -> str:
    at = datetime.fromisoformat(moment) + timedelta(seconds=seconds)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
