"""What runs by time: promises, conditions that must last, shelving, and a flood of alarms as it stands."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from mission_planner.store.schema.base import metadata
from mission_planner.store.types import Id, UtcTime

sla_clocks = Table(
    "sla_clocks",
    metadata,
    Column("incident_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("next_at", UtcTime),  # when somebody is to be told next; None once somebody has it
    Column("acknowledge_by", UtcTime, nullable=False),
    Column("resolve_by", UtcTime, nullable=False),
    Column("body", Text, nullable=False),  # JSON of the clock, with the ladder as it was at the opening
    Index("ix_sla_clocks_due", "site_id", "next_at"),
)

source_states = Table(
    "source_states",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("source_kind", String(16), primary_key=True),
    Column("source_id", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("due_at", UtcTime),  # when a condition will have lasted long enough to open an incident
    Column("shelved_until", UtcTime),
    Column("body", Text, nullable=False),  # JSON of the state
    Index("ix_source_states_due", "site_id", "due_at"),
    Index("ix_source_states_shelved", "site_id", "shelved_until"),
)

calendar_anchors = Table(
    "calendar_anchors",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("body", Text, nullable=False),  # JSON of the moment the calendar is judged by
)

floods = Table(
    "floods",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("body", Text, nullable=False),  # JSON of the flood of alarms as it stands
)
