"""Where a robot stands to see somebody on the ground well: near, on free ground beside the lanes, facing them. Pure."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from maps.zones import CLOSED, DRIVABLE
from patrol_core.errors import PatrolError
from patrol_core.geometry import Point2, Pose2, contains
from patrol_core.site import Polygon, Site

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandPolicy:
    """How near, and on what ground. Metres."""

    wished_m: float = 3.0  # a person lying fills the picture, and the camera still sees the ground before them
    nearest_m: float = 1.5  # never nearer
    near_m: float = 4.0  # wished at most
    furthest_m: float = 8.0  # where lanes lead no nearer; then only if it is `worth_m` nearer than now
    worth_m: float = 2.0
    lane_half_m: float = 0.75  # a lane is free so far to either side
    lane_reach_m: float = 4.0  # free ground further from every lane is not driven to
    wall_m: float = 0.6  # from the robot's middle to a building
    step_m: float = 0.5
    directions: int = 24


def standing_place(site: Site, target: Point2, robot: Pose2 | None, policy: StandPolicy | None = None) -> Pose2 | None:
    """The pose from which the camera faces `target` (frame `map`).

    Wished is `wished_m`, on the robot's own side, so that it does not drive past or over the person; a place that a
    building hides from the person is none. Without one within `near_m` it is the nearest to the person that the lanes
    offer within `furthest_m`, if that is worth the way; else None.
    """
    limits = policy or StandPolicy()
    ground = _Ground(site, target, limits)
    free = [p for p in ground.candidates() if ground.is_free(p) and not _passes(robot, p, target, limits)]

    def cost_m(point: Point2) -> tuple[float, float, float]:
        way_m = robot.point.distance_m(point) if robot is not None else 0.0
        return (abs(point.distance_m(target) - limits.wished_m) + 0.15 * way_m, point.x_m, point.y_m)

    near = [p for p in free if p.distance_m(target) <= limits.near_m]
    if near:
        return _facing(min(near, key=cost_m), target)
    far = [p for p in free if robot is None or robot.point.distance_m(target) - p.distance_m(target) >= limits.worth_m]
    return _facing(min(far, key=lambda p: (p.distance_m(target), p.x_m, p.y_m)), target) if far else None


class StandingPlaces:
    """Standing places of a site that is read when one is wanted first: most robots of most days want none."""

    def __init__(self, load: Callable[[], Site]) -> None:
        self._load = load
        self._site: Site | None = None
        self._failed = False

    def __call__(self, target: Point2, robot: Pose2 | None) -> Pose2 | None:
        """As `standing_place`; None, said once in the log, where the site cannot be read."""
        if self._site is None and not self._failed:
            try:
                self._site = self._load()
            except (PatrolError, OSError) as error:
                self._failed = True
                log.error("no map to choose a standing place from, the robot looks from where it is: %s", error)
        return standing_place(self._site, target, robot) if self._site is not None else None


class _Ground:
    """The neighbourhood of one person: nothing further than `furthest_m` is looked at."""

    def __init__(self, site: Site, target: Point2, limits: StandPolicy) -> None:
        reach_m = limits.furthest_m + limits.lane_reach_m
        self._target = target
        self._limits = limits
        stretches = (pair for lane in site.lanes.lanes for pair in pairwise(lane.line))
        near = (pair for pair in stretches if _off_m(target, *pair) <= reach_m)
        self._lanes = list({frozenset(pair): pair for pair in near}.values())  # both ways are one stretch
        self._drivable = [z.area for z in site.zones if z.kind in DRIVABLE and _near(z.area, target, reach_m)]
        self._closed = [z.area for z in site.zones if z.kind in CLOSED and _near(z.area, target, reach_m)]
        self._buildings = [b.footprint for b in site.buildings.values() if _near(b.footprint, target, reach_m)]

    def candidates(self) -> Iterator[Point2]:
        """Points of lanes, and rings around the person."""
        limits = self._limits
        for a, b in self._lanes:
            steps = max(1, math.ceil(a.distance_m(b) / limits.step_m))
            for i in range(steps + 1):
                t = i / steps
                point = Point2(a.x_m + (b.x_m - a.x_m) * t, a.y_m + (b.y_m - a.y_m) * t)
                if limits.nearest_m <= point.distance_m(self._target) <= limits.furthest_m:
                    yield point
        for i in range(limits.directions):
            angle_rad = math.tau * i / limits.directions
            for ring_m in (limits.wished_m, (limits.wished_m + limits.near_m) / 2, limits.wished_m - 0.5):
                yield Point2(
                    self._target.x_m + ring_m * math.cos(angle_rad), self._target.y_m + ring_m * math.sin(angle_rad)
                )

    def is_free(self, point: Point2) -> bool:
        """Whether a robot may stand there, get there from a lane, and see the person from there."""
        limits = self._limits
        off_m, joint = min(
            ((_off_m(point, a, b), _foot(point, a, b)) for a, b in self._lanes),
            key=lambda found: found[0],
            default=(math.inf, point),
        )
        if off_m > limits.lane_reach_m or any(contains(area, point) for area in self._closed):
            return False
        if off_m > limits.lane_half_m and not any(contains(area, point) for area in self._drivable):
            return False
        if _off_m(self._target, point, joint) < limits.nearest_m:
            return False  # the way off the lane would pass too near
        return not any(
            _wall_m(ring, point) < limits.wall_m or _cuts(ring, point, joint) or self._hides(ring, point)
            for ring in self._buildings
        )

    def _hides(self, ring: Polygon, point: Point2) -> bool:
        return not contains(ring, self._target) and _cuts(ring, point, self._target)


def _passes(robot: Pose2 | None, point: Point2, target: Point2, limits: StandPolicy) -> bool:
    """Whether the straight way there leads past the person nearer than allowed."""
    return robot is not None and _off_m(target, robot.point, point) < min(
        limits.nearest_m, 0.9 * robot.point.distance_m(target)
    )


def _facing(point: Point2, target: Point2) -> Pose2:
    return Pose2(x_m=point.x_m, y_m=point.y_m, heading_rad=point.bearing_rad(target))


def _foot(point: Point2, a: Point2, b: Point2) -> Point2:
    """The point of segment ab nearest to `point`."""
    dx, dy = b.x_m - a.x_m, b.y_m - a.y_m
    square = dx * dx + dy * dy
    t = ((point.x_m - a.x_m) * dx + (point.y_m - a.y_m) * dy) / square if square > 0 else 0.0
    t = min(max(t, 0.0), 1.0)
    return Point2(a.x_m + dx * t, a.y_m + dy * t)


def _off_m(point: Point2, a: Point2, b: Point2) -> float:
    return point.distance_m(_foot(point, a, b))


def _edges(ring: Sequence[Point2]) -> Iterator[tuple[Point2, Point2]]:
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _wall_m(ring: Sequence[Point2], point: Point2) -> float:
    """To the nearest wall; 0 inside."""
    return 0.0 if contains(ring, point) else min(_off_m(point, a, b) for a, b in _edges(ring))


def _near(ring: Sequence[Point2], point: Point2, reach_m: float) -> bool:
    return _wall_m(ring, point) <= reach_m


def _cuts(ring: Sequence[Point2], a: Point2, b: Point2) -> bool:
    """Whether an edge of the ring crosses the segment ab."""

    def side(p: Point2, q: Point2, r: Point2) -> float:
        return (q.x_m - p.x_m) * (r.y_m - p.y_m) - (q.y_m - p.y_m) * (r.x_m - p.x_m)

    return any(side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0 for c, d in _edges(ring))
