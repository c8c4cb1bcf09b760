"""The tables. Alembic's migrations bring a database to exactly this; a test compares the two.

Ids that people or the site gave (robots, devices) are unique within a site, so their keys carry `site_id`.
Bodies are JSON of the core types (patrol_core.codec); what is searched or joined has a column of its own.
Times are UTC site time, except where the comment says wall.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy import UniqueConstraint as Unique

from mission_planner.store.types import Id, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows in 64 bits under this name only
Big = BigInteger().with_variant(Integer, "sqlite")


def _where(there: str, name: str, *columns: str) -> Index:
    """An index of the rows that have something in the column `there`."""
    where = text(f"{there} IS NOT NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


# --- reports on their way in -------------------------------------------------------------------------------------

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
    Column("state", String(8), nullable=False),  # new, done, aside
    Column("because", Text, nullable=False, default=""),  # why it was set aside
    Index("ix_inbox_state", "state", "seq"),
    sqlite_autoincrement=True,
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("position", Big, nullable=False),  # the last inbox.seq taken through
)

# --- incidents ---------------------------------------------------------------------------------------------------

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
    _where("assignee", "ix_incidents_assignee", "site_id", "assignee", "ended"),
    _where("merged_into", "ix_incidents_merged", "site_id", "merged_into"),
    _where("handled_s", "ix_incidents_closed", "site_id", "closed_at", "kind", "handled_s"),  # all that figures read
    Index("ix_incidents_state", "site_id", "state", "incident_id"),
    Index("ix_incidents_family", "site_id", "family", "building_id", "state"),
    Index("ix_incidents_source", "site_id", "source_kind", "source_id", "kind"),
    _where("waiting_robot_id", "ix_incidents_waiting", "site_id", "waiting_robot_id"),
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

# --- patrols and missions ----------------------------------------------------------------------------------------

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

# --- what the site's things last said ----------------------------------------------------------------------------

robots = Table(
    "robots",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("robot_id", String(64), primary_key=True),
    Column("last_seen_at", UtcTime),
    Column("state", Text),  # JSON of the core RobotState; None until it spoke
)

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

evidence = Table(
    "evidence",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 hex
    Column("site_id", String(64), nullable=False),
    Column("robot_id", String(64)),
    Column("size", Integer),  # bytes; None until it came
    Column("media_type", String(64), nullable=False, default="image/jpeg"),
    Column("taken_at", UtcTime),
    Column("checkpoint_id", String(64)),
    Column("mission_id", Id, index=True),
    Column("incident_id", Id, index=True),
    Column("complete", Boolean, nullable=False, default=False),
    Column("pruned_at", UtcTime),  # when it was removed by policy; `size` stays until its bytes are gone, too
    Index("ix_evidence_robot", "site_id", "robot_id", "taken_at"),
)

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

notices = Table(
    "notices",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),
    Column("site_id", String(64), nullable=False),
    Column("incident_id", Id, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("action", String(16), nullable=False),  # trigger, order, untaken, acknowledge, resolve
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

# --- who is sent, and who is on duty -----------------------------------------------------------------------------

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

# --- the registry of fixed sensors -------------------------------------------------------------------------------

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

floods = Table(
    "floods",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("body", Text, nullable=False),  # JSON of the flood of alarms as it stands
)

# --- what browsers hear ------------------------------------------------------------------------------------------

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

# --- people ------------------------------------------------------------------------------------------------------

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

robot_tokens = Table(
    "robot_tokens",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("robot_id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),  # SHA-256 hex
)

# --- the chain of evidence ---------------------------------------------------------------------------------------

chain = Table(
    "chain",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),  # wall, as text: it was hashed so
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("about", String(36), nullable=False),  # incident; "" for none
    Column("digest", String(64), nullable=False),  # SHA-256 hex, as are the next two
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_chain_subject", "kind", "subject"),
    Index("ix_chain_about", "about", "seq"),
)

pruned = Table(
    "pruned",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),  # of its link
    Column("body", JSON, nullable=False),  # {"kind", "because", "seqs": [[first, last], …]}
)
