"""Fixed sensors: what each last said, what is registered of it, and what is wrong with it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Integer, String, Table, Text

from mission_planner.store.schema.base import metadata
from mission_planner.store.types import Id, UtcTime

devices = Table(
    "devices",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("device_id", String(64), primary_key=True),
    Column("state", String(8), nullable=False),  # normal, alarm
    Column("value", Float),
    Column("unit", String(16), nullable=False, default=""),
    Column("battery_pct", Float),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("incident_id", Id),
)

registered_devices = Table(
    "registered_devices",  # those that were imported; the site file's are in the site file
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("device_id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("x_m", Float, nullable=False),  # frame `map`, as the next two
    Column("y_m", Float, nullable=False),
    Column("height_m", Float, nullable=False),
    Column("building_id", String(64)),
    Column("unit", Text),
    Column("floor", Integer),
    Column("flat", Text),
    Column("spot_zh", Text),
    Column("spot_en", Text),
    Column("external_id", Text),  # what other systems call it
    Column("gateway", String(64)),  # who may speak for it
    Column("silent_after_h", Float),  # None: as its kind, as the next
    Column("unused_after_h", Float),
)

device_credentials = Table(
    "device_credentials",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("username", String(80), primary_key=True),  # a device's id, or "gateway:" and a gateway's
    Column("secret_hash", String(64), nullable=False, unique=True),  # SHA-256 hex
    Column("topics", JSON, nullable=False),  # filters a gateway may use besides its devices' own
    Column("made_at", UtcTime, nullable=False),  # wall
)

device_conditions = Table(
    "device_conditions",  # what is wrong with a device by the clock, and has been told
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("device_id", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),  # of incident
    Column("cause", String(16), nullable=False),  # silent, battery_low, never_heard, unused, flowing
    Column("since", UtcTime, nullable=False),
    Column("told_as", String(64), nullable=False),  # the device the finding names: one speaks for many
)
