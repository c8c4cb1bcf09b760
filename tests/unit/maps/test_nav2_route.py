"""The route graph, held to what nav2_route's GeoJSON loader asks for."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from maps.nav2_route import route_graph_of
from patrol_core.geometry import Point2
from patrol_core.site import Site
from tests.helpers.sites import EditableSite


def parts(site: Site) -> tuple[dict[int, Any], list[Any]]:
    features = json.loads(json.dumps(route_graph_of(site)))["features"]
    nodes = {f["properties"]["id"]: f for f in features if f["geometry"]["type"] == "Point"}
    return nodes, [f for f in features if f["geometry"]["type"] == "LineString"]


def test_ids_are_whole_numbers_unique_across_nodes_and_edges(xinghe: Site) -> None:
    ids = [feature["properties"]["id"] for feature in route_graph_of(xinghe)["features"]]
    assert len(set(ids)) == len(ids)
    assert all(isinstance(number, int) and number > 0 for number in ids)


def test_edges_join_nodes_that_exist_and_end_on_them(xinghe: Site) -> None:
    nodes, edges = parts(xinghe)
    for edge in edges:
        start, end = (nodes[edge["properties"][key]] for key in ("startid", "endid"))
        line = edge["geometry"]["coordinates"]
        assert math.dist(line[0], start["geometry"]["coordinates"]) < 0.002
        assert math.dist(line[-1], end["geometry"]["coordinates"]) < 0.002


def test_every_edge_is_straight_so_that_the_robot_follows_each_bend(xinghe: Site) -> None:
    _, edges = parts(xinghe)
    assert {len(edge["geometry"]["coordinates"]) for edge in edges} == {2}
    assert sum(math.dist(*edge["geometry"]["coordinates"]) for edge in edges) == pytest.approx(
        sum(lane.length_m for lane in xinghe.lanes.lanes), rel=1e-4
    )


def test_coordinates_are_metres_of_the_map_frame(xinghe: Site) -> None:
    nodes, _ = parts(xinghe)
    by_name = {node["properties"]["metadata"].get("node"): node for node in nodes.values()}
    place = xinghe.lanes.nodes["n-001"]
    assert by_name["n-001"]["geometry"]["coordinates"] == pytest.approx([place.x_m, place.y_m], abs=0.001)
    assert by_name["n-001"]["properties"]["frame"] == "map"


def test_the_graph_is_directed(xinghe: Site) -> None:
    _, edges = parts(xinghe)
    ways = {(e["properties"]["startid"], e["properties"]["endid"]) for e in edges}
    one_way = [way for way in ways if way[::-1] not in ways]
    assert 50 < len(one_way) < len(ways)


def test_speed_limits_travel_as_the_time_scorer_reads_them(xinghe: Site) -> None:
    _, edges = parts(xinghe)
    limits = {lane.lane_id: lane.speed_limit_mps for lane in xinghe.lanes.lanes}
    for edge in edges:
        assert edge["properties"]["metadata"]["abs_speed_limit"] == limits[edge["properties"]["metadata"]["lane"]]


def test_lanes_that_bend_at_one_place_are_not_joined_there(site: EditableSite) -> None:
    corners = [Point2(60, 116), Point2(62, 120), Point2(64, 116)], [Point2(60, 124), Point2(62, 120), Point2(64, 124)]
    before = len(parts(site.load())[0])
    for n, line in enumerate(corners):
        ends = (f"n-x{n}", f"n-y{n}")
        for name, place in zip(ends, (line[0], line[-1]), strict=True):
            site.add("lanes", "Point", site.lon_lat(place), id=name)
        coordinates = [site.lon_lat(place) for place in line]
        site.add("lanes", "LineString", coordinates, id=f"l-x{n}", start=ends[0], end=ends[1], two_way=True)
    nodes, _ = parts(site.load())
    assert len(nodes) - before == 6
