"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("created_at", types.UtcTime(length=27), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_accounts")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", types.UtcTime(length=27), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=128), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cursor",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursor")),
    )
    op.create_table(
        "devices",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("battery_pct", sa.Float(), nullable=True),
        sa.Column("last_seen_at", types.UtcTime(length=27), nullable=False),
        sa.Column("incident_id", types.Id(length=36), nullable=True),
        sa.PrimaryKeyConstraint("site_id", "device_id", name=op.f("pk_devices")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcTime(length=27), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("taken_at", types.UtcTime(length=27), nullable=True),
        sa.Column("checkpoint_id", sa.String(length=64), nullable=True),
        sa.Column("mission_id", types.Id(length=36), nullable=True),
        sa.Column("incident_id", types.Id(length=36), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index("ix_evidence_robot", ["site_id", "robot_id", "taken_at"], unique=False)

    op.create_table(
        "findings",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("finding_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("source_kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("observed_at", types.UtcTime(length=27), nullable=False),
        sa.Column("incident_id", types.Id(length=36), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_findings")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_findings_finding_id")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", types.UtcTime(length=27), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("report_id", name=op.f("uq_inbox_report_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_state", ["state", "seq"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("incident_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.String(length=1), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source_kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("verification", sa.String(length=16), nullable=False),
        sa.Column("verification_because", sa.JSON(), nullable=True),
        sa.Column("verify_robot_id", sa.String(length=64), nullable=True),
        sa.Column("opened_at", types.UtcTime(length=27), nullable=False),
        sa.Column("changed_at", types.UtcTime(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index("ix_incidents_source", ["site_id", "source_kind", "source_id", "kind"], unique=False)
        batch_op.create_index("ix_incidents_state", ["site_id", "state", "incident_id"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("mission_id", types.Id(length=36), nullable=False),
        sa.Column("checkpoint_id", sa.String(length=64), nullable=False),
        sa.Column("report_id", types.Id(length=36), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("at", types.UtcTime(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mission_id", "checkpoint_id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "missions",
        sa.Column("mission_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("patrol_id", types.Id(length=36), nullable=True),
        sa.Column("run_id", types.Id(length=36), nullable=True),
        sa.Column("incident_id", types.Id(length=36), nullable=True),
        sa.Column("ordered_at", types.UtcTime(length=27), nullable=False),
        sa.Column("started_at", types.UtcTime(length=27), nullable=True),
        sa.Column("ended_at", types.UtcTime(length=27), nullable=True),
        sa.Column("order_epoch", sa.Integer(), nullable=False),
        sa.Column("start_epoch", sa.Integer(), nullable=False),
        sa.Column("chosen_because", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mission_id", name=op.f("pk_missions")),
    )
    with op.batch_alter_table("missions", schema=None) as batch_op:
        batch_op.create_index("ix_missions_active", ["site_id", "active", "robot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_missions_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_missions_patrol_id"), ["patrol_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_missions_run_id"), ["run_id"], unique=False)

    op.create_table(
        "orders",
        sa.Column("order_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("mission_id", types.Id(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("issued_at", types.UtcTime(length=27), nullable=False),
        sa.Column("taken_at", types.UtcTime(length=27), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_orders")),
        sa.UniqueConstraint("site_id", "robot_id", "epoch", name=op.f("uq_orders_site_id_robot_id_epoch")),
    )
    op.create_table(
        "patrols",
        sa.Column("patrol_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("robot_ids", sa.JSON(), nullable=False),
        sa.Column("viewpoint_ids", sa.JSON(), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.String(length=32), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.String(length=8), nullable=False),
        sa.Column("overlap", sa.String(length=8), nullable=False),
        sa.Column("robots_wanted", sa.Integer(), nullable=False),
        sa.Column("settled_until", types.UtcTime(length=27), nullable=False),
        sa.Column("queued_due_at", types.UtcTime(length=27), nullable=True),
        sa.Column("because", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("patrol_id", name=op.f("pk_patrols")),
    )
    op.create_table(
        "robot_tokens",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "robot_id", name=op.f("pk_robot_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_robot_tokens_token_hash")),
    )
    op.create_table(
        "robots",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", types.UtcTime(length=27), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", "robot_id", name=op.f("pk_robots")),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", types.Id(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("patrol_id", types.Id(length=36), nullable=False),
        sa.Column("due_at", types.UtcTime(length=27), nullable=False),
        sa.Column("started_at", types.UtcTime(length=27), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("because", sa.JSON(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_patrol", ["patrol_id", "run_id"], unique=False)

    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("incident_id", types.Id(length=36), nullable=False),
        sa.Column("at", types.UtcTime(length=27), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("picture", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timeline_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "tried_robots",
        sa.Column("incident_id", types.Id(length=36), nullable=False),
        sa.Column("robot_id", sa.String(length=64), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "robot_id", name=op.f("pk_tried_robots")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UtcTime(length=27), nullable=False),
        sa.Column("expires_at", types.UtcTime(length=27), nullable=False),
        sa.Column("last_used_at", types.UtcTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["accounts.username"], name=op.f("fk_sessions_username"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_username"), ["username"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_username"))

    op.drop_table("sessions")
    op.drop_table("tried_robots")
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timeline_incident_id"))

    op.drop_table("timeline")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index("ix_runs_patrol")

    op.drop_table("runs")
    op.drop_table("robots")
    op.drop_table("robot_tokens")
    op.drop_table("patrols")
    op.drop_table("orders")
    with op.batch_alter_table("missions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_missions_run_id"))
        batch_op.drop_index(batch_op.f("ix_missions_patrol_id"))
        batch_op.drop_index(batch_op.f("ix_missions_incident_id"))
        batch_op.drop_index("ix_missions_active")

    op.drop_table("missions")
    op.drop_table("ledger")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index("ix_incidents_state")
        batch_op.drop_index("ix_incidents_source")

    op.drop_table("incidents")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_state")

    op.drop_table("inbox")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_incident_id"))

    op.drop_table("findings")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_robot")
        batch_op.drop_index(batch_op.f("ix_evidence_mission_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_incident_id"))

    op.drop_table("evidence")
    op.drop_table("events")
    op.drop_table("devices")
    op.drop_table("cursor")
    op.drop_table("audit")
    op.drop_table("accounts")
