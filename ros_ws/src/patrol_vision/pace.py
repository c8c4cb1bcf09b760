"""How often to look: seldom while nothing is suspected, often while something is, never more than the core bears."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from patrol_core.errors import InvalidInput

_SMOOTH = 0.2  # how much the newest interval counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PacePolicy:
    """Looks in a second of real time, and shares of one core."""

    rate_hz: float = 3.0
    suspect_rate_hz: float = 6.0
    load_max: float = 0.5
    suspect_load_max: float = 0.9
    degraded_below: float = 0.6  # of the wished rate

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            limit = 1.0 if "load" in field.name or field.name == "degraded_below" else math.inf
            if not (0 < value <= limit):
                raise InvalidInput(f"expected a number above 0, at most {limit:g}; came {value}", where=field.name)


class Pace:
    """Told how long each look took; says when the next one is due, and which rate is really reached."""

    def __init__(self, policy: PacePolicy | None = None) -> None:
        self._policy = policy or PacePolicy()
        self._interval_s: float | None = None
        self._last_s: float | None = None
        self._suspects = False

    def pause_s(self, *, began_s: float, ended_s: float, suspects: bool) -> float:
        """How long to wait after a look before the next one. Times are monotonic seconds."""
        if self._last_s is not None and suspects == self._suspects:
            step_s = began_s - self._last_s
            self._interval_s = (
                step_s if self._interval_s is None else _SMOOTH * step_s + (1 - _SMOOTH) * self._interval_s
            )
        else:
            self._interval_s = None  # another rate is wished now: measure anew
        self._last_s, self._suspects = began_s, suspects
        took_s = ended_s - began_s
        load_max = self._policy.suspect_load_max if suspects else self._policy.load_max
        return max(1.0 / self._wished_hz - took_s, took_s / load_max - took_s, 0.0)

    @property
    def _wished_hz(self) -> float:
        return self._policy.suspect_rate_hz if self._suspects else self._policy.rate_hz

    @property
    def degraded_hz(self) -> float | None:
        """The rate that is reached, where it is clearly below the wished one; None where all is well or unknown."""
        if self._interval_s is None or self._interval_s <= 0:
            return None
        rate_hz = 1.0 / self._interval_s
        return rate_hz if rate_hz < self._policy.degraded_below * self._wished_hz else None
