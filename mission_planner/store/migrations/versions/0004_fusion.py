"""Hazard and building of incidents, their sources, and what is remembered of sources without an incident."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0004"
down_revision = "0003"

# hazards of the kinds there were; a later table may differ
_FAMILIES = {
    "smoke": "combustion",
    "co": "combustion",
    "electrical_fire": "combustion",
    "gas": "gas",
    "septic_gas": "gas",
    "flood": "water",
    "water_no_use": "person",
    "sos": "person",
    "person_fallen": "person",
    "wristband": "person",
    "elevator": "elevator",
    "manhole": "street",
    "door": "entry",
    "robot_trouble": "equipment",
}


def upgrade() -> None:
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.add_column(sa.Column("family", sa.String(length=16), nullable=False, server_default="report"))
        batch_op.add_column(sa.Column("building_id", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index("ix_incidents_family", ["site_id", "family", "building_id", "state"])
    _fill(op.get_bind())
    op.create_table(
        "source_states",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("source_kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("due_at", types.UtcTime(length=27), nullable=True),
        sa.Column("shelved_until", types.UtcTime(length=27), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "source_kind", "source_id", "kind", name=op.f("pk_source_states")),
    )
    op.create_index("ix_source_states_due", "source_states", ["site_id", "due_at"])
    op.create_index("ix_source_states_shelved", "source_states", ["site_id", "shelved_until"])


def _fill(connection: sa.Connection) -> None:
    """Old incidents know their one source only."""
    rows = connection.execute(sa.text("SELECT incident_id, kind, source_kind, source_id, body FROM incidents")).all()
    for incident_id, kind, source_kind, source_id, text in rows:
        body = json.loads(text)
        place = body.get("place")
        source = {"kind": source_kind, "source_id": source_id}
        body["loci"] = [
            {
                "source": source,
                "kind": kind,
                "place": place,
                "position_m": body.get("position_m"),
                "at": body["opened_at"],
                "cleared_at": body.get("source_cleared_at"),
            }
        ]
        connection.execute(
            sa.text(
                "UPDATE incidents SET family = :family, building_id = :building, body = :body WHERE incident_id = :id"
            ),
            {
                "family": _FAMILIES.get(kind, "report"),
                "building": (place or {}).get("building_id") or "",
                "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
                "id": incident_id,
            },
        )
