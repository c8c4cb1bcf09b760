"""Where a robot stands to see somebody on the ground."""

from __future__ import annotations

import math
import random

import pytest

from maps import load_site
from patrol_core.errors import InvalidInput
from patrol_core.geometry import GeoOrigin, Point2, Pose2, contains
from patrol_core.lanes import Lane, LaneGraph
from patrol_core.site import Building, Site, Text, Zone, ZoneKind
from patrol_onboard.standing_place import StandingPlaces, standing_place

FROM_WEST = Pose2(x_m=-20.0, y_m=0.0)


def street(*, buildings: tuple[tuple[Point2, ...], ...] = (), zones: tuple[Zone, ...] = ()) -> Site:
    """One lane along the x axis, 60 m, both ways."""
    a, b = Point2(-30.0, 0.0), Point2(30.0, 0.0)
    lanes = (
        Lane(lane_id="ab", start="a", end="b", line=(a, b)),
        Lane(lane_id="ba", start="b", end="a", line=(b, a)),
    )
    name = Text(zh="街", en="street")
    houses = {
        f"b{i}": Building(building_id=f"b{i}", name=name, footprint=ring, floors=1, floor_height_m=3.0, units=())
        for i, ring in enumerate(buildings)
    }
    return Site(
        site_id="street",
        name=name,
        timezone="Asia/Shanghai",
        origin=GeoOrigin(lat_deg=31.0, lon_deg=121.0),
        buildings=houses,
        zones=zones,
        lanes=LaneGraph(nodes={"a": a, "b": b}, lanes=lanes),
        viewpoints={},
        docks={},
        devices={},
        cameras={},
        spots={},
    )


def box(x_m: float, y_m: float, width_m: float, depth_m: float) -> tuple[Point2, ...]:
    return (
        Point2(x_m, y_m),
        Point2(x_m + width_m, y_m),
        Point2(x_m + width_m, y_m + depth_m),
        Point2(x_m, y_m + depth_m),
    )


def test_about_three_metres_before_the_person_on_the_robots_own_side_facing_them() -> None:
    person = Point2(0.0, 0.0)
    pose = standing_place(street(), person, FROM_WEST)
    assert pose is not None
    assert pose.point.distance_m(person) == pytest.approx(3.0, abs=0.6)
    assert pose.x_m < -2.0, "not on the far side of them"
    assert pose.heading_rad == pytest.approx(pose.point.bearing_rad(person))


def test_a_person_on_the_lawn_is_seen_from_the_lane() -> None:
    person = Point2(0.0, 3.0)
    pose = standing_place(street(), person, FROM_WEST)
    assert pose is not None
    assert abs(pose.y_m) <= 0.75
    assert 1.5 <= pose.point.distance_m(person) <= 4.0


def test_where_lanes_lead_no_nearer_it_comes_as_near_as_they_lead_if_that_is_worth_it() -> None:
    person = Point2(0.0, 6.5)
    pose = standing_place(street(), person, FROM_WEST)
    assert pose is not None
    assert pose.point.distance_m(person) == pytest.approx(6.5, abs=0.6)
    assert standing_place(street(), person, Pose2(x_m=1.0, y_m=0.0)) is None, "it stands there already"
    assert standing_place(street(), Point2(0.0, 20.0), FROM_WEST) is None


def test_a_wall_between_hides_the_person() -> None:
    wall = box(-10.0, 1.4, 20.0, 0.4)
    assert standing_place(street(buildings=(wall,)), Point2(0.0, 3.0), FROM_WEST) is None


def test_no_go_ground_is_not_stood_on() -> None:
    closed = Zone(zone_id="z", kind=ZoneKind.NO_GO, name=None, area=box(-10.0, -5.0, 10.0, 10.0))
    pose = standing_place(street(zones=(closed,)), Point2(0.5, 0.0), Pose2(x_m=20.0, y_m=0.0))
    assert pose is not None
    assert pose.x_m > 0


def test_anywhere_along_the_demo_sites_lanes_the_place_is_near_free_and_never_too_near() -> None:
    site, chance = load_site("xinghe"), random.Random(7)
    lanes = sorted(site.lanes.lanes, key=lambda lane: lane.lane_id)
    found = 0
    for _ in range(60):
        lane = chance.choice(lanes)
        start, end = lane.line[0], lane.line[-1]
        side = chance.uniform(-2.5, 2.5)
        angle = start.bearing_rad(end) + math.pi / 2
        person = Point2(start.x_m + side * math.cos(angle), start.y_m + side * math.sin(angle))
        robot = Pose2(x_m=end.x_m, y_m=end.y_m)
        if any(contains(b.footprint, person) for b in site.buildings.values()) or robot.point.distance_m(person) < 4:
            continue
        pose = standing_place(site, person, robot)
        if pose is None:
            continue
        found += 1
        assert pose.point.distance_m(person) >= 1.5
        assert not any(contains(b.footprint, pose.point) for b in site.buildings.values())
    assert found > 30


def test_a_site_that_cannot_be_read_gives_no_place_and_is_tried_once() -> None:
    tries: list[int] = []

    def load() -> Site:
        tries.append(1)
        raise InvalidInput("no such site")

    places = StandingPlaces(load)
    assert places(Point2(0.0, 0.0), FROM_WEST) is None
    assert places(Point2(0.0, 0.0), FROM_WEST) is None
    assert len(tries) == 1
