"""A finder that says what a test tells it, for tests of what stands around it. Never part of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from patrol_vision.pose import Box, PersonView, Picture


@dataclass(slots=True)
class ScriptedFinder:
    """Gives `views` for every picture and remembers what it was asked."""

    views: list[PersonView] = field(default_factory=list)
    name: str = "scripted@00000000"
    asked: list[tuple[float | None, tuple[Box, ...]]] = field(default_factory=list)

    def people(
        self,
        picture: Picture,
        *,
        horizon_px: float | None,
        hints: Sequence[Box] = (),
        camera_up_m: float | None = None,
    ) -> list[PersonView]:
        self.asked.append((horizon_px, tuple(hints)))
        return list(self.views)


def noise(seed: int = 0, *, height_px: int = 480, width_px: int = 640) -> Picture:
    """A picture with something in it."""
    return np.random.default_rng(seed).integers(0, 255, (height_px, width_px, 3), dtype=np.uint8)


def black() -> Picture:
    """A covered camera's picture."""
    return np.zeros((480, 640, 3), dtype=np.uint8)
