"""Repeats are counted into the incident that knows them already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mission_planner.store.types import Id

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("incident_id", Id()))
    op.create_table(
        "repeats",
        sa.Column("incident_id", Id(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_repeats")),
    )
