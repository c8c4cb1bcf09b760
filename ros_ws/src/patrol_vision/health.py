"""How the part "vision" fares, in one sentence: the worst thing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from patrol_core.part import PartReport, PartState
from patrol_core.site import NO_WORDS, Text
from patrol_vision import phrases

STUCK_S = 10.0  # real time; one look takes a fraction of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is known of the eyes at a moment."""

    model: str | None  # name and digest; None where none is loaded
    no_model: str = ""  # why
    no_pictures: str | None = None  # why none come
    blind: Text | None = None  # why the newest shows nothing
    pose_unknown: bool = False
    degraded_hz: float | None = None
    looking_s: float = 0.0  # how long the present look has taken


def part_of(condition: Condition, now: datetime) -> PartReport:
    """The part's report."""
    state, because = _judged(condition)
    return PartReport(name="vision", state=state, because=because, version=condition.model or "", stamped_at=now)


def _judged(condition: Condition) -> tuple[PartState, Text]:
    if condition.model is None:
        return PartState.UNAVAILABLE, phrases.no_model(condition.no_model)
    if condition.looking_s > STUCK_S:
        return PartState.UNAVAILABLE, phrases.stuck(condition.looking_s)
    if condition.no_pictures is not None:
        return PartState.UNAVAILABLE, phrases.NO_PICTURES
    if condition.blind is not None:
        return PartState.DEGRADED, condition.blind
    if condition.pose_unknown:
        return PartState.DEGRADED, phrases.NO_POSE
    if condition.degraded_hz is not None:
        return PartState.DEGRADED, phrases.slow(condition.degraded_hz)
    return PartState.OK, NO_WORDS
