"""The way over the lane graph from any free point to any other: on to a lane, along lanes, off again."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise

from patrol_core.errors import Unreachable
from patrol_core.geometry import Point2
from patrol_core.lanes import Lane, LaneGraph
from sim.obstacles import Obstacles
from sim.polyline import Polyline, shifted

_OFF_LANE_COST = 1.5  # a metre off the lanes counts as this many on them
_SLANT_M = 1.5
_JOINTS = 6  # lanes tried at each end, nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Points to drive in frame `map`, and the speed limit of each stretch between them (None: no limit)."""

    points: tuple[Point2, ...]
    limits_mps: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Joint:
    lane: Lane
    along_m: float
    point: Point2
    cost_m: float


class RoutePlanner:
    """Plans for bodies of radius `margin_m`, keeping `keep_right_m` to the right of the lanes' middle where it is free.

    `LaneGraph.route` joins the graph at its nearest node, which may lie behind a house or behind the robot; this one
    joins lanes anywhere along them, in a straight line that no building touches.
    """

    def __init__(
        self, lanes: LaneGraph, obstacles: Obstacles, *, margin_m: float = 0.45, keep_right_m: float = 0.5
    ) -> None:
        self._obstacles = obstacles
        self._margin_m = margin_m
        self._keep_right_m = keep_right_m
        self._lanes = [(lane, Polyline(lane.line)) for lane in lanes.lanes]
        self._out: dict[str, list[Lane]] = {}
        for lane in lanes.lanes:
            self._out.setdefault(lane.start, []).append(lane)

    def plan(self, start: Point2, goal: Point2) -> Route:
        """The cheapest way.

        Raises:
            Unreachable: the goal touches a building, or no lane leads there; the text says which.
        """
        hit = self._obstacles.within(goal, self._margin_m)
        if hit is not None:
            raise Unreachable(f"the goal ({goal.x_m:.1f}, {goal.y_m:.1f}) touches building {hit!r}")
        straight_m = start.distance_m(goal)
        if straight_m < 3.0 and self._clear(start, goal):
            return Route(points=(start, goal), limits_mps=(None,))
        entries, exits = self._joints(start, "start"), self._joints(goal, "goal")
        middle, lanes = self._search(entries, exits, start, goal)
        points = self._beside(start, middle, goal)
        return Route(points=points, limits_mps=_limits(points, lanes))

    def _clear(self, a: Point2, b: Point2) -> bool:
        # A robot may stand closer to a wall than the margin (a dock at a wall): leaving it is allowed.
        margin_m = min(self._margin_m, 0.95 * self._obstacles.clearance_m(a), 0.95 * self._obstacles.clearance_m(b))
        return self._obstacles.blocking((a, b), margin_m) is None

    def _joints(self, point: Point2, name: str) -> list[_Joint]:
        near = sorted(
            ((*line.project(point), lane, line) for lane, line in self._lanes), key=lambda hit: (hit[1], hit[2].lane_id)
        )
        found: list[_Joint] = []
        for along_m, away_m, lane, line in near[: 8 * _JOINTS]:
            joint = line.at(along_m)
            if self._clear(point, joint):
                found.append(_Joint(lane, along_m, joint, _OFF_LANE_COST * away_m))
                if len(found) == _JOINTS:
                    break
        if not found:
            raise Unreachable(f"no lane can be reached from the {name} ({point.x_m:.1f}, {point.y_m:.1f})")
        return found

    def _search(
        self, entries: list[_Joint], exits: list[_Joint], start: Point2, goal: Point2
    ) -> tuple[list[Point2], list[Lane]]:
        """Dijkstra from all entries at once to all exits at once."""
        best: dict[str, float] = {}
        came: dict[str, tuple[Lane, _Joint | None]] = {}  # the joint where this lane is the first
        queue: list[tuple[float, str]] = []

        def reach(node: str, cost_m: float, lane: Lane, joint: _Joint | None) -> None:
            if cost_m < best.get(node, math.inf) - 1e-9:
                best[node] = cost_m
                came[node] = (lane, joint)
                heapq.heappush(queue, (cost_m, node))

        for entry in entries:
            reach(entry.lane.end, entry.cost_m + entry.lane.length_m - entry.along_m, entry.lane, entry)
        while queue:
            cost_m, node = heapq.heappop(queue)
            if cost_m > best[node]:
                continue
            for lane in self._out.get(node, ()):
                reach(lane.end, cost_m + lane.length_m, lane, None)

        choice: tuple[float, _Joint, _Joint | None] | None = None  # cost, exit, entry where both share the lane
        for leave in exits:
            for entry in entries:
                if entry.lane is leave.lane and entry.along_m <= leave.along_m:
                    cost_m = entry.cost_m + leave.along_m - entry.along_m + leave.cost_m
                    if choice is None or cost_m < choice[0] - 1e-9:
                        choice = (cost_m, leave, entry)
            if leave.lane.start in best:
                cost_m = best[leave.lane.start] + leave.along_m + leave.cost_m
                if choice is None or cost_m < choice[0] - 1e-9:
                    choice = (cost_m, leave, None)
        if choice is None:
            raise Unreachable(
                f"no lane leads from ({start.x_m:.1f}, {start.y_m:.1f}) to ({goal.x_m:.1f}, {goal.y_m:.1f})"
            )
        _, leave, shared = choice
        if shared is not None:
            return list(Polyline(leave.lane.line).part(shared.along_m, leave.along_m)), [leave.lane]
        return _unwind(came, leave)

    def _beside(self, start: Point2, middle: list[Point2], goal: Point2) -> tuple[Point2, ...]:
        """The whole way, its lanes driven on their right where no building is in the way there.

        It leaves and meets the lanes aslant: a corner right before the goal would be cut at speed.
        """
        line = Polyline(middle)
        slant_m = min(_SLANT_M, line.length_m / 3)
        inner = line.part(slant_m, line.length_m - slant_m)
        for lanes in (
            shifted(inner, -self._keep_right_m),
            shifted(inner, -self._keep_right_m / 2),
            inner,
            shifted(middle, -self._keep_right_m / 2),
        ):
            way = Polyline((start, *lanes, goal)).points
            if self._clear_way(way):
                return way
        return Polyline((start, *middle, goal)).points

    def _clear_way(self, way: tuple[Point2, ...]) -> bool:
        """Whether no building is near; the first and last stretch may be as near as start and goal themselves are."""
        if len(way) < 4:
            return all(self._clear(a, b) for a, b in pairwise(way))
        return (
            self._clear(way[0], way[1])
            and self._clear(way[-2], way[-1])
            and self._obstacles.blocking(way[1:-1], self._margin_m) is None
        )


