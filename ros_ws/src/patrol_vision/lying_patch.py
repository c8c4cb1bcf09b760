"""The part of a picture around a body, as small as the judge of lying takes it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from patrol_vision.pose import Box, Picture

SIDE_PX = 64
_ROOM = 1.3  # of the box's longer side: what lies beside a body says what it is
_LEAST_PX = 16.0  # of a box's longer side


def patch(picture: Picture, box: Box) -> npt.NDArray[np.uint8]:
    """A square round a box, upright, SIDE_PX a side; the picture's edge goes on beyond it."""
    left, top, right, bottom = box
    side = _ROOM * max(right - left, bottom - top, _LEAST_PX)
    step = side / SIDE_PX
    matrix = np.array([[step, 0.0, (left + right - side) / 2], [0.0, step, (top + bottom - side) / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(picture, matrix, (SIDE_PX, SIDE_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.uint8)
