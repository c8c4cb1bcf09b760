"""Accounts, their sessions, and the record of what was done and read."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, String, Table, Text

from mission_planner.store.schema.base import Big, metadata
from mission_planner.store.types import UtcTime

accounts = Table(
    "accounts",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),  # wall
    Column("disabled", Boolean, nullable=False, default=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # SHA-256 hex of the cookie
    Column("username", String(64), ForeignKey("accounts.username", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),  # wall, as are the next two
    Column("expires_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),  # wall
    Column("who", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("target", String(128), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)
