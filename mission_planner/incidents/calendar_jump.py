"""Whether the machine's calendar was set: against a clock that nobody can set, also across a restart of the center.

Deadlines are calendar moments so that they survive a restart; a calendar that jumps would fire them early, or never.
`CLOCK_BOOTTIME` runs on through sleep, the same for all processes, until the machine starts anew; `boot_id` tells when.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SLEWED_S = 2.0  # what NTP corrects bit by bit is no jump


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One moment, on both clocks."""

    boot_id: str  # of the machine's start; "" where the machine does not tell
    boottime_s: float
    calendar: datetime  # UTC


def anchor_now() -> Anchor:
    """This moment."""
    return Anchor(boot_id=_boot_id(), boottime_s=time.clock_gettime(time.CLOCK_BOOTTIME), calendar=datetime.now(UTC))


@cache
def _boot_id() -> str:
    """The same for as long as a process can live."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def shift(start: Anchor | None, by: timedelta, before: Anchor, now: Anchor) -> timedelta:
    """How far a moment moves that was noted at `start`, when the calendar was set by `by` between `before` and `now`.

    One that was noted between the two may stand on the old calendar or on the new: its own anchor tells.
    """
    if start is not None and start.boot_id == before.boot_id and start.boottime_s >= before.boottime_s:
        return jump(start, now)
    return by


def shifted(start: Anchor | None, by: timedelta) -> Anchor | None:
    """The anchor of a moment that has moved."""
    return replace(start, calendar=start.calendar + by) if start is not None else None


def set_since(looked: Anchor | None, now: Anchor | None) -> bool:
    """Whether the calendar was set after it was looked at: whatever falls due by it now waits for the next look.

    None: site time is not the machine's.
    """
    return looked is not None and now is not None and bool(jump(looked, now))


def jump(before: Anchor, now: Anchor) -> timedelta:
    """How far the calendar was set since; zero where the machine started anew: then only the calendar knows."""
    if not now.boot_id or before.boot_id != now.boot_id:
        return timedelta(0)
    passed = timedelta(seconds=now.boottime_s - before.boottime_s)
    by = (now.calendar - before.calendar) - passed
    return by if abs(by.total_seconds()) > SLEWED_S else timedelta(0)
