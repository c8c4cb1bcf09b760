"""Pictures, and a camera that gives them when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from teleop.pictures import Picture

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_SCENE = np.kron(
    np.random.default_rng(1).integers(0, 255, (12, 16, 3), dtype=np.uint8), np.ones((20, 20, 1), dtype=np.uint8)
)


def picture(n: int, *, fps: float = 12.0, noise: int = 0, **changes: Any) -> Picture:
    """The n-th picture of a scene that moves, 320×240; `noise` makes it harder to encode."""
    pixels = np.roll(_SCENE, 3 * n, axis=1)
    if noise:
        pixels = pixels + np.random.default_rng(n).integers(0, noise, pixels.shape, dtype=np.uint8)
    usual: dict[str, Any] = {
        "stamped_at": BEGAN + timedelta(seconds=n / fps),
        "heard_s": 100 + n / fps,
        "width_px": 320,
        "height_px": 240,
        "encoding": "rgb8",
        "step": 960,
        "data": np.ascontiguousarray(pixels).tobytes(),
    }
    return Picture(**{**usual, **changes})


class CameraOfATest:
    """Satisfies `Camera`."""

    def __init__(self) -> None:
        self.take: Callable[[Picture], None] | None = None
        self.starts = 0
        self.given = 0

    def start(self, take: Callable[[Picture], None]) -> None:
        self.take = take
        self.starts += 1

    def stop(self) -> None:
        self.take = None

    @property
    def running(self) -> bool:
        return self.take is not None

    def give(self, **changes: Any) -> Picture:
        """The next picture, heard now."""
        assert self.take is not None, "nobody wants pictures"
        given = picture(self.given, **changes)
        self.given += 1
        self.take(given)
        return given


async def until(condition: Callable[[], Any], *, within_s: float = 30.0, what: str = "") -> Any:
    """The first truthy value of a condition, in the loop that the test runs in."""
    deadline_s = asyncio.get_running_loop().time() + within_s
    while not (value := condition()):
        assert asyncio.get_running_loop().time() < deadline_s, f"not within {within_s} s: {what or condition}"
        await asyncio.sleep(0.01)
    return value
