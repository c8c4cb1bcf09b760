"""Findings and the incidents they make, with their timelines."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, String, Table, Text

from mission_planner.store.schema.base import Big, index_where, metadata
from mission_planner.store.types import Id, UtcTime

findings = Table(
    "findings",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),  # ids of sensors' findings do not sort by time
    Column("finding_id", Id, nullable=False, unique=True),
    Column("site_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("phase", String(8), nullable=False),
    Column("source_kind", String(16), nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("observed_at", UtcTime, nullable=False),
    Column("incident_id", Id, index=True),
    Column("body", Text, nullable=False),
    Column("certainty", String(16)),  # None where the source does not judge
    Column("model", Text, nullable=False, server_default=""),  # name and digest of the model that judged
)

incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("priority", String(1), nullable=False),
    Column("state", String(16), nullable=False),
    Column("source_kind", String(16), nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("verification", String(16), nullable=False),
    Column("verification_because", JSON),  # {"zh", "en"}
    Column("verify_robot_id", String(64)),  # the robot that was sent, or None before the first
    Column("opened_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("family", String(16), nullable=False),  # the hazard
    Column("building_id", String(64), nullable=False),  # "" outdoors
    Column("body", Text, nullable=False),
    Column("certainty", String(16)),  # the best any source said; None where no source judges
    Column("waiting_robot_id", String(64)),  # stands there until it is released
    Column("ended", Boolean, nullable=False),
    Column("due_at", UtcTime, nullable=False),  # the next promise: somebody has it by then, or it is over by then
    Column("assignee", String(64)),  # account that was sent
    Column("merged_into", Id),
    Column("closed_at", UtcTime),
    Column("handled_s", Float),  # from the opening until it was resolved; None until it is closed
    Column("brief", JSON, nullable=False),  # what a line of the queue shows, so that none needs its body
    Index("ix_incidents_queue", "site_id", "ended", "priority", "due_at", "incident_id"),
    index_where("assignee", "ix_incidents_assignee", "site_id", "assignee", "ended"),
    index_where("merged_into", "ix_incidents_merged", "site_id", "merged_into"),
    index_where("handled_s", "ix_incidents_closed", "site_id", "closed_at", "kind", "handled_s"),  # what figures read
    Index("ix_incidents_state", "site_id", "state", "incident_id"),
    Index("ix_incidents_family", "site_id", "family", "building_id", "state"),
    Index("ix_incidents_source", "site_id", "source_kind", "source_id", "kind"),
    index_where("waiting_robot_id", "ix_incidents_waiting", "site_id", "waiting_robot_id"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("incident_id", Id, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", JSON, nullable=False),  # {"zh", "en"}
    Column("by", String(64)),  # account; None for the system
    Column("picture", String(64), index=True),  # SHA-256 hex
)

tried_robots = Table(
    "tried_robots",  # robots that were sent to an incident and brought no picture
    metadata,
    Column("incident_id", Id, primary_key=True),
    Column("robot_id", String(64), primary_key=True),
    Column("because", JSON, nullable=False),  # {"zh", "en"}
)
