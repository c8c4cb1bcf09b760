"""A polyline measured by its arc length: where am I along it, what lies ahead, the same line shifted aside."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence

from patrol_core.geometry import Point2


def without_repeats(points: Sequence[Point2], *, closer_than_m: float = 1e-3) -> tuple[Point2, ...]:
    """The points without those that coincide with the one before."""
    kept: list[Point2] = []
    for point in points:
        if not kept or point.distance_m(kept[-1]) > closer_than_m:
            kept.append(point)
    return tuple(kept)


class Polyline:
    """At least one point; lengths in metres from its start."""

    def __init__(self, points: Sequence[Point2]) -> None:
        if not points:
            raise ValueError("points: expected at least one; came none")
        self.points = without_repeats(points)
        self._starts_m = [0.0]
        for a, b in zip(self.points, self.points[1:], strict=False):
            self._starts_m.append(self._starts_m[-1] + a.distance_m(b))

    @property
    def length_m(self) -> float:
        return self._starts_m[-1]

    def at(self, along_m: float) -> Point2:
        """The point `along_m` from the start; the ends beyond them."""
        if along_m <= 0 or len(self.points) == 1:
            return self.points[0]
        if along_m >= self.length_m:
            return self.points[-1]
        i = bisect_right(self._starts_m, along_m) - 1
        a, b = self.points[i], self.points[i + 1]
        t = (along_m - self._starts_m[i]) / (self._starts_m[i + 1] - self._starts_m[i])
        return Point2(a.x_m + t * (b.x_m - a.x_m), a.y_m + t * (b.y_m - a.y_m))

    def segment(self, along_m: float) -> int:
        """Index of the stretch between two points that holds `along_m`."""
        return min(len(self.points) - 2, max(0, bisect_right(self._starts_m, along_m) - 1))

    def heading_rad(self, along_m: float) -> float:
        """Direction of the line at `along_m`; 0 where it is a single point."""
        if len(self.points) == 1:
            return 0.0
        i = self.segment(along_m)
        return self.points[i].bearing_rad(self.points[i + 1])

    def project(self, point: Point2, *, from_m: float = 0.0, to_m: float = math.inf) -> tuple[float, float]:
        """(arc length of the nearest point, distance to it), looking only between `from_m` and `to_m`."""
        if len(self.points) == 1:
            return 0.0, self.points[0].distance_m(point)
        best = (min(max(0.0, from_m), self.length_m), math.inf)
        for i, (a, b) in enumerate(zip(self.points, self.points[1:], strict=False)):
            start_m, end_m = self._starts_m[i], self._starts_m[i + 1]
            if end_m < from_m or start_m > to_m:
                continue
            size_m = end_m - start_m
            dx, dy = (b.x_m - a.x_m) / size_m, (b.y_m - a.y_m) / size_m
            t_m = (point.x_m - a.x_m) * dx + (point.y_m - a.y_m) * dy
            t_m = min(max(t_m, 0.0, from_m - start_m), size_m, to_m - start_m)
            away_m = math.hypot(a.x_m + t_m * dx - point.x_m, a.y_m + t_m * dy - point.y_m)
            if away_m < best[1] - 1e-9:
                best = (start_m + t_m, away_m)
        return best

    def cusps_m(self, *, sharper_than_rad: float) -> tuple[float, ...]:
        """Arc lengths of the corners sharper than an angle, in order."""
        headings = [a.bearing_rad(b) for a, b in zip(self.points, self.points[1:], strict=False)]
        return tuple(
            self._starts_m[i + 1]
            for i, (before, after) in enumerate(itertools.pairwise(headings))
            if abs(math.remainder(after - before, math.tau)) > sharper_than_rad
        )

    def part(self, from_m: float, to_m: float) -> tuple[Point2, ...]:
        """The points of the line between two arc lengths, both ends included."""
        inner = [p for p, s in zip(self.points, self._starts_m, strict=True) if from_m < s < to_m]
        return without_repeats([self.at(from_m), *inner, self.at(to_m)])


def shifted(points: Sequence[Point2], aside_m: float, *, limit: float = 2.0) -> tuple[Point2, ...]:
    """The line moved `aside_m` to its left (negative: right), mitred at its corners.

    A sharp corner moves at most `limit` times `aside_m`, so that a turn on the spot stays near where it was.
    """
    line = without_repeats(points)
    if len(line) < 2 or aside_m == 0:
        return line
    headings = [a.bearing_rad(b) for a, b in itertools.pairwise(line)]
    moved: list[Point2] = []
    for i, point in enumerate(line):
        before = headings[max(0, i - 1)]
        after = headings[min(len(headings) - 1, i)]
        half = math.remainder(after - before, math.tau) / 2
        size_m = aside_m * min(limit, 1.0 / max(1e-6, abs(math.cos(half))))
        normal = before + half + math.pi / 2
        moved.append(Point2(point.x_m + size_m * math.cos(normal), point.y_m + size_m * math.sin(normal)))
    return without_repeats(moved)
