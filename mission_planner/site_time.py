"""Site time of the center: the machine's own at speed 1, the simulator's otherwise, and honest before it is known."""

from __future__ import annotations

from datetime import datetime

from patrol_core.clock import FollowedClock, SystemClock
from patrol_core.errors import ClockUnknown


class SiteTime:
    """A `Clock` that can also be asked whether it knows."""

    def __init__(self, speed: float) -> None:
        self._followed = None if speed == 1.0 else FollowedClock(speed=speed)
        self._clock = self._followed or SystemClock()

    @property
    def followed(self) -> bool:
        """Whether the simulator says the time, on `/clock`."""
        return self._followed is not None

    def follow(self, stamp: datetime) -> None:
        """One tick of the simulator; ignored at speed 1."""
        if self._followed is not None:
            self._followed.follow(stamp)

    def now(self) -> datetime:
        """Raises ClockUnknown before the simulator's first tick."""
        return self._clock.now()

    def monotonic_s(self) -> float:
        return self._clock.monotonic_s()

    def now_or_none(self) -> datetime | None:
        """Site time, or None where it is not known yet."""
        try:
            return self._clock.now()
        except ClockUnknown:
            return None
