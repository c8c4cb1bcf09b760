"""Time, injected: site time for the calendar and the mission, monotonic time for safety and links."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from patrol_core.errors import ClockUnknown


class Clock(Protocol):
    """Two clocks: site time may be scaled and may jump, monotonic time never."""

    def now(self) -> datetime:
        """Site time, UTC-aware."""

    def monotonic_s(self) -> float:
        """Seconds of real time from an arbitrary start; never scaled, never set back."""


class SystemClock:
    """Site time is the machine's time: every real site, and the simulator at speed 1."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


class FollowedClock:
    """Site time as the simulator tells it on `/clock`, carried forward between its ticks.

    Between ticks it runs at `speed`, at most `carry_s` seconds of site time past the last tick, so that a stopped
    simulator stops site time. It never goes back, unless the simulator itself starts again more than `jump_back_s`
    earlier. Thread-safe.
    """

    def __init__(
        self,
        *,
        speed: float,
        carry_s: float = 2.0,
        jump_back_s: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speed = speed
        self._carry = timedelta(seconds=carry_s)
        self._jump_back = timedelta(seconds=jump_back_s)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._tick: tuple[datetime, float] | None = None
        self._latest: datetime | None = None

    @property
    def known(self) -> bool:
        """Whether the simulator has spoken."""
        return self._tick is not None

    def follow(self, stamp: datetime) -> None:
        """Take one tick of the simulator's clock."""
        with self._lock:
            self._tick = (stamp, self._monotonic())
            if self._latest is not None and self._latest - stamp > self._jump_back:
                self._latest = None

    def now(self) -> datetime:
        """Site time, UTC-aware.

        Raises:
            ClockUnknown: no tick has come yet.
        """
        with self._lock:
            if self._tick is None:
                raise ClockUnknown("site time is not known yet: the simulator has not said it on /clock")
            stamp, heard_s = self._tick
            ahead = timedelta(seconds=(self._monotonic() - heard_s) * self._speed)
            now = stamp + min(ahead, max(self._carry, timedelta(seconds=self._speed)))
            if self._latest is None or now > self._latest:
                self._latest = now
            return self._latest

    def monotonic_s(self) -> float:
        return self._monotonic()


class ManualClock:
    """A clock that tests and the lockstep simulator move: `clock.forward(minutes=4)`."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic_s = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def forward(self, *, seconds: float = 0.0, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> None:
        """Move both clocks forward by the same length."""
        length = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        self._now += length
        self._monotonic_s += length.total_seconds()


def clock_at(speed: float) -> Clock:
    """The machine's own clock; at another speed than 1 the simulator's, which somebody must let it follow."""
    return SystemClock() if speed == 1 else FollowedClock(speed=speed)
