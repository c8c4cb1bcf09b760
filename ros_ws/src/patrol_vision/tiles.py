"""Where to look in a picture: hints, then those who stand, then the ground before the camera; never beyond a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from patrol_vision.blazepose_detector import SIDE_PX, Square
from patrol_vision.pose import Box, Picture

HINTS = 2  # looked at in one picture; those who asked for more get the tiles that all get
HINT_MARGIN = 1.6  # a hint's square over its longer side: somebody moved, and the network wants room around a body
QUARTERS = (1, 3)  # who lies across the picture stands in it when it is turned one way or the other
HINT_QUARTERS = (0, 1, 3)
LEAST_SHARE = 0.47  # side of a ground tile over the picture's width, at least: three of 300 px in 640
TILE_OVERLAP = 0.3  # at least, of neighbours on the ground, so that a body at an edge is whole in one of them
LARGE_OVERLAP = 0.35  # of the tiles for those who stand
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
    found = [square for hint in hints[:HINTS] for square in _around(hint)]
    found += [*_upright(width_px, height_px), *_ground(width_px, height_px, horizon_px)]
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
    return [Square(left_px=x, top_px=y, side_px=side, quarters=quarters) for quarters in HINT_QUARTERS]


def _ground(width_px: int, height_px: int, horizon_px: float | None) -> list[Square]:
    """Tiles that cover the ground and little else: who stands behind would hide who lies from the detector."""
    ground = float(height_px) / 2 if horizon_px is None else min(height_px - horizon_px, float(height_px))
    side = min(max(ground, LEAST_SHARE * width_px, LEAST_SIDE_PX), float(min(width_px, height_px)))
    rows = max(1, math.ceil(ground / side))
    return [
        Square(left_px=left, top_px=max(0.0, height_px - (row + 1) * side), side_px=side, quarters=quarters)
        for row in range(rows)
        for left in _middle_first(width_px, side, TILE_OVERLAP)
        for quarters in QUARTERS
    ]


def _upright(width_px: int, height_px: int) -> list[Square]:
    """Large tiles over the whole height, for those who stand."""
    side = float(height_px)
    return [Square(left_px=left, top_px=0.0, side_px=side) for left in _middle_first(width_px, side, LARGE_OVERLAP)]


def _middle_first(width_px: int, side_px: float, overlap: float) -> list[float]:
    """Left edges of tiles that cover the width."""
    room = width_px - side_px
    if room <= 0:
        return [room / 2]
    steps = math.ceil(room / (side_px * (1 - overlap)))
    lefts = [room * i / steps for i in range(steps + 1)]
    return sorted(lefts, key=lambda left: abs(left + side_px / 2 - width_px / 2))
