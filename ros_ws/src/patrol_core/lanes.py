"""The lane graph robots drive on: shortest paths and distances along it."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from patrol_core.errors import Unreachable
from patrol_core.geometry import Point2, length_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A directed edge between two nodes."""

    lane_id: str
    start: str
    end: str
    line: tuple[Point2, ...]  # from start node to end node, both included
    speed_limit_mps: float | None = None

    @property
    def length_m(self) -> float:
        return length_m(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneGraph:
    """Nodes and directed lanes in the site frame."""

    nodes: Mapping[str, Point2]
    lanes: tuple[Lane, ...]
    _out: Mapping[str, tuple[Lane, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        out: dict[str, list[Lane]] = {node: [] for node in self.nodes}
        for lane in self.lanes:
            out[lane.start].append(lane)
        object.__setattr__(self, "_out", {node: tuple(lanes) for node, lanes in out.items()})

    def nearest_node(self, point: Point2) -> str:
        """The node closest to `point` in a straight line."""
        if not self.nodes:
            raise Unreachable("the site has no lane graph")
        return min(self.nodes, key=lambda node: (self.nodes[node].distance_m(point), node))

    def path(self, start: str, end: str) -> tuple[Lane, ...]:
        """The shortest lanes from node to node (Dijkstra).

        Raises:
            Unreachable: the graph does not join them; the text names both.
        """
        best: dict[str, float] = {start: 0.0}
        came: dict[str, Lane] = {}
        queue: list[tuple[float, str]] = [(0.0, start)]
        while queue:
            cost_m, node = heapq.heappop(queue)
            if node == end:
                return _unwind(came, start, end)
            if cost_m > best[node]:
                continue
            for lane in self._out[node]:
                through_m = cost_m + lane.length_m
                if through_m < best.get(lane.end, float("inf")):
                    best[lane.end] = through_m
                    came[lane.end] = lane
                    heapq.heappush(queue, (through_m, lane.end))
        raise Unreachable(f'no lane leads from "{start}" to "{end}"')

    def route(self, start: Point2, goal: Point2) -> tuple[Point2, ...]:
        """Points to drive from `start` to `goal`: on to the graph, along it, and off it.

        Raises:
            Unreachable: the graph does not join the nodes nearest to both.
        """
        lanes = self.path(self.nearest_node(start), self.nearest_node(goal))
        middle: Sequence[Point2] = (
            [lanes[0].line[0], *(p for lane in lanes for p in lane.line[1:])]
            if lanes
            else [self.nodes[self.nearest_node(start)]]
        )
        points = [start]
        for point in [*middle, goal]:
            if point.distance_m(points[-1]) > 1e-6:
                points.append(point)
        return tuple(points)

    def distance_m(self, start: Point2, goal: Point2) -> float:
        """Length of `route`.

        Raises:
            Unreachable: as `route`.
        """
        return length_m(self.route(start, goal))


def _unwind(came: Mapping[str, Lane], start: str, end: str) -> tuple[Lane, ...]:
    lanes: list[Lane] = []
    node = end
    while node != start:
        lanes.append(came[node])
        node = came[node].start
    return tuple(reversed(lanes))
