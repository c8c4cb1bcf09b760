"""Where a robot stands to look: on a lane, facing the place, nothing in between."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from maps import load_site
from mission_planner.fleet.standing import FURTHEST_M, NEAREST_M, Standing
from patrol_core.geometry import Point2
from patrol_core.site import Building, DeviceKind, Site, Zone, ZoneKind
from tests.unit.mission_planner.world import text


def test_it_stands_on_a_lane_and_faces_the_place(site: Site) -> None:
    target = Point2(50, 35)
    pose = Standing(site).pose(target, height_m=3.0, building_id="b1")
    assert pose is not None
    assert pose.y_m == 0.0, "the lane along the south side is nearest"
    assert pose.heading_rad == pytest.approx(pose.point.bearing_rad(target))


def test_a_higher_floor_is_looked_at_from_further_away(site: Site) -> None:
    target = Point2(50, 25)
    low = Standing(site).pose(target, height_m=2.0)
    high = Standing(site).pose(target, height_m=40.0)
    assert low is not None
    assert high is not None
    assert high.point.distance_m(target) > low.point.distance_m(target)


def test_it_does_not_look_through_another_building(site: Site) -> None:
    wall = (Point2(20, 10), Point2(80, 10), Point2(80, 12), Point2(20, 12))
    template = site.buildings["b1"]
    walled = replace(site, buildings={**site.buildings, "wall": _building(template, wall)})
    target = Point2(50, 20)
    pose = Standing(walled).pose(target, building_id="b1")
    assert pose is not None
    assert not _crosses(pose.point, target, y_m=11.0, from_x_m=20.0, to_x_m=80.0)


def test_it_never_stands_where_robots_may_not_go(site: Site) -> None:
    south = (Point2(-5, -5), Point2(105, -5), Point2(105, 5), Point2(-5, 5))
    closed = replace(site, zones=(Zone(zone_id="z", kind=ZoneKind.NO_GO, name=text("z"), area=south),))
    pose = Standing(closed).pose(Point2(50, 35), building_id="b1")
    assert pose is not None
    assert pose.y_m > 5


def test_a_place_nobody_can_see_has_no_pose(site: Site) -> None:
    assert Standing(site).pose(Point2(5_000, 5_000)) is None


def test_every_sensor_of_the_demo_site_that_robots_verify_has_a_pose_with_a_free_view() -> None:
    xinghe = load_site("xinghe")
    standing = Standing(xinghe)
    for device in xinghe.devices.values():
        pose = standing.pose(device.position_m, height_m=device.height_m, building_id=device.place.building_id)
        assert pose is not None, device.device_id
        away_m = pose.point.distance_m(device.position_m)
        assert NEAREST_M <= away_m <= FURTHEST_M
        if device.kind is DeviceKind.SMOKE:
            assert away_m < 60, (device.device_id, away_m)
        assert math.isfinite(pose.heading_rad)


def _building(template: Building, ring: tuple[Point2, ...]) -> Building:
    return replace(template, building_id="wall", footprint=ring)


def _crosses(eye: Point2, target: Point2, *, y_m: float, from_x_m: float, to_x_m: float) -> bool:
    if (eye.y_m - y_m) * (target.y_m - y_m) >= 0:
        return False
    t = (y_m - eye.y_m) / (target.y_m - eye.y_m)
    return from_x_m < eye.x_m + t * (target.x_m - eye.x_m) < to_x_m
