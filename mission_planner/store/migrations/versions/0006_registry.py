"""Room for what the registry needs; nothing yet."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing to change."""
