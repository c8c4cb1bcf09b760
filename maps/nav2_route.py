"""The lane graph as Nav2's route server reads it: GeoJSON nodes and directed edges in metres of frame `map`."""

from __future__ import annotations

import itertools
from typing import Any

from patrol_core.geometry import Point2
from patrol_core.lanes import Lane
from patrol_core.site import Site

DIGITS = 3  # millimetres


def route_graph_of(site: Site) -> dict[str, Any]:
    """A FeatureCollection for `nav2_route::GeoJsonGraphFileLoader`.

    Nodes are Points with a whole-number `id`; edges are LineStrings with `id`, `startid`, `endid`; ids are unique
    across both. The route server drives straight from node to node and never looks at an edge's line, so every bend of
    a lane becomes a node of its own. `metadata` carries what its scorers and operations read: `abs_speed_limit` in m/s
    (TimeScorer) on edges, and our own ids (`node`, `lane`) to find the way back.
    """
    ids = itertools.count(1)
    numbers = {node_id: next(ids) for node_id in site.lanes.nodes}
    nodes = [_node(numbers[node_id], position_m, {"node": node_id}) for node_id, position_m in site.lanes.nodes.items()]
    edges: list[dict[str, Any]] = []
    bends: dict[tuple[frozenset[str], Point2], int] = {}
    for lane in site.lanes.lanes:
        stations = [numbers[lane.start]]
        for place in lane.line[1:-1]:
            bend = frozenset((lane.start, lane.end)), place  # shared with the way back only: no new crossings
            if bend not in bends:
                bends[bend] = next(ids)
                nodes.append(_node(bends[bend], place, {"lane": lane.lane_id}))
            stations.append(bends[bend])
        stations.append(numbers[lane.end])
        pieces = zip(itertools.pairwise(stations), itertools.pairwise(lane.line), strict=True)
        edges += [_edge(next(ids), ends, line, lane) for ends, line in pieces]
    return {
        "type": "FeatureCollection",
        "name": site.site_id,
        "features": [*nodes, *edges],
    }


def _node(number: int, position_m: Point2, metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"id": number, "frame": "map", "metadata": metadata},
        "geometry": {"type": "Point", "coordinates": _position(position_m)},
    }


def _edge(number: int, ends: tuple[int, int], line: tuple[Point2, Point2], lane: Lane) -> dict[str, Any]:
    metadata: dict[str, Any] = {"lane": lane.lane_id}
    if lane.speed_limit_mps is not None:
        metadata["abs_speed_limit"] = lane.speed_limit_mps
    return {
        "type": "Feature",
        "properties": {"id": number, "startid": ends[0], "endid": ends[1], "metadata": metadata},
        "geometry": {"type": "LineString", "coordinates": [_position(point) for point in line]},
    }


def _position(point: Point2) -> list[float]:
    return [round(point.x_m, DIGITS), round(point.y_m, DIGITS)]
