"""Indexes of incidents hold only the rows they are asked for: most have no order, no robot beside them, no end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_PARTIAL: Mapping[str, tuple[Sequence[str], str]] = {  # columns, and the one that must be there
    "ix_incidents_assignee": (("site_id", "assignee", "ended"), "assignee"),
    "ix_incidents_merged": (("site_id", "merged_into"), "merged_into"),
    "ix_incidents_closed": (("site_id", "closed_at", "kind", "handled_s"), "handled_s"),
    "ix_incidents_waiting": (("site_id", "waiting_robot_id"), "waiting_robot_id"),
}


def upgrade() -> None:
    for name, (columns, there) in _PARTIAL.items():
        op.drop_index(name, "incidents")
        where = sa.text(f"{there} IS NOT NULL")
        op.create_index(name, "incidents", columns, sqlite_where=where, postgresql_where=where)
