"""The tables. Alembic's migrations bring a database to exactly this; a test compares the two.

Ids that people or the site gave (robots, devices) are unique within a site, so their keys carry `site_id`.
Bodies are JSON of the core types (patrol_core.codec); what is searched or joined has a column of its own.
Times are UTC site time, except where the comment says wall.
"""

from mission_planner.store.schema.account import accounts, audit, sessions
from mission_planner.store.schema.base import metadata
from mission_planner.store.schema.clock import calendar_anchors, floods, sla_clocks, source_states
from mission_planner.store.schema.duty import assignments, shifts
from mission_planner.store.schema.incident import findings, incidents, timeline, tried_robots
from mission_planner.store.schema.patrol import ledger, missions, orders, patrols, runs
from mission_planner.store.schema.proof import chain, evidence, pruned
from mission_planner.store.schema.report import cursor, inbox, repeats
from mission_planner.store.schema.robot import robot_tokens, robots
from mission_planner.store.schema.sensor import device_conditions, device_credentials, devices, registered_devices
from mission_planner.store.schema.telling import account_notices, events, notices

__all__ = [
    "account_notices",
    "accounts",
    "assignments",
    "audit",
    "calendar_anchors",
    "chain",
    "cursor",
    "device_conditions",
    "device_credentials",
    "devices",
    "events",
    "evidence",
    "findings",
    "floods",
    "inbox",
    "incidents",
    "ledger",
    "metadata",
    "missions",
    "notices",
    "orders",
    "patrols",
    "pruned",
    "registered_devices",
    "repeats",
    "robot_tokens",
    "robots",
    "runs",
    "sessions",
    "shifts",
    "sla_clocks",
    "source_states",
    "timeline",
    "tried_robots",
]
