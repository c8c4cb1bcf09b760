"""Imported devices, credentials of devices and gateways, and what is wrong with devices by the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mission_planner.store import types

revision = "0006"
down_revision = "0005"

_ID = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "registered_devices",
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("x_m", sa.Float(), nullable=False),
        sa.Column("y_m", sa.Float(), nullable=False),
        sa.Column("height_m", sa.Float(), nullable=False),
        sa.Column("building_id", _ID, nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("flat", sa.Text(), nullable=True),
        sa.Column("spot_zh", sa.Text(), nullable=True),
        sa.Column("spot_en", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("gateway", _ID, nullable=True),
        sa.Column("silent_after_h", sa.Float(), nullable=True),
        sa.Column("unused_after_h", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", "device_id", name=op.f("pk_registered_devices")),
    )
    op.create_table(
        "device_credentials",
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", _ID, nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("made_at", types.UtcTime(length=27), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "username", name=op.f("pk_device_credentials")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_credentials_secret_hash")),
    )
    op.create_table(
        "device_conditions",
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("since", types.UtcTime(length=27), nullable=False),
        sa.Column("told_as", _ID, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "device_id", "kind", name=op.f("pk_device_conditions")),
    )
