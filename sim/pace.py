"""How many steps of the world are due: site time runs at a multiple of real time, and slows rather than skips."""

from __future__ import annotations

import logging

_LATE_S = 0.5  # of real time: further behind than this, the missing time is let go
_SAY_EVERY_S = 10.0
log = logging.getLogger(__name__)


class Pace:
    """Counts steps against a monotonic clock. `lost_s` is the site time that a slow machine cost so far."""

    def __init__(self, *, speed: float, step_s: float, now_s: float) -> None:
        self._speed = speed
        self._step_s = step_s
        self._anchor_s = now_s
        self._taken = 0
        self._said_s = float("-inf")
        self._lost_since_said_s = 0.0
        self.lost_s = 0.0

    def due(self, now_s: float) -> int:
        """Steps that should have been taken by now and were not; after a stop of the machine only a few."""
        behind_s = (now_s - self._anchor_s) * self._speed - self._taken * self._step_s
        if behind_s > _LATE_S * self._speed:
            keep_s = self._step_s
            self._lose(behind_s - keep_s, now_s)
            behind_s = keep_s
        return max(0, int(behind_s / self._step_s + 1e-9))

    def took(self, steps: int) -> None:
        """Steps were taken."""
        self._taken += steps

    def next_s(self) -> float:
        """When the next step is due, on the monotonic clock."""
        return self._anchor_s + (self._taken + 1) * self._step_s / self._speed

    def _lose(self, lost_s: float, now_s: float) -> None:
        self._anchor_s += lost_s / self._speed
        self.lost_s += lost_s
        self._lost_since_said_s += lost_s
        if now_s - self._said_s >= _SAY_EVERY_S:
            log.warning(
                "this machine does not keep up: the simulated world stood still for %.1f s of site time",
                self._lost_since_said_s,
            )
            self._said_s, self._lost_since_said_s = now_s, 0.0
