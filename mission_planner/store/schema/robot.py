"""What robots last said, and what they log in with."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from mission_planner.store.schema.base import metadata
from mission_planner.store.types import UtcTime

robots = Table(
    "robots",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("robot_id", String(64), primary_key=True),
    Column("last_seen_at", UtcTime),
    Column("state", Text),  # JSON of the core RobotState; None until it spoke
)

robot_tokens = Table(
    "robot_tokens",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("robot_id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),  # SHA-256 hex
)