def _unwind(came: dict[str, tuple[Lane, _Joint | None]], leave: _Joint) -> tuple[list[Point2], list[Lane]]:
    lanes: list[Lane] = [leave.lane]
    points = list(Polyline(leave.lane.line).part(0.0, leave.along_m))
    node = leave.lane.start
    while True:
        lane, joint = came[node]
        lanes.append(lane)
        line = Polyline(lane.line)
        points = [*line.part(0.0 if joint is None else joint.along_m, line.length_m), *points]
        if joint is not None:
            return points, lanes[::-1]
        node = lane.start


def _limits(points: tuple[Point2, ...], lanes: list[Lane]) -> tuple[float | None, ...]:
    """The limit of the lane nearest to each stretch: shifting and joining changed the points."""
    lines = [(lane, Polyline(lane.line)) for lane in lanes if lane.speed_limit_mps is not None]
    if not lines:
        return (None,) * (len(points) - 1)
    limits: list[float | None] = []
    for a, b in pairwise(points):
        middle = Point2((a.x_m + b.x_m) / 2, (a.y_m + b.y_m) / 2)
        away_m, _lane_id, limit = min(
            (line.project(middle)[1], lane.lane_id, lane.speed_limit_mps) for lane, line in lines
        )
        limits.append(limit if away_m < 3.0 else None)
    return tuple(limits)
