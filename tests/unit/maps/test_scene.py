"""The simulator's scene: solid, seeded, and clear of where robots drive and look."""

from __future__ import annotations

import math

import pytest
import shapely

from maps import shapes
from maps.scene import Scene, scene_of
from patrol_core.geometry import Point2
from patrol_core.site import Site, ZoneKind
from tests.helpers.sites import EditableSite


def test_the_same_site_makes_the_same_scene(xinghe: Site, site: EditableSite) -> None:
    assert scene_of(site.load()).to_json() == scene_of(xinghe).to_json()


def test_a_scene_travels_as_json(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    assert Scene.from_json(scene.to_json()) == scene


def test_every_building_stands_in_it_with_its_height_and_doors(xinghe: Site) -> None:
    scene = {b.building_id: b for b in scene_of(xinghe).buildings}
    assert set(scene) == set(xinghe.buildings)
    assert scene["b5"].height_m == 99.0
    assert len(scene["b8"].entrances) == 3


def test_nothing_of_a_no_fly_zone_is_seen(xinghe: Site) -> None:
    assert "no_fly" not in {ground.kind for ground in scene_of(xinghe).ground}


def test_trees_stand_in_the_green_off_lanes_and_walls(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    green = shapely.union_all([shapes.polygon(z.area) for z in xinghe.zones if z.kind is ZoneKind.GREEN])
    walls = shapely.union_all([shapes.polygon(b.footprint) for b in xinghe.buildings.values()])
    lanes = shapely.union_all([shapes.linestring(lane.line) for lane in xinghe.lanes.lanes])
    assert 200 < len(scene.trees) < 600
    for tree in scene.trees:
        trunk = shapely.Point(tree.at_m)
        assert green.contains(trunk)
        assert trunk.distance(walls) > 1.5
        assert trunk.distance(lanes) - tree.crown_m > 1.0


def test_no_tree_stands_before_a_viewpoint(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    for viewpoint in xinghe.viewpoints.values():
        eye = viewpoint.pose
        end = Point2(eye.x_m + 12 * math.cos(eye.heading_rad), eye.y_m + 12 * math.sin(eye.heading_rad))
        view = shapes.linestring((eye.point, end))
        assert all(view.distance(shapely.Point(tree.at_m)) > tree.crown_m for tree in scene.trees)


def test_a_change_in_one_corner_moves_no_tree_in_another(xinghe: Site, site: EditableSite) -> None:
    site.move("devices", "septic-1", Point2(46.0, 62.0))
    before = {tree.at_m for tree in scene_of(xinghe).trees}
    after = {tree.at_m for tree in scene_of(site.load()).trees}
    assert all(math.dist(at, (45.0, 62.0)) < 12.0 for at in before ^ after)


def test_cars_stand_in_parking_bays_and_some_bays_are_free(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    parking = [shapes.polygon(z.area) for z in xinghe.zones if z.kind is ZoneKind.PARKING]
    bays = sum(int(max(a.bounds[2] - a.bounds[0], a.bounds[3] - a.bounds[1]) // 2.5) for a in parking)
    assert 0.4 * bays < len(scene.cars) < 0.85 * bays
    for car in scene.cars:
        assert any(area.contains(shapely.Point(car.at_m)) for area in parking)


def test_bins_face_the_lane(xinghe: Site) -> None:
    lanes = shapely.union_all([shapes.linestring(lane.line) for lane in xinghe.lanes.lanes])
    for point in scene_of(xinghe).bin_points:
        x, y = point.at_m
        ahead = shapely.Point(x + math.cos(point.heading_rad), y + math.sin(point.heading_rad))
        assert ahead.distance(lanes) < shapely.Point(x, y).distance(lanes)
        assert len(point.bins) == 4


def test_lamps_stand_beside_the_way(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    lanes = shapely.union_all([shapes.linestring(lane.line) for lane in xinghe.lanes.lanes])
    assert len(scene.lamps) > 30
    assert all(1.2 < shapely.Point(lamp.at_m).distance(lanes) < 5.0 for lamp in scene.lamps)


def test_the_fence_is_open_at_the_gates_only(xinghe: Site) -> None:
    scene = scene_of(xinghe)
    assert {gate.spot_id for gate in scene.gates} == {"gate-south", "gate-east"}
    fence = shapely.MultiLineString([list(line) for line in scene.fence])
    assert xinghe.boundary is not None
    whole = shapes.polygon(xinghe.boundary).exterior.length
    assert whole - fence.length == pytest.approx(sum(gate.width_m for gate in scene.gates), abs=0.1)
    for gate in scene.gates:
        assert fence.distance(shapely.Point(gate.at_m)) > 4.0


def test_a_site_without_fence_or_green_has_a_scene_too(site: EditableSite) -> None:
    site.write("boundary", [])
    site.write("zones", [])
    for viewpoint in site.features("viewpoints"):
        site.put("viewpoints", viewpoint["properties"]["id"], looks_at=None)
    scene = scene_of(site.load())
    assert (scene.fence, scene.gates, scene.trees, scene.cars) == ((), (), (), ())
    assert len(scene.buildings) == 20
