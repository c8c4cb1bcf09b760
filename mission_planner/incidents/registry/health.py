"""How each device fares, from its last words and the clock: for one, and for all at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry import health_phrases as phrases
from mission_planner.incidents.registry.entry import silent_after_h
from mission_planner.incidents.registry.last import LastWords, ms_of, time_of
from patrol_core.site import Text

BATTERY_LOW_PCT = 15.0
BATTERY_WELL_PCT = 20.0  # what was low is well again from here


class Health(StrEnum):
    """How a device fares. The graver stands later."""

    OK = "ok"
    BATTERY_LOW = "battery_low"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"


ORDER: tuple[Health, ...] = tuple(Health)
CODES = {health: code for code, health in enumerate(ORDER)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthNow:
    """One device."""

    state: Health
    since: datetime | None  # None where nobody knows
    text: Text


def health_codes(words: LastWords, now: datetime) -> NDArray[np.uint8]:
    """A number for each position, as in `CODES`."""
    count = len(words.registry)
    heard, battery = words.heard_ms[:count], words.battery_pct[:count]
    limit_ms = words.registry.silent_after_ms()[:count]
    codes = np.zeros(count, dtype=np.uint8)
    codes[battery <= BATTERY_LOW_PCT] = CODES[Health.BATTERY_LOW]
    codes[ms_of(now) - heard > limit_ms] = CODES[Health.SILENT]
    codes[heard == 0] = CODES[Health.NEVER_HEARD]
    return codes


def health_of(words: LastWords, position: int, now: datetime | None) -> HealthNow:
    """How one device fares."""
    heard_ms = int(words.heard_ms[position])
    if not heard_ms or now is None:
        return HealthNow(state=Health.NEVER_HEARD, since=None, text=phrases.NEVER_HEARD)
    entry = words.registry.entry_at(position)
    limit_ms = silent_after_h(entry.device.kind, entry.silent_after_h) * 3_600_000.0
    silent_ms = ms_of(now) - heard_ms
    if silent_ms > limit_ms:
        since = time_of(heard_ms)
        return HealthNow(state=Health.SILENT, since=since, text=phrases.silent(silent_ms / 1000))
    battery = words.battery_of(position)
    if battery is not None and battery <= BATTERY_LOW_PCT:
        return HealthNow(state=Health.BATTERY_LOW, since=None, text=phrases.battery_low(battery))
    return HealthNow(state=Health.OK, since=None, text=phrases.OK)
