"""The lane graph of the demo site: every road and walkway cut at crossings, stops and bends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.polygon import orient
from shapely.ops import substring

from maps.demo.ground import RING, WAYS
from maps.demo.sheet import XY, Sheet

STEP_M = 14.0  # nodes are no farther apart: a robot that leaves or joins in between drives little off its lane
MERGE_M = 2.5  # stops closer than this share a node
SAME_NODE_M = 1.2  # pieces of different tracks that end this close meet in one node
RING_SPEED_MPS = 1.5
SPUR_SPEED_MPS = 0.6  # the last metres to a dock


@dataclass(slots=True)
class Track:
    """A line to drive, and the distances along it where a node must be."""

    line: shapely.LineString
    two_way: bool
    speed_mps: float
    cuts_m: list[float] = field(default_factory=list)


class Network:
    """Tracks of the whole site, cut wherever they meet and wherever a robot stops."""

    def __init__(self) -> None:
        ring = shapely.LineString(orient(RING, sign=-1.0).exterior.coords)  # clockwise, as the tours go
        self._tracks = [Track(ring, False, RING_SPEED_MPS)]
        self._tracks += [Track(shapely.LineString(way.line), not way.one_way, way.speed_mps) for way in WAYS]
        self._spurs: list[tuple[XY, XY]] = []

    def stop_near(self, near: XY) -> XY:
        """A place on the nearest track where a robot will stop; a node is made there."""
        spot = shapely.Point(near)
        track = min(self._tracks, key=lambda t: t.line.distance(spot))
        along_m = track.line.project(spot)
        close = [cut for cut in track.cuts_m if abs(cut - along_m) < MERGE_M]
        if close:
            along_m = close[0]
        else:
            track.cuts_m.append(along_m)
        on_track = track.line.interpolate(along_m)
        return on_track.x, on_track.y

    def spur(self, dock: XY) -> None:
        """Join a dock beside a track."""
        self._spurs.append((self.stop_near(dock), dock))

    def draw(self, sheet: Sheet) -> None:
        """The lanes layer: nodes as points, lanes as lines."""
        self._cut_at_crossings()
        nodes: list[XY] = []

        def node(at: XY) -> int:
            for n, other in enumerate(nodes):
                if math.dist(at, other) < SAME_NODE_M:
                    return n
            nodes.append(at)
            sheet.point("lanes", at, id=f"n-{len(nodes):03d}")
            return len(nodes) - 1

        lanes = itertools.count(1)
        for line, two_way, speed_mps in self._pieces():
            start, end = node(line[0]), node(line[-1])
            if start == end:
                continue
            sheet.line("lanes", [nodes[start], *line[1:-1], nodes[end]], id=f"l-{next(lanes):03d}",
                       start=f"n-{start + 1:03d}", end=f"n-{end + 1:03d}", two_way=two_way or None,
                       speed_limit_mps=speed_mps)  # fmt: skip

    def _pieces(self) -> Iterable[tuple[Sequence[XY], bool, float]]:
        for track in self._tracks:
            for a_m, b_m in itertools.pairwise(_steps(track)):
                points = [(x, y) for x, y in substring(track.line, a_m, b_m).coords]
                yield points, track.two_way, track.speed_mps
        for on_track, dock in self._spurs:
            yield (on_track, dock), True, SPUR_SPEED_MPS

    def _cut_at_crossings(self) -> None:
        for a, b in itertools.combinations(self._tracks, 2):
            meeting = a.line.intersection(b.line)
            points = [p for p in getattr(meeting, "geoms", [meeting]) if p.geom_type == "Point"]
            ends = (*_ends(a), *_ends(b))  # a track that ends on another may miss it by rounding
            points += [end for end in ends if a.line.distance(end) < 0.5 and b.line.distance(end) < 0.5]
            for point in points:
                _cut(a, point)
                _cut(b, point)


def _ends(track: Track) -> tuple[shapely.Point, shapely.Point]:
    return shapely.Point(track.line.coords[0]), shapely.Point(track.line.coords[-1])


def _cut(track: Track, point: shapely.Point) -> None:
    along_m = track.line.project(point)
    # The crossing wins: stops beside it move on to it, so that no lane is shorter than MERGE_M.
    track.cuts_m = [cut for cut in track.cuts_m if abs(cut - along_m) > 1e-6]
    track.cuts_m.append(along_m)


def _steps(track: Track) -> list[float]:
    """Distances along the track, start and end included, at most STEP_M apart."""
    fixed = [0.0]
    for cut in sorted(track.cuts_m):
        if cut - fixed[-1] > 0.8 and track.line.length - cut > 0.8:
            fixed.append(cut)
    fixed.append(track.line.length)
    steps = [0.0]
    for a_m, b_m in itertools.pairwise(fixed):
        parts = max(1, -int(-(b_m - a_m) // STEP_M))
        steps += [a_m + (b_m - a_m) * n / parts for n in range(1, parts + 1)]
    return steps
