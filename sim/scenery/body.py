"""One person's skin and clothes as a mesh that bends: lofts of elliptic rings, each ring held by one or two bones.

Plain arrays, no renderer: the picture, the boxes of a scored frame and the shadow all come from the same points.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.posture import BONE, PARENT, Pose, hinges, rotations
from sim.scenery.light import Rgb

Floats = npt.NDArray[np.float64]
Ring = tuple[float, float, float, float, float]  # height, middle x, middle y, half depth, half width; metres
_HINGES = hinges()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Rest points and what holds them. `person` marks the vertices of the body itself, not of what it carries."""

    points: Floats  # n × 3, the upright body in its own frame
    normals: Floats  # n × 3
    rgb: Floats  # n × 3, 0..1, unlit
    first: npt.NDArray[np.intp]  # n: the bone that holds most
    second: npt.NDArray[np.intp]
    share: Floats  # n: how much the first one holds
    triangles: npt.NDArray[np.uint32]  # m × 3, counter-clockwise from outside
    person: npt.NDArray[np.bool_]
    tall: float

    def posed(self, pose: Pose, *, heading_rad: float) -> tuple[Floats, Floats]:
        """(points, normals) of the body in a pose: turned to its heading, its lowest point on the ground at z = 0,

        the middle of its pelvis above the origin. Things that belong to the ground turn with the heading only.
        """
        local = rotations(pose)
        turns = np.empty_like(local)
        places = np.empty((len(local), 3))
        for bone, parent in enumerate(PARENT):
            if parent < 0:
                turns[bone], places[bone] = local[bone], _HINGES[bone]
            else:
                turns[bone] = turns[parent] @ local[bone]
                places[bone] = places[parent] + turns[parent] @ (_HINGES[bone] - _HINGES[parent])
        shifts = places - np.einsum("bij,bj->bi", turns, _HINGES)
        share = self.share[:, None]
        blend = share[:, :, None] * turns[self.first] + (1 - share)[:, :, None] * turns[self.second]
        points = np.einsum("nij,nj->ni", blend, self.points)
        points += share * shifts[self.first] + (1 - share) * shifts[self.second]
        normals = np.einsum("nij,nj->ni", blend, self.normals)
        body = self.first != BONE["ground"]
        points[body, 2] -= points[self.person, 2].min()
        points[body, :2] -= places[0, :2]
        points *= self.tall
        cos, sin = math.cos(heading_rad), math.sin(heading_rad)
        turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        normals = normals @ turn.T
        normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-9)[:, None]
        return points @ turn.T, normals


class Loft:
    """Collects rings into closed tubes, and flat patches, each held by bones."""

    def __init__(self, sides: int) -> None:
        self.sides = sides
        self._points: list[Floats] = []
        self._rgb: list[Rgb] = []
        self._held: list[tuple[int, int, float]] = []
        self._person: list[bool] = []
        self._triangles: list[tuple[int, int, int]] = []

    def tube(
        self,
        rings: Sequence[Ring],
        rgb: Rgb | Sequence[Rgb],
        bone: str,
        *,
        other: str | None = None,
        share: Sequence[float] | None = None,
        sides: int | None = None,
        forward: bool = False,
        person: bool = True,
    ) -> None:
        """Rings along the height, lowest first; `forward`: along x, hindmost first, (x, middle z, middle y, half

        height, half width). `share` is how much `bone` holds of each ring, `other` holds the rest.
        """
        n = sides or self.sides
        angle = 2 * math.pi * np.arange(n) / n
        cos, sin = np.cos(angle), np.sin(angle)
        colours = [rgb] * len(rings) if isinstance(rgb[0], float | int) else list(rgb)
        shares = [1.0] * len(rings) if share is None else list(share)
        starts, middles = [], []
        for (at, mid, my, half, width), colour, held in zip(rings, colours, shares, strict=True):
            along = np.full(n, at)
            columns = (
                (along, my + width * cos, mid + half * sin) if forward else (mid + half * cos, my + width * sin, along)
            )
            ring = np.stack(columns, axis=1)
            starts.append(self._add(ring, colour, bone, other or bone, held, person=person))
            middles.append(ring.mean(axis=0))
        for low, high in itertools.pairwise(starts):
            for j in range(n):
                k = (j + 1) % n
                self._triangles += [(low + j, low + k, high + k), (low + j, high + k, high + j)]
        for i in (0, -1):
            middle = self._add(middles[i][None], colours[i], bone, other or bone, shares[i], person=person)
            for j in range(n):
                a, b = starts[i] + j, starts[i] + (j + 1) % n
                self._triangles.append((b, a, middle) if i == 0 else (a, b, middle))

    def patch(self, corners: Sequence[tuple[float, float, float]], rgb: Rgb, bone: str, *, person: bool = True) -> None:
        """A flat convex piece, counter-clockwise from its front."""
        first = self._add(np.array(corners), rgb, bone, bone, 1.0, person=person)
        self._triangles += [(first, first + i, first + i + 1) for i in range(1, len(corners) - 1)]

    def box(self, middle: tuple[float, float, float], size: tuple[float, float, float], rgb: Rgb, bone: str) -> None:
        """A thing, not a part of the body, with edges along the axes."""
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            for sign in (1.0, -1.0):
                corners = []
                for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                    corner = list(middle)
                    corner[axis] += sign * size[axis] / 2
                    corner[u] += a * size[u] / 2
                    corner[v] += b * size[v] / 2
                    corners.append((corner[0], corner[1], corner[2]))
                self.patch(corners if sign > 0 else corners[::-1], rgb, bone, person=False)

    def body(self, *, tall: float) -> Body:
        """Everything collected, with smooth normals."""
        points = np.concatenate(self._points)
        triangles = np.array(self._triangles, dtype=np.uint32)
        a, b, c = (points[triangles[:, i]] for i in range(3))
        faces = np.cross(b - a, c - a)
        normals = np.zeros_like(points)
        for i in range(3):
            np.add.at(normals, triangles[:, i], faces)
        normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
        first, second, share = zip(*self._held, strict=True)
        return Body(
            points=points,
            normals=normals,
            rgb=np.array(self._rgb),
            first=np.array(first),
            second=np.array(second),
            share=np.array(share),
            triangles=triangles,
            person=np.array(self._person),
            tall=tall,
        )

    def _add(self, points: Floats, rgb: Rgb, bone: str, other: str, share: float, *, person: bool) -> int:
        first = len(self._rgb)
        self._points.append(points)
        self._rgb += [rgb] * len(points)
        self._held += [(BONE[bone], BONE[other], share)] * len(points)
        self._person += [person] * len(points)
        return first
