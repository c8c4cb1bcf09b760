"""Who is sent, and who is on duty."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table, Text

from mission_planner.store.schema.base import metadata
from mission_planner.store.types import Id, UtcTime

assignments = Table(
    "assignments",  # orders to people
    metadata,
    Column("assignment_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("incident_id", Id, nullable=False, index=True),
    Column("username", String(64), nullable=False),
    Column("by", String(64), nullable=False),  # account that gave the order
    Column("because", JSON, nullable=False),  # {"zh", "en"}: why this person
    Column("note", Text, nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),  # the person said that they go
    Column("arrived_at", UtcTime),
    Column("ended_at", UtcTime),  # done, or another was sent, or the incident ended
    Column("outcome", String(16), nullable=False),  # "" until it ended; resolved, replaced, called_off, not_taken
    Column("next_at", UtcTime),  # when somebody is to be told that nobody takes it; None once somebody has
    Column("clock", Text),  # JSON of its clock, with the policy as it was at the order
    Index("ix_assignments_person", "site_id", "username", "ended_at"),
    Index("ix_assignments_due", "site_id", "next_at"),
)

shifts = Table(
    "shifts",
    metadata,
    Column("shift_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("username", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Index("ix_shifts_time", "site_id", "ends_at", "starts_at"),
)
