"""Where to look in a picture: hints, then the whole, then the ground before the camera; never beyond a budget."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from patrol_vision.blazepose_detector import SIDE_PX, Square
from patrol_vision.pose import Box, Picture

HINT_MARGIN = 1.6  # a hint's square over its longer side: somebody moved, and the network wants room around a body
HINT_QUARTERS = (0, 1, 3)
GROUND_QUARTERS = (1, 3)  # who lies across the picture stands in it when it is turned
TILE_OVERLAP = 0.4  # of neighbours, so that a body at an edge is whole in one of them
LEAST_TILE_PX = 96


def squares(
    width_px: int, height_px: int, *, horizon_px: float | None, hints: Sequence[Box], budget: int
) -> list[Square]:
    """Squares to look at, the most promising first, at most `budget` of them; the others are not looked at.

    Args:
        width_px: of the picture.
        height_px: of the picture.
        horizon_px: row of the horizon; None where it is not known: then the lower half is taken for ground.
        hints: where somebody was a moment ago.
        budget: squares.
    """
    found = [square for hint in hints for square in _around(hint)]
    found.append(_whole(width_px, height_px))
    found += _ground(width_px, height_px, horizon_px)
    return found[:budget]


def pixels_of(picture: Picture, square: Square) -> Picture:
    """The square's pixels as the detector takes them: SIDE_PX a side, turned; black beyond the picture."""
    left, top = round(square.left_px), round(square.top_px)
    side = max(1, round(square.side_px))
    height, width = picture.shape[:2]
    inside = picture[max(0, top) : max(0, min(height, top + side)), max(0, left) : max(0, min(width, left + side))]
    if inside.shape[:2] != (side, side):
        whole = np.zeros((side, side, 3), dtype=np.uint8)
        if inside.size:
            y, x = max(0, -top), max(0, -left)
            whole[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
        inside = whole
    small = cv2.resize(np.ascontiguousarray(inside), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR)
    return np.rot90(np.asarray(small, dtype=np.uint8), square.quarters)


def _around(hint: Box) -> list[Square]:
    left, top, right, bottom = hint
    side = max(LEAST_TILE_PX, HINT_MARGIN * max(right - left, bottom - top))
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    return [Square(left_px=x, top_px=y, side_px=side, quarters=q) for q in HINT_QUARTERS]


def _whole(width_px: int, height_px: int) -> Square:
    side = max(width_px, height_px)
    return Square(left_px=(width_px - side) / 2, top_px=(height_px - side) / 2, side_px=side)


def _ground(width_px: int, height_px: int, horizon_px: float | None) -> list[Square]:
    horizon = height_px / 2 if horizon_px is None else min(max(horizon_px, 0.0), float(height_px))
    side = max(float(min(width_px, height_px) // 2), height_px - horizon)
    count = max(1, int(np.ceil((width_px - side) / (side * (1 - TILE_OVERLAP)))) + 1)
    lefts = np.linspace(0.0, max(0.0, width_px - side), count)
    inner = sorted(lefts, key=lambda left: abs(left + side / 2 - width_px / 2))  # the middle first
    return [
        Square(left_px=float(left), top_px=height_px - side, side_px=side, quarters=quarters)
        for left in inner
        for quarters in GROUND_QUARTERS
    ]
