"""Paints posters with a person on them, as they hang in a community: flat people that are nobody."""

from __future__ import annotations

import cv2
import numpy as np

from sim.posture import Posture, pose
from sim.scenery.body import Floats
from sim.scenery.paint import Picture, chance
from sim.scenery.tailor import tailored
from sim.scenery.wardrobe import look_of

_ROWS, _COLUMNS = 256, 128


def poster_picture(number: int) -> Picture:
    """A person from the front on a coloured ground, under a bar where the words would be."""
    rng = chance(f"poster {number}")
    ground = rng.uniform(0.35, 0.95, 3)
    picture = np.empty((_ROWS, _COLUMNS, 3), dtype=np.float32)
    picture[:] = ground
    picture[:46] = np.clip(1.25 - ground, 0.0, 1.0)
    for y in (12, 26):
        picture[y : y + 7, 12 : int(rng.integers(70, 116))] = (0.97, 0.97, 0.95)
    look = 9000 + number
    body = tailored(look_of(look))
    points, normals = body.posed(pose(Posture.STANDING, look=look), heading_rad=0.0)
    scale = 180.0 / points[:, 2].max()
    spots = np.stack([_COLUMNS / 2 + points[:, 1] * scale, _ROWS - 14 - points[:, 2] * scale], axis=1)
    _paint(picture, spots, points, body.rgb * (0.75 + 0.25 * normals[:, :1]), body.triangles)
    return np.clip(picture, 0.0, 1.0)


def _paint(
    picture: Picture, spots: Floats, points: Floats, rgb: Floats, triangles: np.typing.NDArray[np.uint32]
) -> None:
    """Triangles from the back to the front."""
    order = np.argsort(points[triangles][:, :, 0].mean(axis=1))
    fixed = np.asarray(spots * 16, dtype=np.int32)
    for corners in triangles[order]:
        colour = rgb[corners].mean(axis=0)
        cv2.fillConvexPoly(picture, fixed[corners], [float(c) for c in colour], lineType=cv2.LINE_8, shift=4)
