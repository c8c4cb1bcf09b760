"""Pictures for tests: a street as a camera sees it, and the same camera covered, dead or shaking."""

from __future__ import annotations

from datetime import UTC, datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from patrol_onboard.photo import Frame

Pixels = NDArray[np.uint8]
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def street(*, seed: int = 1, brightness: float = 1.0) -> Pixels:
    """640×480 RGB: sky, a facade with windows, a road with a line, and the camera's noise."""
    rng = np.random.default_rng(seed)
    picture = np.full((480, 640, 3), (150, 180, 215), np.uint8)
    cv2.rectangle(picture, (60, 60), (420, 330), (190, 180, 165), -1)
    for x in range(80, 400, 40):
        for y in range(80, 310, 36):
            cv2.rectangle(picture, (x, y), (x + 20, y + 20), (60, 70, 90), -1)
    cv2.rectangle(picture, (0, 330), (640, 480), (95, 95, 98), -1)
    cv2.line(picture, (320, 480), (330, 340), (220, 220, 210), 4)
    noisy = picture * brightness + rng.normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def covered(*, seed: int = 1) -> Pixels:
    """A lens with a hand or a cap on it."""
    return np.clip(np.random.default_rng(seed).normal(3, 2, (480, 640, 3)), 0, 255).astype(np.uint8)


def grey(*, level: int = 128) -> Pixels:
    """A sticker over the lens, or a dead sensor."""
    noise = np.random.default_rng(1).normal(level, 1.5, (480, 640, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def shaken(picture: Pixels, *, by_px: int = 61) -> Pixels:
    """Motion blur, and the smooth look of a lens out of focus."""
    return np.asarray(cv2.GaussianBlur(cv2.blur(picture, (by_px, 1)), (0, 0), 9), np.uint8)


def frame(picture: Pixels, *, stamped_at: datetime = NOW, heard_s: float = 100.0, padding: int = 0) -> Frame:
    """The picture as an rgb8 frame, its rows padded as some drivers do."""
    rows = np.pad(picture.reshape(picture.shape[0], -1), ((0, 0), (0, padding)))
    return Frame(
        width_px=picture.shape[1],
        height_px=picture.shape[0],
        encoding="rgb8",
        step=rows.shape[1],
        data=rows.tobytes(),
        stamped_at=stamped_at,
        heard_s=heard_s,
    )
