"""How the voice fares, for the robot's mission and everyone it tells. Pure."""

from __future__ import annotations

from datetime import datetime

from patrol_core.part import PartReport, PartState
from voice.loudspeaker import Condition

NAME = "voice"


def part_of(condition: Condition, at: datetime) -> PartReport:
    """Unavailable where nothing can be said, degraded where a language is missing."""
    state = PartState.OK if not condition.because else PartState.DEGRADED
    if not condition.languages:
        state = PartState.UNAVAILABLE
    return PartReport(name=NAME, state=state, because=condition.because, version=condition.version, stamped_at=at)
