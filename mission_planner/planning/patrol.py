"""Who visits which viewpoints, in which order: one tour over all, cut into even parts, each part tidied."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise, permutations

from patrol_core.geometry import Point2

DistanceM = Callable[[Point2, Point2], float]

EXACT_ROBOTS = 6  # up to here every way to hand out the parts is compared; beyond, the nearest robot takes each
PASSES = 200
LOOKS = 200_000  # at a leg, for each tour that is tidied: some 0.1 s, so that nothing else waits long
UNREACHED_M = 1e6
OR_OPT_STOPS = 3
_LESS_M = 1e-6
_HERE = ""  # where the robot stands, as the first stop of its tour


def split(
    starts: Mapping[str, Point2], stops: Mapping[str, Point2], distance_m: DistanceM
) -> Mapping[str, tuple[str, ...]]:
    """Stops of each robot in driving order. The same input gives the same answer.

    Args:
        starts: where each robot stands, frame `map`.
        stops: where each viewpoint is, frame `map`.
        distance_m: driving distance; not the same both ways on one-way lanes, infinite where no lane leads.

    A robot may get nothing when there are fewer stops than robots.
    """
    robots = sorted(starts)
    if not robots or not stops:
        return dict.fromkeys(robots, ())
    ways = _Ways(stops, distance_m)
    parts = _even_parts(tidied(ways.nearest_first(min(stops), stops), ways.between), ways, len(robots))
    handed = _handed_out(robots, starts, parts, ways)
    return {robot_id: _tour(starts[robot_id], parts[i], ways) for robot_id, i in handed.items()}


class _Ways:
    """Driving distances between stops, looked up once, each way by itself."""

    def __init__(self, stops: Mapping[str, Point2], distance_m: DistanceM) -> None:
        self._stops = stops
        self._distance_m = distance_m
        self._known: dict[tuple[str, str], float] = {}

    def between(self, a: str, b: str) -> float:
        """From stop `a` to stop `b`."""
        if (a, b) not in self._known:
            pa, pb = self._stops[a], self._stops[b]
            self._known[a, b] = _finite(self._distance_m(pa, pb))
        return self._known[a, b]

    def from_start(self, start: Point2, stop: str) -> float:
        """From where a robot stands to a stop."""
        return _finite(self._distance_m(start, self._stops[stop]))

    def nearest_first(self, first: str, stops: Iterable[str]) -> tuple[str, ...]:
        """From `first` always on to the nearest stop left."""
        left = sorted(set(stops) - {first})
        tour = [first]
        while left:
            nearest = min(left, key=lambda stop: (self.between(tour[-1], stop), stop))
            tour.append(nearest)
            left.remove(nearest)
        return tuple(tour)


def _tour(start: Point2, part: tuple[str, ...], ways: _Ways) -> tuple[str, ...]:
    """The stops of one robot from where it stands: the better of two beginnings, each tidied."""
    if not part:
        return ()

    def leg(a: str, b: str) -> float:
        return ways.from_start(start, b) if a == _HERE else ways.between(a, b)

    def length_m(tour: Sequence[str]) -> float:
        return sum(leg(a, b) for a, b in pairwise(tour))

    nearest = min(part, key=lambda stop: (ways.from_start(start, stop), stop))
    beginnings = (part, ways.nearest_first(nearest, part))
    tours = [tidied((_HERE, *tour), leg) for tour in beginnings]
    return min(tours, key=lambda tour: (length_m(tour), tour))[1:]


def tidied(tour: Sequence[str], leg: Callable[[str, str], float]) -> tuple[str, ...]:
    """A shorter open path from the same first stop: stretches turned around (2-opt) or moved elsewhere (Or-opt).

    `leg(a, b)` is the driving distance from a to b; one-way lanes count as they are. At most `PASSES` rounds and
    `LOOKS` legs looked at; then the best so far counts.
    """
    path = list(tour)
    looks = 0

    def counted(a: str, b: str) -> float:
        nonlocal looks
        looks += 1
        if looks > LOOKS:
            raise _EnoughError
        return leg(a, b)

    with suppress(_EnoughError):
        for _ in range(PASSES):
            if not (_turn_around(path, counted) or _move_elsewhere(path, counted)):
                break
    return tuple(path)


class _EnoughError(Exception):
    """As many legs were looked at as may be; a tour changes only as a whole, so what there is is a tour."""


def _turn_around(path: list[str], leg: Callable[[str, str], float]) -> bool:
    """Reverse every stretch that is shorter to drive the other way; whether one was."""
    better = False
    for i in range(1, len(path) - 1):
        there_m = back_m = 0.0
        for j in range(i + 1, len(path)):
            there_m += leg(path[j - 1], path[j])
            back_m += leg(path[j], path[j - 1])
            now_m = leg(path[i - 1], path[i]) + there_m
            then_m = leg(path[i - 1], path[j]) + back_m
            if j + 1 < len(path):
                now_m += leg(path[j], path[j + 1])
                then_m += leg(path[i], path[j + 1])
            if then_m < now_m - _LESS_M:
                path[i : j + 1] = reversed(path[i : j + 1])
                there_m, back_m, better = back_m, there_m, True
    return better


def _move_elsewhere(path: list[str], leg: Callable[[str, str], float]) -> bool:
    """Move the first stretch of up to `OR_OPT_STOPS` that is shorter to visit at another time; whether one was."""

    def joined(a: int, b: int, stops: Sequence[str]) -> float:
        return leg(stops[a], stops[b]) if b < len(stops) else 0.0

    for size in range(1, OR_OPT_STOPS + 1):
        for i in range(1, len(path) - size + 1):
            stretch, rest = path[i : i + size], path[:i] + path[i + size :]
            inside = sum(leg(a, b) for a, b in pairwise(stretch))
            freed_m = joined(i - 1, i, path) + joined(i + size - 1, i + size, path) - joined(i - 1, i, rest)
            for turned in (stretch, stretch[::-1]):
                change_m = sum(leg(a, b) for a, b in pairwise(turned)) - inside
                for k in range(len(rest)):
                    added_m = leg(rest[k], turned[0]) - joined(k, k + 1, rest)
                    added_m += leg(turned[-1], rest[k + 1]) if k + 1 < len(rest) else 0.0
                    if added_m + change_m < freed_m - _LESS_M:
                        path[:] = [*rest[: k + 1], *turned, *rest[k + 1 :]]
                        return True
    return False


def _even_parts(tour: Sequence[str], ways: _Ways, count: int) -> list[tuple[str, ...]]:
    """The tour in `count` stretches, the longest as short as can be (bisection on its length)."""
    legs = [ways.between(a, b) for a, b in pairwise(tour)]

    def cut(limit_m: float) -> list[tuple[str, ...]]:
        parts: list[list[str]] = [[tour[0]]]
        length_m = 0.0
        for stop, leg_m in zip(tour[1:], legs, strict=True):
            if length_m + leg_m > limit_m:
                parts.append([stop])
                length_m = 0.0
            else:
                parts[-1].append(stop)
                length_m += leg_m
        return [tuple(p) for p in parts]

    low_m, high_m = 0.0, sum(legs)
    for _ in range(40):
        middle_m = (low_m + high_m) / 2
        if len(cut(middle_m)) <= count:
            high_m = middle_m
        else:
            low_m = middle_m
    parts = cut(high_m)
    return parts + [()] * (count - len(parts))


def _handed_out(
    robots: Sequence[str], starts: Mapping[str, Point2], parts: Sequence[tuple[str, ...]], ways: _Ways
) -> dict[str, int]:
    """Which part each robot drives: the way there summed over all is shortest."""

    def way_m(robot_id: str, i: int) -> float:
        return min((ways.from_start(starts[robot_id], stop) for stop in parts[i]), default=0.0)

    if len(robots) <= EXACT_ROBOTS:
        best = min(
            permutations(range(len(robots))),
            key=lambda order: (sum(way_m(r, i) for r, i in zip(robots, order, strict=True)), order),
        )
        return dict(zip(robots, best, strict=True))
    free = list(range(len(parts)))
    handed: dict[str, int] = {}
    for robot_id in robots:
        i = min(free, key=lambda i: (way_m(robot_id, i), i))
        free.remove(i)
        handed[robot_id] = i
    return handed


def _finite(distance_m: float) -> float:
    """A stop no lane leads to is visited last rather than left out: the robot will say what it met there."""
    return distance_m if math.isfinite(distance_m) else UNREACHED_M
