"""The port of everything that finds people in one picture, and the words it speaks in.

Pictures are H×W×3 uint8 RGB; pixels are continuous: (0, 0) is the upper left corner, (width, height) the lower right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from patrol_core.errors import InvalidInput

Picture = npt.NDArray[np.uint8]
Keypoints = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
NO_KEYPOINTS: Keypoints = np.zeros((0, 3), dtype=np.float32)
SMALLEST_PX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person as one picture shows them."""

    box: Box  # inside the picture
    score: float  # 0..1, that it is a person
    lying: float  # 0..1, that this person lies on the ground; 0.5 is the threshold the model card reports
    keypoints: (
        Keypoints  # (N, 3): x px, y px, visibility 0..1; the order is the model set's; (0, 3) where it gives none
    )
    feet_px: tuple[float, float]  # the point of the body that touches the ground (the middle of one who lies)


class PersonFinder(Protocol):
    """Finds people in one picture. Every implementation passes tests/contract/test_person_finder.py.

    It holds no state between pictures: the same arguments give the same answer. It uses one thread, and its work for
    one picture is bounded as its model card says. Not thread-safe.
    """

    name: str  # the model set's name and its short digest

    def people(
        self,
        picture: Picture,
        *,
        horizon_px: float | None,
        hints: Sequence[Box] = (),
        camera_up_m: float | None = None,
    ) -> list[PersonView]:
        """Everybody it sees, best score first.

        Args:
            picture: H×W×3 uint8 RGB, each side at least 32 px.
            horizon_px: row of the horizon (may lie outside the picture); None where the camera does not know it.
            hints: where somebody was a moment ago; looked at first. Those beyond the finder's budget are not looked at.
            camera_up_m: height of the camera over level ground; None where it is not known.

        Raises:
            InvalidInput: the picture is not of that shape; says what came.
        """
        ...


def checked(picture: object) -> Picture:
    """The picture, if it is one; raises InvalidInput in words."""
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise InvalidInput(f"expected a picture of height × width × 3 bytes (RGB); came {_described(picture)}")
    if min(picture.shape[:2]) < SMALLEST_PX:
        raise InvalidInput(f"expected a picture of at least {SMALLEST_PX} px each way; came {_described(picture)}")
    return cast(Picture, picture)


def clipped(box: Box, picture: Picture) -> Box:
    """The part of a box that lies inside the picture."""
    height, width = picture.shape[:2]
    left, top, right, bottom = box
    return (
        float(min(max(left, 0.0), width)),
        float(min(max(top, 0.0), height)),
        float(min(max(right, 0.0), width)),
        float(min(max(bottom, 0.0), height)),
    )


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0..1."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0.0 or down <= 0.0:
        return 0.0
    shared = across * down
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def _described(thing: object) -> str:
    if isinstance(thing, np.ndarray):
        return f"an array of shape {'×'.join(map(str, thing.shape)) or 'none'} and type {thing.dtype}"
    return f"a {type(thing).__name__}"
