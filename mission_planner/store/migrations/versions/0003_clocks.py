"""Clocks of open incidents, who was told what, and the moment the calendar is judged by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sla_clocks",
        sa.Column("incident_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("next_at", types.UtcTime(length=27), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_sla_clocks")),
    )
    op.create_index("ix_sla_clocks_due", "sla_clocks", ["site_id", "next_at"])
    op.create_table(
        "calendar_anchors",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_calendar_anchors")),
    )
    op.create_table(
        "notices",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("incident_id", types.Id(length=36), nullable=False),
        sa.Column("at", types.UtcTime(length=27), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tell", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notices_incident_id"), "notices", ["incident_id"])
