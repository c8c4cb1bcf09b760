"""Where a robot stands to look at a place: on the lanes, facing it, with no other building in between. Pure."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from patrol_core.geometry import Point2, Pose2, contains
from patrol_core.site import Site, ZoneKind

STEP_M = 1.0  # along each lane
NEAREST_M = 4.0  # closer the camera sees a wall
FURTHEST_M = 80.0  # further it sees nothing worth a photo
ELEVATION_RAD = math.radians(24.0)  # a 640x480 camera of 60 degrees has 23 above its axis; a floor fits in that
LOWEST_M = 8.0
HIGHEST_M = 35.0  # of the wished distance: higher floors are looked at from here
REMEMBERED = 2_048  # places


class Standing:
    """Standing places of one site; each place asked for is remembered. Not for several threads at once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._points: tuple[Point2, ...] | None = None
        self.pose = lru_cache(maxsize=REMEMBERED)(self._find)

    def _find(self, target: Point2, height_m: float = 0.0, building_id: str | None = None) -> Pose2 | None:
        """The pose from which the camera faces `target` (frame `map`); None where no lane point does.

        Wished is the distance from which `height_m` is inside the camera's view; the target's own building does not
        count as in the way. A place that can only be looked at through another building is looked at so.
        """
        if self._points is None:
            self._points = tuple(sorted(set(_lane_points(self._site)), key=lambda p: (p.x_m, p.y_m)))
        wished_m = min(max(height_m / math.tan(ELEVATION_RAD), LOWEST_M), HIGHEST_M)
        near = [
            (abs(away_m - wished_m), point.x_m, point.y_m)
            for point in self._points
            if NEAREST_M <= (away_m := point.distance_m(target)) <= FURTHEST_M
        ]
        if not near:
            return None
        heapq.heapify(near)
        best = near[0]
        while near:
            candidate = heapq.heappop(near)
            if not _hidden(self._site, Point2(*candidate[1:]), target, building_id):
                best = candidate
                break
        stand = Point2(*best[1:])
        return Pose2(x_m=stand.x_m, y_m=stand.y_m, heading_rad=stand.bearing_rad(target))


def _lane_points(site: Site) -> Iterator[Point2]:
    """A point every `STEP_M` of every lane, but for where robots may not go."""
    closed = [z.area for z in site.zones if z.kind is ZoneKind.NO_GO]
    for lane in site.lanes.lanes:
        for a, b in pairwise(lane.line):
            steps = max(1, math.ceil(a.distance_m(b) / STEP_M))
            for i in range(steps + 1):
                t = i / steps
                point = Point2(round(a.x_m + (b.x_m - a.x_m) * t, 2), round(a.y_m + (b.y_m - a.y_m) * t, 2))
                if not any(contains(area, point) for area in closed):
                    yield point


def _hidden(site: Site, eye: Point2, target: Point2, own_building: str | None) -> bool:
    """Whether a building other than the target's own cuts the line of sight."""
    for building_id, building in site.buildings.items():
        if building_id == own_building or contains(building.footprint, target):
            continue
        ring = building.footprint
        if any(_cross(eye, target, a, b) for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)):
            return True
    return False


def _cross(a: Point2, b: Point2, c: Point2, d: Point2) -> bool:
    """Whether the segments ab and cd cross."""

    def side(p: Point2, q: Point2, r: Point2) -> float:
        return (q.x_m - p.x_m) * (r.y_m - p.y_m) - (q.y_m - p.y_m) * (r.x_m - p.x_m)

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
