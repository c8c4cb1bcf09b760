"""Room for what the chain needs; nothing yet."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing to change."""
