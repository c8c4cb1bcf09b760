"""The demo site is what the demo needs, and a pleasant place: counts, tours, clearances, names."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

from maps import load_site, shapes
from maps.demo.__main__ import main as draw_demo
from maps.loader import SITES
from maps.zones import DRIVABLE
from patrol_core.geometry import Point2
from patrol_core.site import BuildingKind, DeviceKind, Polygon, RobotKind, Site, ZoneKind

ROBOT_SPEED_MPS = 1.2


def area_m2(outline: Polygon) -> float:
    return shapes.polygon(outline).area


def kinds_of_zones(site: Site) -> Counter[ZoneKind]:
    return Counter(zone.kind for zone in site.zones)


def test_ten_towers_of_18_to_33_floors_with_units_and_flats(xinghe: Site) -> None:
    towers = [b for b in xinghe.buildings.values() if b.kind is BuildingKind.TOWER]
    assert len(towers) == 10
    assert all(18 <= tower.floors <= 33 for tower in towers)
    assert {tower.floors for tower in towers} >= {18, 33}
    assert all(1 <= len(tower.units) <= 3 for tower in towers)
    assert all(2 <= unit.flats_per_floor <= 4 for tower in towers for unit in tower.units)


def test_shops_gatehouses_and_a_community_center(xinghe: Site) -> None:
    kinds = Counter(building.kind for building in xinghe.buildings.values())
    assert (kinds[BuildingKind.SHOP], kinds[BuildingKind.GATEHOUSE], kinds[BuildingKind.CENTER]) == (6, 2, 1)


def test_every_kind_of_zone_is_there(xinghe: Site) -> None:
    kinds = kinds_of_zones(xinghe)
    assert set(kinds) == set(ZoneKind)
    assert kinds[ZoneKind.FIRE_LANE] == 10
    assert kinds[ZoneKind.NO_FLY] >= 2
    assert kinds[ZoneKind.NO_GO] >= 3


def test_a_fire_lane_lies_5_to_10_m_from_each_tower(xinghe: Site) -> None:
    for zone in xinghe.zones:
        if zone.kind is ZoneKind.FIRE_LANE:
            tower = xinghe.buildings[zone.zone_id.removeprefix("fire-")]
            gap_m = shapes.polygon(zone.area).distance(shapes.polygon(tower.footprint))
            assert 5.0 <= gap_m <= 10.0, zone.zone_id


def test_fixed_sensors_of_many_kinds(xinghe: Site) -> None:
    kinds = Counter(device.kind for device in xinghe.devices.values())
    assert len(kinds) == 12
    assert kinds.total() >= 80
    assert kinds[DeviceKind.SMOKE] >= 30


def test_smoke_sensors_hang_in_homes_and_small_shops(xinghe: Site) -> None:
    smoke = [d for d in xinghe.devices.values() if d.kind is DeviceKind.SMOKE]
    homes = [d for d in smoke if d.place.flat]
    shops = [d for d in smoke if (d.place.building_id or "").startswith("shop-")]
    assert len(homes) == 30
    assert len(shops) == 6
    text = homes[0].place.text(xinghe.buildings)
    assert (text.zh, text.en) == ("1 栋 1 单元 301", "Building 1, unit 1, flat 301")


def test_spots_cameras_docks_robots(xinghe: Site) -> None:
    kinds = Counter(spot.kind for spot in xinghe.spots.values())
    assert kinds["bin"] >= 6
    assert kinds["manhole"] >= 8
    assert kinds["elevator"] >= 4
    assert kinds["gate"] == 2
    assert len(xinghe.cameras) == 6
    assert len(xinghe.docks) == 3
    assert [(r.robot_id, r.name.zh, r.name.en, r.kind) for r in xinghe.robots.values()] == [
        ("r1", "巡逻一号", "Patrol One", RobotKind.GROUND),
        ("r2", "巡逻二号", "Patrol Two", RobotKind.GROUND),
    ]


def test_the_site_measures_about_350_by_260_m(xinghe: Site) -> None:
    assert xinghe.boundary is not None
    west, south, east, north = shapes.polygon(xinghe.boundary).bounds
    assert [east - west, north - south] == pytest.approx([342, 252], abs=1)


def test_each_robot_sees_four_viewpoints_within_three_minutes_of_its_dock(xinghe: Site) -> None:
    tours = {"r1": ("vp-01", "vp-02", "vp-03", "vp-04"), "r2": ("vp-14", "vp-15", "vp-16", "vp-17")}
    for robot_id, tour in tours.items():
        places = [xinghe.docks[xinghe.robots[robot_id].dock_id].pose.point]
        places += [xinghe.viewpoints[viewpoint_id].pose.point for viewpoint_id in tour]
        length_m = sum(xinghe.lanes.distance_m(a, b) for a, b in pairwise(places))
        assert length_m / ROBOT_SPEED_MPS < 150, robot_id


def test_on_most_tours_the_next_viewpoint_is_near(xinghe: Site) -> None:
    points = [viewpoint.pose.point for viewpoint in xinghe.viewpoints.values()]
    legs_m = [xinghe.lanes.distance_m(a, b) for a, b in pairwise(points)]
    assert sum(10 <= leg_m <= 46 for leg_m in legs_m) >= 30
    assert len(points) >= 40


def test_every_viewpoint_looks_at_what_it_is_about(xinghe: Site) -> None:
    outlines = {b.building_id: b.footprint for b in xinghe.buildings.values()}
    outlines |= {zone.zone_id: zone.area for zone in xinghe.zones}
    for viewpoint in xinghe.viewpoints.values():
        about = viewpoint.looks_at
        assert about is not None, viewpoint.viewpoint_id
        target = shapes.polygon(outlines[about]) if about in outlines else shapes.pin(xinghe.spots[about].position_m)
        eye = viewpoint.pose
        ray = shapely.LineString([(eye.x_m, eye.y_m), tip(eye.x_m, eye.y_m, eye.heading_rad, 45.0)])
        assert ray.distance(target) < 1.5, viewpoint.viewpoint_id


def test_bins_stand_beside_a_lane_not_on_it(xinghe: Site) -> None:
    lanes = shapely.union_all([shapes.linestring(lane.line) for lane in xinghe.lanes.lanes])
    paved = shapely.union_all([shapes.polygon(z.area) for z in xinghe.zones if z.kind in DRIVABLE])
    for spot in xinghe.spots.values():
        if spot.kind == "bin":
            here = shapes.pin(spot.position_m)
            assert 3.0 < here.distance(lanes) < 7.0, spot.spot_id
            assert here.distance(paved) > 0.9, spot.spot_id


def test_lanes_keep_a_metre_off_every_wall(xinghe: Site) -> None:
    walls = shapely.union_all([shapes.polygon(b.footprint) for b in xinghe.buildings.values()])
    for lane in xinghe.lanes.lanes:
        assert shapes.linestring(lane.line).distance(walls) >= 1.0, lane.lane_id


def test_a_lane_passes_near_every_entrance(xinghe: Site) -> None:
    lanes = shapely.union_all([shapes.linestring(lane.line) for lane in xinghe.lanes.lanes])
    for building in xinghe.buildings.values():
        for unit in building.units:
            assert shapes.pin(unit.entrance_m).distance(lanes) < 10.0, (building.building_id, unit.unit)


def test_some_lanes_are_one_way_and_no_lane_is_long(xinghe: Site) -> None:
    ways = {(lane.start, lane.end) for lane in xinghe.lanes.lanes}
    assert 50 <= sum((end, start) not in ways for start, end in ways) <= 120
    assert max(lane.length_m for lane in xinghe.lanes.lanes) < 15.0


def test_names_are_in_both_languages_and_no_two_viewpoints_share_one(xinghe: Site) -> None:
    names = [v.name for v in xinghe.viewpoints.values()]
    assert len({n.zh for n in names}) == len({n.en for n in names}) == len(names)
    assert all(name.en.isascii() and not name.zh.isascii() for name in names)
    assert "3 栋北侧消防通道" in {n.zh for n in names}


def test_the_towers_stand_on_a_pleasant_amount_of_green(xinghe: Site) -> None:
    green_m2 = sum(area_m2(zone.area) for zone in xinghe.zones if zone.kind is ZoneKind.GREEN)
    built_m2 = sum(area_m2(b.footprint) for b in xinghe.buildings.values())
    assert xinghe.boundary is not None
    assert (green_m2 - built_m2) / area_m2(xinghe.boundary) > 0.5


def test_the_drawing_code_still_draws_a_site_that_loads(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text((SITES / "xinghe" / "site.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    draw_demo(tmp_path)
    assert len(load_site(tmp_path).buildings) == 20


def tip(x_m: float, y_m: float, heading_rad: float, length_m: float) -> tuple[float, float]:
    end = shapely.affinity.rotate(shapely.Point(x_m + length_m, y_m), heading_rad, origin=(x_m, y_m), use_radians=True)
    return end.x, end.y


def test_points_are_in_metres_east_and_north_of_the_south_west_corner(xinghe: Site) -> None:
    assert xinghe.spots["gate-south"].position_m.distance_m(Point2(175.0, 4.2)) < 0.02
