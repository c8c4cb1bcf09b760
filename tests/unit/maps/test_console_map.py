"""The console's map: valid GeoJSON that says where everything is, from the same site."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any

import pytest

from maps.console_map import console_map_of
from patrol_core.geometry import Point2
from patrol_core.site import Site
from tests.helpers.sites import EditableSite


def feature(site: Site, feature_id: str, layer: str | None = None) -> dict[str, Any]:
    found = [f for f in console_map_of(site)["features"] if f["id"] == feature_id]
    found = [f for f in found if layer in (None, f["properties"]["layer"])]
    (only,) = found
    return dict(only)


def test_every_feature_of_the_site_is_on_the_map_once(xinghe: Site) -> None:
    layers = Counter(f["properties"]["layer"] for f in console_map_of(xinghe)["features"])
    pairs = sum(lane.lane_id.endswith("-back") for lane in xinghe.lanes.lanes)
    assert layers == {
        "boundary": 1,
        "building": len(xinghe.buildings),
        "zone": len(xinghe.zones),
        "lane": len(xinghe.lanes.lanes) - pairs,
        "viewpoint": len(xinghe.viewpoints),
        "dock": len(xinghe.docks),
        "device": len(xinghe.devices),
        "camera": len(xinghe.cameras),
        "spot": len(xinghe.spots),
        "robot_home": len(xinghe.robots),
    }


def test_a_building_tells_its_names_height_and_units(xinghe: Site) -> None:
    tower = feature(xinghe, "b5")["properties"]
    assert (tower["name_zh"], tower["name_en"], tower["kind"]) == ("5 栋", "Building 5", "tower")
    assert (tower["floors"], tower["height_m"]) == (33, 99.0)
    assert [unit["unit"] for unit in tower["units"]] == ["1"]


def test_a_device_tells_its_place_in_words_and_parts(xinghe: Site) -> None:
    device = feature(xinghe, "smoke-b3-1-0703")["properties"]
    assert (device["place_zh"], device["place_en"]) == ("3 栋 1 单元 703", "Building 3, unit 1, flat 703")
    assert (device["building"], device["unit"], device["floor"], device["flat"]) == ("b3", "1", 7, "703")
    assert device["kind"] == "smoke"


def test_a_robots_home_lies_at_its_dock(xinghe: Site) -> None:
    home, dock = feature(xinghe, "r1"), feature(xinghe, "dock-1")
    assert home["geometry"] == dock["geometry"]
    assert (home["properties"]["layer"], home["properties"]["dock"]) == ("robot_home", "dock-1")


def test_headings_are_compass_bearings(xinghe: Site, site: EditableSite) -> None:
    site.put("docks", "dock-1", bearing_deg=270.0)
    assert feature(site.load(), "dock-1")["properties"]["bearing_deg"] == 270.0


def test_a_device_moved_in_the_file_moves_on_the_site_and_on_the_map(site: EditableSite) -> None:
    before = site.load()
    goal = Point2(171.5, 14.5)
    site.move("devices", "sos-gate", goal)
    after = site.load()
    assert after.devices["sos-gate"].position_m.distance_m(goal) < 0.02
    assert feature(after, "sos-gate")["geometry"]["coordinates"] == pytest.approx(site.lon_lat(goal), abs=2e-7)
    assert feature(before, "sos-gate")["geometry"] != feature(after, "sos-gate")["geometry"]


def test_the_map_is_plain_json_with_a_bbox_around_everything(xinghe: Site) -> None:
    map_ = json.loads(json.dumps(console_map_of(xinghe)))
    west, south, east, north = map_["bbox"]
    for item in map_["features"]:
        if item["geometry"]["type"] == "Point":
            lon, lat = item["geometry"]["coordinates"]
            assert west <= lon <= east, item["id"]
            assert south <= lat <= north, item["id"]
    assert map_["site"]["name_zh"] == "星河社区"


def test_rings_are_closed_and_counter_clockwise_as_rfc_7946_wants(xinghe: Site) -> None:
    for item in console_map_of(xinghe)["features"]:
        if item["geometry"]["type"] == "Polygon":
            (ring,) = item["geometry"]["coordinates"]
            assert ring[0] == ring[-1]
            turn = sum((bx - ax) * (by + ay) for (ax, ay), (bx, by) in itertools.pairwise(ring))
            assert turn < 0, item["id"]


def test_zones_come_in_the_order_they_are_drawn(xinghe: Site) -> None:
    orders = [
        f["properties"]["order"] for f in console_map_of(xinghe)["features"] if f["properties"]["layer"] == "zone"
    ]
    assert orders == sorted(orders)
