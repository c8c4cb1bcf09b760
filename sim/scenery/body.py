"""One person's skin and clothes as a mesh that bends: lofts of elliptic rings, each ring held by one or two bones.

Plain arrays, no renderer: the picture, the boxes of a scored frame and the shadow all come from the same points.
"""

from __future__ import annotations

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
    groups: tuple[tuple[int, npt.NDArray[np.intp], Floats], ...]  # a bone, the points it holds, how much of each
    parts: tuple[npt.NDArray[np.intp], ...]  # the points of each tube and box: more or less convex
    moving: npt.NDArray[np.bool_]  # n: not on the ground whatever the body does
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
        points, normals = np.zeros_like(self.points), np.zeros_like(self.normals)
        for bone, rows, held in self.groups:
            turn = turns[bone].T
            points[rows] += held * (self.points[rows] @ turn + shifts[bone])
            normals[rows] += held * (self.normals[rows] @ turn)
        points[self.moving, 2] -= points[self.person, 2].min()
        points[self.moving, :2] -= places[0, :2]
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
        self._count = 0
        self._points: list[Floats] = []
        self._rgb: list[Floats] = []
        self._first: list[npt.NDArray[np.intp]] = []
        self._second: list[npt.NDArray[np.intp]] = []
        self._share: list[Floats] = []
        self._person: list[npt.NDArray[np.bool_]] = []
        self._triangles: list[npt.NDArray[np.intp]] = []
        self._parts: list[npt.NDArray[np.intp]] = []

    def tube(
        self,
        rings: Sequence[Ring],
        rgb: Rgb | list[Rgb],
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
        at, mid, my, half, width = (column[:, None] for column in np.array(rings).T)
        along, deep, wide = np.broadcast_to(at, (len(rings), n)), mid + half * np.cos(angle), my + width * np.sin(angle)
        if forward:
            deep, wide = mid + half * np.sin(angle), my + width * np.cos(angle)
        points = np.stack((along, wide, deep) if forward else (deep, wide, along), axis=2)
        middles = points[[0, -1]].mean(axis=1)
        colours = rgb if isinstance(rgb, list) else [rgb] * len(rings)
        shares = [1.0] * len(rings) if share is None else list(share)
        hold = (bone, other or bone)
        first = self._add(points.reshape(-1, 3), np.repeat(colours, n, axis=0), hold, np.repeat(shares, n), person)
        ends = [
            self._add(middles[i][None], np.array([colours[i]]), hold, np.array([shares[i]]), person) for i in (0, -1)
        ]
        self._parts += [np.arange(first + n * i, first + n * (i + 2)) for i in range(len(rings) - 1)]
        top = first + n * (len(rings) - 1)
        j = np.arange(n)
        k = (j + 1) % n
        low = first + n * np.arange(len(rings) - 1)[:, None]
        self._triangles += [
            np.stack(np.broadcast_arrays(low + j, low + k, low + n + k), axis=2).reshape(-1, 3),
            np.stack(np.broadcast_arrays(low + j, low + n + k, low + n + j), axis=2).reshape(-1, 3),
            np.stack(np.broadcast_arrays(first + k, first + j, ends[0]), axis=1),
            np.stack(np.broadcast_arrays(top + j, top + k, ends[1]), axis=1),
        ]

    def patch(self, corners: Sequence[tuple[float, float, float]], rgb: Rgb, bone: str, *, person: bool = True) -> None:
        """A flat convex piece, counter-clockwise from its front."""
        count = len(corners)
        first = self._add(np.array(corners), np.tile(rgb, (count, 1)), (bone, bone), np.ones(count), person)
        self._triangles.append(np.array([(first, first + i, first + i + 1) for i in range(1, count - 1)]))

    def box(self, middle: tuple[float, float, float], size: tuple[float, float, float], rgb: Rgb, bone: str) -> None:
        """A thing, not a part of the body, with edges along the axes."""
        self._parts.append(np.arange(self._count, self._count + 24))
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
        triangles = np.concatenate(self._triangles).astype(np.uint32)
        a, b, c = (points[triangles[:, i]] for i in range(3))
        faces = np.cross(b - a, c - a)
        corners, weights = triangles.T.ravel(), np.tile(faces, (3, 1))
        normals: Floats = np.stack(
            [np.bincount(corners, weights=weights[:, axis], minlength=len(points)) for axis in range(3)], axis=1
        ).astype(np.float64)
        normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
        first, second = (np.concatenate(column) for column in (self._first, self._second))
        share = np.concatenate(self._share)
        groups = []
        for bone in range(len(PARENT)):
            held = share * (first == bone) + (1 - share) * (second == bone)
            rows = np.nonzero(held > 0)[0]
            if len(rows):
                groups.append((bone, rows, held[rows, None]))
        return Body(
            points=points,
            normals=normals,
            rgb=np.concatenate(self._rgb),
            groups=tuple(groups),
            parts=tuple(self._parts),
            moving=first != BONE["ground"],
            triangles=triangles,
            person=np.concatenate(self._person),
            tall=tall,
        )

    def _add(self, points: Floats, rgb: Floats, hold: tuple[str, str], share: Floats, person: bool) -> int:
        first, count = self._count, len(points)
        self._count += count
        self._points.append(points)
        self._rgb.append(rgb)
        self._first.append(np.full(count, BONE[hold[0]]))
        self._second.append(np.full(count, BONE[hold[1]]))
        self._share.append(share)
        self._person.append(np.full(count, person))
        return first
