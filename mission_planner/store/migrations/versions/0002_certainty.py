"""How sure a source was and which model judged; which robot waits at an incident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("findings") as batch_op:
        batch_op.add_column(sa.Column("certainty", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("model", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.add_column(sa.Column("certainty", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("waiting_robot_id", sa.String(length=64), nullable=True))
        batch_op.create_index("ix_incidents_waiting", ["site_id", "waiting_robot_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.drop_index("ix_incidents_waiting")
        batch_op.drop_column("waiting_robot_id")
        batch_op.drop_column("certainty")
    with op.batch_alter_table("findings") as batch_op:
        batch_op.drop_column("model")
        batch_op.drop_column("certainty")
