"""The port of notifications: a way to people that follows the log of tellings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mission_planner.store.notices import Notice


class Channel(Protocol):
    """Carries tellings. Every implementation passes tests/contract/test_channels.py."""

    @property
    def name(self) -> str:
        """What its cursor is kept under; never changed, or it would begin anew."""

    async def carry(self, waiting: Sequence[Notice]) -> None:
        """Bring these to people, in this order. The same may come again, when the process died before it was noted.

        Raises:
            Unavailable: it could not, or not all; the outbox asks again with the same, and what came meanwhile.
        """

    async def close(self) -> None:
        """Let go of connections."""
