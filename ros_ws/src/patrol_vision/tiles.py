"""Where to look in a picture: hints, then the ground before the camera, then the whole; never beyond a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from patrol_vision.blazepose_detector import SIDE_PX, Square
from patrol_vision.pose import Box, Picture

HINT_MARGIN = 1.6  # a hint's square over its longer side: somebody moved, and the network wants room around a body
QUARTERS = (0, 1, 3)  # who lies across the picture stands in it when it is turned one way or the other
TILE_SHARE = 0.625  # side of a ground tile over the picture's width: two tiles of 400 px overlap by 160 in 640
TILE_OVERLAP = 0.35  # at least, of neighbours, so that a body at an edge is whole in one of them
LEAST_SIDE_PX = 96.0
_Way = tuple[int, int]
# For each number of quarter turns: which way of the picture a column and a row of the turned square go, and from where.
_AXES: tuple[tuple[_Way, _Way, _Way], ...] = (
    ((1, 0), (0, 1), (0, 0)),
    ((0, 1), (-1, 0), (1, 0)),
    ((-1, 0), (0, -1), (1, 1)),
    ((0, -1), (1, 0), (0, 1)),
)


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
    found += [*_ground(width_px, height_px, horizon_px), _whole(width_px, height_px)]
    return found[:budget]


def pixels_of(picture: Picture, square: Square) -> Picture:
    """The square's pixels as the detector takes them: SIDE_PX a side, turned; black beyond the picture.

    Pixel (0, 0) is taken at the square's corner, not half a step inside, as the graph the networks come from does
    (ImageToTensorCalculator): half a step shifts the regions found by one or two per cent.
    """
    step = square.side_px / SIDE_PX
    column, row, corner = _AXES[square.quarters % 4]
    matrix = np.array(
        [
            [column[0] * step, row[0] * step, square.left_px + corner[0] * square.side_px],
            [column[1] * step, row[1] * step, square.top_px + corner[1] * square.side_px],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, matrix, (SIDE_PX, SIDE_PX), flags=flags), dtype=np.uint8)


def _around(hint: Box) -> list[Square]:
    left, top, right, bottom = hint
    side = max(LEAST_SIDE_PX, HINT_MARGIN * max(right - left, bottom - top))
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    return [Square(left_px=x, top_px=y, side_px=side, quarters=quarters) for quarters in QUARTERS]


def _whole(width_px: int, height_px: int) -> Square:
    side = max(width_px, height_px)
    return Square(left_px=(width_px - side) / 2, top_px=(height_px - side) / 2, side_px=side)


def _ground(width_px: int, height_px: int, horizon_px: float | None) -> list[Square]:
    """Tiles that cover the ground: the nearest row first, its middle first."""
    horizon = height_px / 2 if horizon_px is None else min(max(horizon_px, 0.0), float(height_px))
    side = max(LEAST_SIDE_PX, TILE_SHARE * width_px)
    tops = _spread(min(horizon, height_px - side), float(height_px), side)
    lefts = sorted(_spread(0.0, float(width_px), side), key=lambda left: abs(left + side / 2 - width_px / 2))
    return [
        Square(left_px=left, top_px=top, side_px=side, quarters=quarters)
        for top in reversed(tops)
        for left in lefts
        for quarters in QUARTERS
    ]


def _spread(low_px: float, high_px: float, side_px: float) -> list[float]:
    """Where tiles begin that cover a stretch."""
    room = high_px - low_px - side_px
    if room <= 0:
        return [low_px + room / 2]
    steps = math.ceil(room / (side_px * (1 - TILE_OVERLAP)))
    return [low_px + room * i / steps for i in range(steps + 1)]
