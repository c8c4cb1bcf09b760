"""Driving distances along the lanes: from the nearest point of a lane to the nearest point of another. Remembered."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from patrol_core.geometry import Point2
from patrol_core.lanes import Lane, LaneGraph

SAME_LANE_M = 0.5  # lanes that are so much further than the nearest one count as beside it: both ways of a road
REMEMBERED = 4_096  # points


@dataclass(frozen=True, slots=True)
class _Place:
    """A point's place on one lane."""

    lane: Lane
    along_m: float  # from the lane's start
    off_m: float  # from the lane


class Distances:
    """Lane distances of one site. Not for several threads at once."""

    def __init__(self, lanes: LaneGraph) -> None:
        self._lanes = lanes.lanes
        self._lengths = {lane.lane_id: lane.length_m for lane in lanes.lanes}
        self._out: dict[str, list[tuple[str, float]]] = {node: [] for node in lanes.nodes}
        for lane in lanes.lanes:
            self._out[lane.start].append((lane.end, self._lengths[lane.lane_id]))
        self._from: dict[str, Mapping[str, float]] = {}
        self._places = lru_cache(maxsize=REMEMBERED)(self._find_places)

    def between_m(self, start: Point2, goal: Point2) -> float:
        """Length of the drive on to the lanes, along them and off them; infinite where none leads there."""
        return min(
            (self._way_m(a, b) for a in self._places(start) for b in self._places(goal)),
            default=math.inf,
        )

    def _way_m(self, start: _Place, goal: _Place) -> float:
        off_m = start.off_m + goal.off_m
        if start.lane is goal.lane and start.along_m <= goal.along_m:
            return off_m + goal.along_m - start.along_m
        rest_m = self._lengths[start.lane.lane_id] - start.along_m
        return off_m + rest_m + self._reach(start.lane.end).get(goal.lane.start, math.inf) + goal.along_m

    def _find_places(self, point: Point2) -> tuple[_Place, ...]:
        """The point's place on the nearest lanes."""
        places = [_place(lane, point) for lane in self._lanes]
        nearest_m = min((p.off_m for p in places), default=0.0)
        return tuple(p for p in places if p.off_m <= nearest_m + SAME_LANE_M)

    def _reach(self, start: str) -> Mapping[str, float]:
        """Metres to every node that can be reached (Dijkstra)."""
        if start not in self._from:
            best = {start: 0.0}
            queue = [(0.0, start)]
            while queue:
                cost_m, node = heapq.heappop(queue)
                if cost_m > best[node]:
                    continue
                for end, length_m in self._out[node]:
                    through_m = cost_m + length_m
                    if through_m < best.get(end, math.inf):
                        best[end] = through_m
                        heapq.heappush(queue, (through_m, end))
            self._from[start] = best
        return self._from[start]


def _place(lane: Lane, point: Point2) -> _Place:
    """Where on the lane's line `point` is nearest."""
    best_off_m, best_along_m, passed_m = math.inf, 0.0, 0.0
    for a, b in pairwise(lane.line):
        dx_m, dy_m = b.x_m - a.x_m, b.y_m - a.y_m
        length_m = math.hypot(dx_m, dy_m)
        if length_m > 0:
            t = ((point.x_m - a.x_m) * dx_m + (point.y_m - a.y_m) * dy_m) / length_m**2
            t = min(max(t, 0.0), 1.0)
            off_m = math.hypot(point.x_m - a.x_m - t * dx_m, point.y_m - a.y_m - t * dy_m)
            if off_m < best_off_m:
                best_off_m, best_along_m = off_m, passed_m + t * length_m
        passed_m += length_m
    return _Place(lane, best_along_m, best_off_m)
