"""Residents walk where there is room, stop for robots, and are the same people for the same seed."""

from __future__ import annotations

import math

import pytest

from patrol_core.geometry import Point2
from patrol_core.lanes import LaneGraph
from sim.obstacles import Obstacles
from sim.people import Residents


@pytest.fixture
def residents(site):
    return Residents.on(site.lanes, Obstacles.of(site), count=12, seed=3)


def test_they_never_walk_into_a_house(residents, site):
    obstacles = Obstacles.of(site)
    for _ in range(3000):
        residents.step(0.1, [])
        assert all(obstacles.clearance_m(p.position_m) > 0.1 for p in residents.people)


def test_they_walk_at_a_walker_s_pace_and_without_jumps(residents):
    before = residents.people
    for _ in range(2000):
        residents.step(0.1, [])
        for old, new in zip(before, residents.people, strict=True):
            assert new.position_m.distance_m(old.position_m) <= 1.6 * 1.6 * 0.1 + 1e-9
            assert new.stride_m >= old.stride_m
        before = residents.people


def test_one_who_meets_a_robot_stops_before_it_and_turns_back_when_it_stays(residents):
    residents.step(0.1, [])
    index, walker = next((i, p) for i, p in enumerate(residents.people) if p.speed_mps > 0.5)
    robot = Point2(
        walker.position_m.x_m + 1.2 * math.cos(walker.heading_rad),
        walker.position_m.y_m + 1.2 * math.sin(walker.heading_rad),
    )
    nearest_m = robot.distance_m(residents.people[index].position_m)
    for _ in range(200):
        residents.step(0.1, [robot])
        nearest_m = min(nearest_m, robot.distance_m(residents.people[index].position_m))
    assert nearest_m > 0.8, "expected them to keep an arm's length"
    assert robot.distance_m(residents.people[index].position_m) > 2.0, "expected them to have gone elsewhere"


def test_a_site_without_lanes_has_nobody_walking():
    assert Residents.on(LaneGraph(nodes={}, lanes=()), Obstacles({}), count=5, seed=1).people == ()


def test_the_same_seed_gives_the_same_walks_and_another_one_others(site):
    def walked(seed):
        residents = Residents.on(site.lanes, Obstacles.of(site), count=6, seed=seed)
        for _ in range(600):
            residents.step(0.1, [])
        return [p.position_m for p in residents.people]

    assert walked(1) == walked(1)
    assert walked(1) != walked(2)
