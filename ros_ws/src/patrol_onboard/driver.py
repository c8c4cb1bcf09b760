"""The ports through which a mission moves a robot and looks through its camera."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from patrol_core.geometry import Pose2
from patrol_onboard.photo import Photo


class Driver(Protocol):
    """Moves one robot. Every implementation passes tests/contract/test_driver.py."""

    async def go_to(self, pose: Pose2, *, speed_mps: float | None = None) -> None:
        """Return on arrival at `pose` (frame `map`), by navigation's own tolerance.

        A cancelled call cancels the goal, also one that navigation has not answered yet, and ends within a second.
        One call at a time: a new goal replaces the one before.

        Args:
            pose: where to stand, and the heading there.
            speed_mps: not faster than this, where navigation honours it; None for its own speed.

        Raises:
            Unreachable: refused, no path, no progress, or cancelled elsewhere; the executor tries once more, then
                skips the checkpoint with this reason.
            LinkLost: navigation is missing or silent; the executor holds and asks again.
        """

    async def stop(self) -> None:
        """End whatever navigation is doing, also for a process that is no more; done when asked, not when standing."""


class Camera(Protocol):
    """Looks through one robot's camera."""

    async def take(self, *, not_before: datetime) -> Photo:
        """A picture that is evidence, taken now.

        Args:
            not_before: UTC site time of the arrival; older pictures show another place.

        Raises:
            Unusable: no picture came, or none that shows anything; the executor notes the reason in the ledger.
        """
