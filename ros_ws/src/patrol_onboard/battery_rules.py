"""When the battery forbids a mission. An unknown battery starts no patrol, but does not stop a look at an incident."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_core.mission import MissionKind
from patrol_core.site import NO_WORDS, Text
from patrol_onboard import phrases
from patrol_onboard.memory import PauseCause
from patrol_onboard.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """What is known about the charge."""

    pct: float | None = None  # 0..100; None when unknown
    charging: bool | None = None
    heard: bool = False  # whether the battery (or its silence) was noticed since the process started


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why a mission may not be underway now."""

    cause: PauseCause
    because: Text


def limit_pct(kind: MissionKind, policy: Policy) -> float:
    """The charge below which a mission of this kind goes to the dock."""
    return policy.verify_floor_pct if kind is MissionKind.VERIFY else policy.reserve_pct


def refusal(kind: MissionKind, battery: Battery, policy: Policy) -> Text:
    """Why an order to start (or go on with) a mission is refused; empty when it is not."""
    if battery.pct is None:
        return phrases.BATTERY_UNKNOWN_NO_START if kind is MissionKind.PATROL else NO_WORDS
    limit = limit_pct(kind, policy)
    return phrases.battery_too_low(battery.pct, limit) if battery.pct < limit else NO_WORDS


def bar(kind: MissionKind, battery: Battery, policy: Policy, *, charging_up: bool) -> Bar | None:
    """What stops a mission that was accepted; one that went to charge (`charging_up`) waits for `resume_pct`.

    Silence of the battery counts once it was noticed: a process that just started goes on for the moment it takes
    to hear the battery.
    """
    if battery.pct is None:
        if battery.heard and kind is MissionKind.PATROL:
            return Bar(cause=PauseCause.BATTERY_UNKNOWN, because=phrases.BATTERY_UNKNOWN)
        return None
    limit = limit_pct(kind, policy)
    if battery.pct < (policy.resume_pct if charging_up else limit):
        return Bar(cause=PauseCause.BATTERY, because=phrases.to_charge(battery.pct, limit, policy.resume_pct))
    return None
