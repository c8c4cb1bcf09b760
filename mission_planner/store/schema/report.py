"""Reports on their way in: the inbox, and how far each reader of it has come."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from mission_planner.store.schema.base import Big, metadata
from mission_planner.store.types import Id, UtcTime

inbox = Table(
    "inbox",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),  # the order in which they were committed
    Column("report_id", String(64), nullable=False, unique=True),  # what makes a message unique; a known one is ignored
    Column("site_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # mqtt, finding, ledger
    Column("topic", Text, nullable=False),  # MQTT topic, or the robot it came from
    Column("body", Text, nullable=False),  # as it came: JSON, or base64 after "b64:" where it was no text
    Column("received_at", UtcTime),  # None where site time was not known yet
    Column("state", String(8), nullable=False),  # new, done, aside, counted
    Column("because", Text, nullable=False, default=""),  # why it was set aside
    Column("incident_id", Id),  # the one into which a repeat was counted; None for every other report
    Index("ix_inbox_state", "state", "seq"),
    sqlite_autoincrement=True,
)

repeats = Table(  # small beside the inbox: a storm writes the same few pages of it again and again
    "repeats",
    metadata,
    Column("incident_id", Id, primary_key=True),
    Column("count", Integer, nullable=False),  # reports of the inbox that were counted into it
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("position", Big, nullable=False),  # the last inbox.seq taken through
)
