"""Ways over the lane graph: from anywhere free to anywhere free, never through a house."""

from __future__ import annotations

import pytest

from patrol_core.errors import Unreachable
from patrol_core.geometry import Point2
from patrol_core.lanes import Lane, LaneGraph
from sim.obstacles import Obstacles
from sim.polyline import Polyline
from sim.route import RoutePlanner


@pytest.fixture(scope="module")
def planner(site):
    return RoutePlanner(site.lanes, Obstacles.of(site))


def test_it_joins_the_lane_beside_it_and_not_the_node_behind(planner):
    way = planner.plan(Point2(12, 1), Point2(48, -1)).points
    xs = [p.x_m for p in way]
    assert xs == sorted(xs), "expected a way that never turns back"


def test_it_keeps_to_the_right_of_the_lane(planner):
    east = Polyline(planner.plan(Point2(2, 0), Point2(58, 0)).points)
    west = Polyline(planner.plan(Point2(58, 0), Point2(2, 0)).points)
    assert east.at(east.length_m / 2).y_m < -0.3
    assert west.at(west.length_m / 2).y_m > 0.3


def test_no_way_leads_through_a_house(planner, site):
    obstacles = Obstacles.of(site)
    for goal in (Point2(30, 60), Point2(60, 15), Point2(15, 31), Point2(45, 28)):
        way = planner.plan(Point2(-2, 15), goal)
        assert obstacles.blocking(way.points, 0.4) is None


def test_a_goal_in_a_house_is_unreachable_and_the_house_is_named(planner):
    with pytest.raises(Unreachable, match="b1"):
        planner.plan(Point2(0, 0), Point2(15, 15))


def test_a_goal_behind_houses_that_no_lane_reaches_says_where():
    wall = {"wall": (Point2(4, -50), Point2(5, -50), Point2(5, 50), Point2(4, 50))}
    lane = Lane(lane_id="a", start="n", end="m", line=(Point2(0, 0), Point2(0, 20)))
    graph = LaneGraph(nodes={"n": Point2(0, 0), "m": Point2(0, 20)}, lanes=(lane,))
    with pytest.raises(Unreachable, match=r"goal \(10.0, 10.0\)"):
        RoutePlanner(graph, Obstacles(wall)).plan(Point2(0, 1), Point2(10, 10))


def test_a_one_way_lane_is_not_driven_against_its_direction():
    line = (Point2(0, 0), Point2(0, 40))
    graph = LaneGraph(nodes={"n": line[0], "m": line[1]}, lanes=(Lane(lane_id="a", start="n", end="m", line=line),))
    with pytest.raises(Unreachable, match="no lane leads"):
        RoutePlanner(graph, Obstacles({})).plan(Point2(0, 30), Point2(0, 5))


def test_the_lane_s_speed_limit_goes_with_the_way():
    line = (Point2(0, 0), Point2(0, 40))
    slow = Lane(lane_id="a", start="n", end="m", line=line, speed_limit_mps=0.4)
    graph = LaneGraph(nodes={"n": line[0], "m": line[1]}, lanes=(slow,))
    way = RoutePlanner(graph, Obstacles({})).plan(Point2(0, 2), Point2(0, 38))
    assert 0.4 in way.limits_mps


def test_two_places_close_together_are_joined_straight(planner):
    assert planner.plan(Point2(1, 0), Point2(2, 1)).points == (Point2(1, 0), Point2(2, 1))
