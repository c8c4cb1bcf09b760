"""A storm's repeats are counted into the incident that knows them already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mission_planner.store.types import Id

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("incident_id", Id()))
    there = sa.text("incident_id IS NOT NULL")
    op.create_index("ix_inbox_counted", "inbox", ["incident_id"], sqlite_where=there, postgresql_where=there)
