"""Rigid motions: a translation in metres and a unit quaternion (x, y, z, w)."""

from __future__ import annotations

import math
from dataclasses import dataclass

Vector = tuple[float, float, float]
Rotation = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rigid:
    """Takes a point of a child frame to its parent: rotate, then move."""

    translation_m: Vector = (0.0, 0.0, 0.0)
    rotation: Rotation = (0.0, 0.0, 0.0, 1.0)

    def __matmul__(self, inner: Rigid) -> Rigid:
        """First `inner`, then this."""
        return Rigid(self.apply(inner.translation_m), times(self.rotation, inner.rotation))

    def apply(self, point: Vector) -> Vector:
        """The point, seen from the parent."""
        x, y, z = rotate(self.rotation, point)
        return (x + self.translation_m[0], y + self.translation_m[1], z + self.translation_m[2])

    def inverse(self) -> Rigid:
        """From the parent back to the child."""
        x, y, z, w = self.rotation
        back = (-x, -y, -z, w)
        x, y, z = rotate(back, self.translation_m)
        return Rigid((-x, -y, -z), back)


def times(a: Rotation, b: Rotation) -> Rotation:
    """The rotation `b`, then `a` (Hamilton's product)."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def rotate(rotation: Rotation, vector: Vector) -> Vector:
    """A vector, turned."""
    x, y, z, w = rotation
    vx, vy, vz = vector
    tx, ty, tz = 2 * (y * vz - z * vy), 2 * (z * vx - x * vz), 2 * (x * vy - y * vx)
    return (
        vx + w * tx + y * tz - z * ty,
        vy + w * ty + z * tx - x * tz,
        vz + w * tz + x * ty - y * tx,
    )


def between(a: Rigid, b: Rigid, share: float) -> Rigid:
    """On the way from `a` (share 0) to `b` (share 1): straight for the place, on the shorter arc for the rotation."""
    first, second = a.translation_m, b.translation_m
    place = (
        first[0] + (second[0] - first[0]) * share,
        first[1] + (second[1] - first[1]) * share,
        first[2] + (second[2] - first[2]) * share,
    )
    return Rigid(place, _slerp(a.rotation, b.rotation, share))


def _slerp(a: Rotation, b: Rotation, share: float) -> Rotation:
    cosine = sum(p * q for p, q in zip(a, b, strict=True))
    sign = -1.0 if cosine < 0 else 1.0  # q and -q are the same rotation: take the nearer one
    angle = math.acos(min(1.0, abs(cosine)))
    if angle < 1e-6:
        near, far = 1.0 - share, share
    else:
        near, far = math.sin((1.0 - share) * angle) / math.sin(angle), math.sin(share * angle) / math.sin(angle)
    x, y, z, w = (near * p + sign * far * q for p, q in zip(a, b, strict=True))
    size = math.sqrt(x * x + y * y + z * z + w * w)
    return (x / size, y / size, z / size, w / size)
