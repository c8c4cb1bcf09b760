"""What the eyes are told from outside: the environment, checked once and by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.environment import speed

CAMERA_ID = "front"  # of a robot's one camera


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionSettings:
    """Of a robot's perception process."""

    speed: float  # site time over real time
    model: str | None  # model set; None takes the first that is there


def settings_from(environment: Mapping[str, str]) -> VisionSettings:
    """Raises InvalidInput naming the variable, what was expected and what came."""
    return VisionSettings(speed=speed(environment), model=environment.get("RONDA_VISION_MODEL") or None)
