"""Room for what the flood needs; nothing yet."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing to change."""
