"""Who was sent to an incident, what it was merged into, what the queue shows; shifts, orders and notices to people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0005"
down_revision = "0004"

_TIME, _ID = types.UtcTime(length=27), types.Id(length=36)
_ENDED = ("closed", "false_alarm")  # the states there were then
_AT_ONCE = 1_000  # rows


def upgrade() -> None:
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.add_column(sa.Column("ended", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("due_at", _TIME, nullable=True))
        batch_op.add_column(sa.Column("assignee", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("merged_into", _ID, nullable=True))
        batch_op.add_column(sa.Column("closed_at", _TIME, nullable=True))
        batch_op.add_column(sa.Column("handled_s", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("brief", sa.JSON(), nullable=True))
    with op.batch_alter_table("sla_clocks") as batch_op:
        batch_op.add_column(sa.Column("acknowledge_by", _TIME, nullable=True))
        batch_op.add_column(sa.Column("resolve_by", _TIME, nullable=True))
    _fill(op.get_bind())
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.alter_column("ended", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("due_at", existing_type=_TIME, nullable=False)
        batch_op.alter_column("brief", existing_type=sa.JSON(), nullable=False)
        batch_op.create_index("ix_incidents_queue", ["site_id", "ended", "priority", "due_at", "incident_id"])
        batch_op.create_index("ix_incidents_assignee", ["site_id", "assignee", "ended"])
        batch_op.create_index("ix_incidents_merged", ["site_id", "merged_into"])
        batch_op.create_index("ix_incidents_closed", ["site_id", "closed_at", "kind", "handled_s"])
    with op.batch_alter_table("sla_clocks") as batch_op:
        batch_op.alter_column("acknowledge_by", existing_type=_TIME, nullable=False)
        batch_op.alter_column("resolve_by", existing_type=_TIME, nullable=False)
    with op.batch_alter_table("notices") as batch_op:
        batch_op.add_column(sa.Column("people", sa.JSON(), nullable=False, server_default="[]"))
    _people()


def _people() -> None:
    op.create_table(
        "account_notices",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", "seq", name=op.f("pk_account_notices")),
    )
    op.create_index("ix_account_notices_unread", "account_notices", ["site_id", "username", "read", "seq"])
    op.create_table(
        "assignments",
        sa.Column("assignment_id", _ID, nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ordered_at", _TIME, nullable=False),
        sa.Column("taken_at", _TIME, nullable=True),
        sa.Column("arrived_at", _TIME, nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_incident_id"), "assignments", ["incident_id"])
    op.create_index("ix_assignments_person", "assignments", ["site_id", "username", "ended_at"])
    op.create_table(
        "shifts",
        sa.Column("shift_id", _ID, nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_time", "shifts", ["site_id", "ends_at", "starts_at"])


def _fill(connection: sa.Connection) -> None:
    """Old bodies hold what the new columns say; an incident without a clock was promised nothing but its opening."""
    set_clock = sa.text("UPDATE sla_clocks SET acknowledge_by = :a, resolve_by = :r WHERE incident_id = :id")
    for page in _pages(connection, "SELECT incident_id, body FROM sla_clocks WHERE incident_id > :after"):
        promised = [(incident_id, *_promises(json.loads(body))) for incident_id, body in page]
        connection.execute(set_clock, [{"id": i, "a": a, "r": r} for i, a, r in promised])
    set_incident = sa.text(
        "UPDATE incidents SET ended = :ended, due_at = :due_at, closed_at = :closed_at, handled_s = :handled_s,"
        " brief = :brief WHERE incident_id = :id"
    )
    select = (
        "SELECT incidents.incident_id, state, opened_at, incidents.body, acknowledge_by, resolve_by, next_at"
        " FROM incidents LEFT JOIN sla_clocks ON sla_clocks.incident_id = incidents.incident_id"
        " WHERE incidents.incident_id > :after"
    )
    for page in _pages(connection, select):
        connection.execute(set_incident, [_columns(row) for row in page])


def _pages(connection: sa.Connection, select: str) -> Iterator[list[Any]]:
    """A million bodies, some at a time; `select` gives the id first, and begins after `:after`."""
    after = ""
    while page := connection.execute(sa.text(f"{select} ORDER BY 1 LIMIT {_AT_ONCE}"), {"after": after}).all():
        yield list(page)
        after = page[-1][0]


def _columns(row: Any) -> dict[str, Any]:
    incident_id, state, opened_at, text, acknowledge_by, resolve_by, next_at = row
    body = json.loads(text)
    closed_at = body.get("closed_at")
    length = datetime.fromisoformat(closed_at) - datetime.fromisoformat(opened_at) if closed_at else None
    return {
        "id": incident_id,
        "ended": state in _ENDED,
        "due_at": (acknowledge_by if next_at else resolve_by) or opened_at,
        "closed_at": _as_kept(closed_at) if closed_at else None,
        "handled_s": length.total_seconds() if length is not None and state == "closed" else None,
        "brief": json.dumps(_brief(body), ensure_ascii=False),
    }


def _promises(clock: dict[str, Any]) -> tuple[str, str]:
    origin = datetime.fromisoformat(clock["origin_at"])
    ladder = clock["ladder"]
    acknowledge_by = origin + timedelta(seconds=ladder["rungs"][0]["after_s"])
    resolve_by = origin + timedelta(seconds=ladder["resolve_s"])
    return _as_kept(acknowledge_by.isoformat()), _as_kept(resolve_by.isoformat())


def _brief(body: dict[str, Any]) -> dict[str, Any]:
    """Without how sure one may be: that is weighed at its next change."""
    return {
        "place": body.get("place"),
        "sources": len(body.get("loci") or ()),
        "cleared_at": body.get("source_cleared_at"),
        "probability": None,
        "thumbnail": next(iter(body.get("evidence") or ()), None),
    }


def _as_kept(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
