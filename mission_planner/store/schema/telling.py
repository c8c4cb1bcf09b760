"""Who was told what: the log of notices, each account's, and the events that browsers hear."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from mission_planner.store.schema.base import Big, metadata
from mission_planner.store.types import Id, UtcTime

notices = Table(
    "notices",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),
    Column("site_id", String(64), nullable=False),
    Column("incident_id", Id, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("action", String(16), nullable=False),  # trigger, order, handed_on, untaken, acknowledge, resolve
    Column("number", Integer, nullable=False),  # rung of the ladder; 0 at the opening
    Column("tell", JSON, nullable=False),  # roles
    Column("people", JSON, nullable=False, server_default="[]"),  # accounts: those on duty, or the one who was sent
    sqlite_autoincrement=True,
)

account_notices = Table(
    "account_notices",  # what an account was told in the console
    metadata,
    Column("username", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the notice
    Column("site_id", String(64), nullable=False),
    Column("read", Boolean, nullable=False),
    Index("ix_account_notices_unread", "site_id", "username", "read", "seq"),
)

events = Table(
    "events",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("site_id", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(16), nullable=False),  # incident, mission, patrol, robot, sensor, finding, flood
    Column("subject_id", String(64), nullable=False),
    Column("audience", String(32)),  # action an account needs to hear it; None for everyone who is logged in
    sqlite_autoincrement=True,
)
