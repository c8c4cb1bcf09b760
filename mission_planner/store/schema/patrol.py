"""Patrols and their runs, missions with their ledgers, and orders to robots."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from mission_planner.store.schema.base import metadata
from mission_planner.store.types import Id, UtcTime

patrols = Table(
    "patrols",
    metadata,
    Column("patrol_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("robot_ids", JSON, nullable=False),
    Column("viewpoint_ids", JSON, nullable=False),
    Column("rrule", Text, nullable=False),
    Column("starts_at", String(32), nullable=False),  # local ISO 8601 without offset
    Column("timezone", String(64), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("missed", String(8), nullable=False),
    Column("overlap", String(8), nullable=False),
    Column("robots_wanted", Integer, nullable=False),
    Column("settled_until", UtcTime, nullable=False),  # occurrences up to here have their record
    Column("queued_due_at", UtcTime),  # a run that waits for the one before it; at most one
    Column("because", JSON),  # {"zh", "en"}: what stands in its way; None when nothing does
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("patrol_id", Id, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("state", String(16), nullable=False),  # started, done, skipped, failed
    Column("because", JSON),  # {"zh", "en"}
    Column("by", String(64)),  # account that started it by hand; None for the schedule
    Index("ix_runs_patrol", "patrol_id", "run_id"),
)

missions = Table(
    "missions",
    metadata,
    Column("mission_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("patrol_id", Id, index=True),
    Column("run_id", Id, index=True),
    Column("incident_id", Id, index=True),
    Column("ordered_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("order_epoch", Integer, nullable=False),  # of the newest order about it
    Column("start_epoch", Integer, nullable=False),  # of the newest order that starts it
    Column("chosen_because", JSON, nullable=False),  # {"zh", "en"}
    Column("body", Text, nullable=False),  # the core mission without its ledger
    Index("ix_missions_active", "site_id", "active", "robot_id"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("mission_id", Id, primary_key=True),
    Column("checkpoint_id", String(64), primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("site_id", String(64), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("mission_id", Id),
    Column("kind", String(16), nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),  # None until the robot's state carried the epoch
    Column("body", Text, nullable=False),
    Unique("site_id", "robot_id", "epoch"),
)
