"""How features stand to one another: references, places, ground, reach. Each broken rule has its sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from patrol_core.geometry import Point2
from patrol_core.site import Site
from tests.helpers.sites import EditableSite

SMOKE = "smoke-b3-1-0703"


def square(site: EditableSite, x: float, y: float, side: float) -> list[list[list[float]]]:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[site.lon_lat(Point2(*corner)) for corner in corners]]


# -- references


def test_an_id_is_one_features_own_across_the_site(site: EditableSite) -> None:
    site.put("docks", "dock-3", id="b3")
    assert site.problems()[0] == (
        "docks.geojson: b3: expected an id that no other feature of the site has; came the id of a building in "
        "buildings.geojson"
    )


def test_a_lane_names_nodes_that_exist(site: EditableSite) -> None:
    site.put("lanes", "l-010", end="n-9999")
    assert site.problems()[0].startswith(
        'lanes.geojson: l-010: expected the id of a lane node as end; came "n-9999", which is nowhere in the site'
    )


def test_a_lane_ends_at_the_node_it_names(site: EditableSite, xinghe: Site) -> None:
    lane = next(lane for lane in xinghe.lanes.lanes if lane.lane_id == "l-010")
    node = xinghe.lanes.nodes[lane.end]
    site.move("lanes", lane.end, Point2(node.x_m + 0.9, node.y_m))
    sentence = f'lanes.geojson: l-010: expected its end within 0.5 m of lane node "{lane.end}"; came 0.9 m'
    assert sentence in site.problems()


def test_the_way_back_of_a_lane_needs_its_id(site: EditableSite) -> None:
    lane = next(f["properties"]["id"] for f in site.features("lanes") if f["properties"].get("two_way"))
    site.put("docks", "dock-3", id=f"{lane}-back")
    assert site.problems() == [
        f'lanes.geojson: {lane}: expected "{lane}-back" free for its way back; came a feature of that id'
    ]


@pytest.mark.parametrize(
    ("layer", "feature_id", "properties", "sentence"),
    [
        (
            "viewpoints",
            "vp-07",
            {"looks_at": "b33"},
            (
                "expected the id of a building, zone, device or spot as looks_at; "
                'came "b33", which is nowhere in the site; did you mean "b3"?'
            ),
        ),
        (
            "viewpoints",
            "vp-07",
            {"looks_at": "vp-08"},
            'expected the id of a building, zone, device or spot as looks_at; came "vp-08", which is a viewpoint',
        ),
        (
            "devices",
            SMOKE,
            {"building": "b30"},
            'expected the id of a building as building; came "b30", which is nowhere in the site; did you mean "b3"?',
        ),
        ("devices", SMOKE, {"unit": "9"}, 'expected a unit of building "b3" (1, 2); came "9"'),
        ("devices", "smoke-shop-1", {"unit": "1"}, 'expected a unit of building "shop-1" (it has none); came "1"'),
        ("devices", SMOKE, {"floor": 29, "flat": None}, 'expected floor 1 to 28 of building "b3"; came 29'),
        ("devices", SMOKE, {"flat": "803"}, 'expected a flat of floor 7; came "803"'),
        (
            "devices",
            SMOKE,
            {"floor": None, "flat": "2901"},
            'expected a flat on floor 1 to 28 of building "b3"; came "2901"',
        ),
        ("devices", SMOKE, {"flat": "704"}, 'expected flat 01 to 03 of a floor of building "b3"; came "704"'),
        ("devices", SMOKE, {"flat": "7-03"}, 'expected a flat as floor and two digits, such as "1203"; came "7-03"'),
        ("devices", SMOKE, {"building": None}, "expected a building with a unit, floor or flat; came none"),
        ("devices", SMOKE, {"height_m": 120}, 'expected height_m within building "b3" (84.0 m high); came 120'),
    ],
)
def test_references_and_places_are_checked(
    site: EditableSite, layer: str, feature_id: str, properties: dict[str, Any], sentence: str
) -> None:
    site.put(layer, feature_id, **properties)
    assert site.problems() == [f"{layer}.geojson: {feature_id}: {sentence}"]


def test_a_broken_feature_is_not_also_missed_by_those_who_name_it(site: EditableSite) -> None:
    site.put("buildings", "b3", floors=0)
    assert len(site.problems()) == 1


# -- places


def test_a_device_hangs_at_the_building_it_names(site: EditableSite, xinghe: Site) -> None:
    here = xinghe.devices[SMOKE].position_m
    site.move("devices", SMOKE, Point2(here.x_m, here.y_m - 20.0))
    (problem,) = site.problems()
    assert re.fullmatch(
        rf'devices\.geojson: {SMOKE}: expected a point in or at it within 6 m of building "b3"; '
        r"came a point 1\d\.\d m away; its wall is 1\d\.\d m north",
        problem,
    )


def test_an_entrance_lies_at_its_building(site: EditableSite) -> None:
    site.edit("buildings", "b3", lambda f: f["properties"]["units"][0].update(entrance=site.lon_lat(Point2(200, 100))))
    (problem,) = site.problems()
    assert problem.startswith(
        'buildings.geojson: b3: expected the entrance of unit 1 within 6 m of building "b3"; came'
    )


# -- ground


def test_a_viewpoint_in_a_building_is_told_the_way_out(site: EditableSite) -> None:
    site.move("viewpoints", "vp-29", Point2(232.0, 69.0))
    sentences = site.problems()
    assert re.fullmatch(
        r'viewpoints\.geojson: vp-29: expected a point outside buildings; came one inside building "b3"; '
        r"nearest walkway is \d\.\d m north",
        sentences[0],
    )


@pytest.mark.parametrize(("zone", "words"), [("pond", 'water "pond"'), ("no-go-sandpit", 'no-go zone "no-go-sandpit"')])
def test_a_dock_stands_on_open_ground(site: EditableSite, xinghe: Site, zone: str, words: str) -> None:
    area = next(z.area for z in xinghe.zones if z.zone_id == zone)
    middle = Point2(sum(p.x_m for p in area) / len(area), sum(p.y_m for p in area) / len(area))
    site.move("docks", "dock-3", middle)
    expected = "docks.geojson: dock-3: expected a point outside water and no-go zones"
    assert any(problem.startswith(f"{expected}; came one inside {words}; nearest ") for problem in site.problems())


def test_a_lane_through_a_building_says_how_much_and_where_the_free_side_is(site: EditableSite, xinghe: Site) -> None:
    start = xinghe.lanes.nodes["n-001"]
    line = [site.lon_lat(p) for p in (start, Point2(66.0, 71.0), Point2(start.x_m + 1, start.y_m + 1))]
    site.add("lanes", "Point", line[-1], id="n-x")
    site.add("lanes", "LineString", line, id="l-x", start="n-001", end="n-x", two_way=True)
    assert any(
        re.fullmatch(
            r"lanes\.geojson: l-x: expected a lane clear of buildings, water and no-go zones; "
            r'came \d+\.\d m of it through building "b1"; free ground is \d+\.\d m [a-z-]+',
            problem,
        )
        for problem in site.problems()
    )


def test_buildings_do_not_share_ground(site: EditableSite) -> None:
    site.add(
        "buildings",
        "Polygon",
        square(site, 230.0, 60.0, 30.0),
        id="b99",
        kind="tower",
        name_zh="九九",
        name_en="99",
        floors=3,
        floor_height_m=3.0,
    )
    assert re.fullmatch(
        r'buildings\.geojson: b99: expected ground of its own; came \d+\.\d m² shared with building "b3"',
        site.problems()[0],
    )


def test_things_lie_inside_the_fence(site: EditableSite) -> None:
    site.move("devices", "sos-gate", Point2(170.0, -6.0))
    assert site.problems() == [
        (
            "devices.geojson: sos-gate: expected a place inside the boundary; "
            "came one outside; the boundary is 10.0 m north"
        )
    ]


# -- reach


def test_a_node_without_lanes_is_told(site: EditableSite) -> None:
    site.add("lanes", "Point", site.lon_lat(Point2(60.0, 120.0)), id="n-lonely")
    assert site.problems() == ["lanes.geojson: n-lonely: expected a lane from or to this node; came none"]


def test_a_viewpoint_far_from_every_lane_is_told_where_the_nearest_is(site: EditableSite) -> None:
    site.move("viewpoints", "vp-09", Point2(60.0, 118.0))
    assert re.fullmatch(
        r'viewpoints\.geojson: vp-09: expected a lane node within 15 m; came "n-\d+", the nearest, \d\d\.\d m [a-z-]+',
        site.problems()[0],
    )


def test_a_viewpoint_behind_a_wall_is_told_what_is_between(site: EditableSite, xinghe: Site) -> None:
    dock = xinghe.docks["dock-3"].pose.point
    site.add("zones", "Polygon", square(site, dock.x_m + 1.0, dock.y_m - 3.0, 2.0), id="kiosk", kind="no_go")
    site.move("docks", "dock-3", Point2(dock.x_m + 4.0, dock.y_m - 2.0))
    assert re.fullmatch(
        r'docks\.geojson: dock-3: expected a free straight way to its lane node "n-\d+"; '
        r'came no-go zone "kiosk" between them',
        site.problems()[0],
    )


def test_a_place_that_no_lane_leads_to_is_told(site: EditableSite, xinghe: Site) -> None:
    node = xinghe.lanes.nearest_node(xinghe.viewpoints["vp-42"].pose.point)
    for lane in xinghe.lanes.lanes:
        if node in (lane.start, lane.end) and not lane.lane_id.endswith("-back"):
            other = lane.end if lane.start == node else lane.start
            site.remove("lanes", lane.lane_id)
            line = [site.lon_lat(xinghe.lanes.nodes[end]) for end in (node, other)]  # only away from it
            site.add("lanes", "LineString", line, id=lane.lane_id, start=node, end=other)
    assert any(
        re.fullmatch(
            rf"viewpoints\.geojson: vp-42: expected a place that lanes lead to from every dock; came none from dock "
            rf'"dock-1" \(node "n-\d+"\) to node "{node}"; the nearest node it reaches, "n-\d+", is \d+\.\d m [a-z-]+',
            problem,
        )
        for problem in site.problems()
    )


def test_a_place_that_no_lane_leads_back_from_is_told(site: EditableSite, xinghe: Site) -> None:
    dock_node = xinghe.lanes.nearest_node(xinghe.docks["dock-3"].pose.point)
    spur = next(lane for lane in xinghe.lanes.lanes if lane.end == dock_node and not lane.lane_id.endswith("-back"))
    site.put("lanes", spur.lane_id, two_way=None)
    (problem,) = site.problems()
    assert re.fullmatch(
        r"docks\.geojson: dock-3: expected a place that lanes lead from to every dock; came none from "
        rf'node "{dock_node}" back to dock "dock-1" \(node "n-\d+"\)',
        problem,
    )


def test_a_site_with_viewpoints_needs_lanes(site: EditableSite) -> None:
    site.write("lanes", [])
    assert "viewpoints.geojson: vp-01: expected a lane node near it; came a site without lanes" in site.problems()
