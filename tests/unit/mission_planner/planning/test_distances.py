"""Distances along the lanes, measured from where things really are."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from maps import load_site
from mission_planner.planning.distances import Distances
from patrol_core.geometry import Point2
from patrol_core.lanes import LaneGraph
from patrol_core.site import Site


def test_it_measures_from_the_middle_of_a_lane_not_from_its_ends(site: Site) -> None:
    distances = Distances(site.lanes)
    assert distances.between_m(Point2(10, 0), Point2(60, 0)) == pytest.approx(50)
    assert distances.between_m(Point2(60, 0), Point2(10, 0)) == pytest.approx(50)


def test_it_goes_around_the_corner_and_counts_the_way_off_the_lane(site: Site) -> None:
    distances = Distances(site.lanes)
    assert distances.between_m(Point2(90, 0), Point2(100, 20)) == pytest.approx(30)
    assert distances.between_m(Point2(90, -4), Point2(97, 20)) == pytest.approx(37)


def test_a_one_way_lane_makes_the_way_back_longer(site: Site) -> None:
    one_way = tuple(lane for lane in site.lanes.lanes if lane.lane_id in {"sw-se", "se-ne", "ne-nw", "nw-sw"})
    distances = Distances(LaneGraph(nodes=site.lanes.nodes, lanes=one_way))
    assert distances.between_m(Point2(10, 0), Point2(60, 0)) == pytest.approx(50)
    assert distances.between_m(Point2(60, 0), Point2(10, 0)) == pytest.approx(350)


def test_where_no_lane_leads_the_distance_is_infinite(site: Site) -> None:
    lanes = tuple(lane for lane in site.lanes.lanes if lane.lane_id in {"sw-se", "ne-nw"})
    distances = Distances(LaneGraph(nodes=site.lanes.nodes, lanes=lanes))
    assert distances.between_m(Point2(10, 0), Point2(60, 100)) == math.inf
    assert Distances(replace(site.lanes, lanes=())).between_m(Point2(0, 0), Point2(1, 1)) == math.inf


def test_on_the_demo_site_it_is_never_longer_than_driving_by_way_of_the_nearest_nodes() -> None:
    site = load_site("xinghe")
    distances = Distances(site.lanes)
    points = [v.pose.point for v in site.viewpoints.values()][::4]
    for a in points:
        for b in points:
            if a != b:
                way_m = distances.between_m(a, b)
                assert a.distance_m(b) - 1e-6 <= way_m <= site.lanes.distance_m(a, b) + 10
