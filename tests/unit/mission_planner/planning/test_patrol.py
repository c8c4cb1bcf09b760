"""Who visits which viewpoints, in which order."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import load_site
from mission_planner.planning.distances import Distances
from mission_planner.planning.patrol import split, tidied
from patrol_core.geometry import Point2

coordinate = st.integers(0, 500).map(float)
points = st.builds(Point2, coordinate, coordinate)


def straight(a: Point2, b: Point2) -> float:
    return a.distance_m(b)


def length_m(start: Point2, tour: tuple[str, ...], stops: dict[str, Point2]) -> float:
    return sum(a.distance_m(b) for a, b in pairwise([start, *(stops[s] for s in tour)]))


@settings(max_examples=60, deadline=None)
@given(st.lists(points, max_size=25), st.lists(points, min_size=1, max_size=8))
def test_every_stop_is_visited_by_exactly_one_robot(places: list[Point2], robots: list[Point2]) -> None:
    stops = {f"s{i}": p for i, p in enumerate(places)}
    starts = {f"r{i}": p for i, p in enumerate(robots)}
    tours = split(starts, stops, straight)
    assert set(tours) == set(starts)
    assert sorted(s for tour in tours.values() for s in tour) == sorted(stops)


@settings(max_examples=20, deadline=None)
@given(st.lists(points, min_size=2, max_size=15))
def test_the_same_question_has_the_same_answer(places: list[Point2]) -> None:
    stops = {f"s{i}": p for i, p in enumerate(places)}
    starts = {"r1": Point2(0, 0), "r2": Point2(500, 500)}
    shuffled = dict(reversed(list(stops.items())))
    assert split(starts, stops, straight) == split(starts, shuffled, straight)


def test_one_robot_drives_a_line_of_stops_from_its_end() -> None:
    stops = {f"s{i}": Point2(i * 10.0, 0) for i in (3, 1, 4, 0, 2)}
    assert split({"r": Point2(-5, 0)}, stops, straight)["r"] == ("s0", "s1", "s2", "s3", "s4")


def test_two_robots_share_two_rows_each_taking_the_one_it_stands_at() -> None:
    stops = {f"south{i}": Point2(i * 10.0, 0) for i in range(5)} | {
        f"north{i}": Point2(i * 10.0, 300) for i in range(5)
    }
    tours = split({"a": Point2(0, 310), "b": Point2(0, -10)}, stops, straight)
    assert set(tours["a"]) == {f"north{i}" for i in range(5)}
    assert set(tours["b"]) == {f"south{i}" for i in range(5)}


def test_a_robot_too_many_stays() -> None:
    tours = split({"a": Point2(0, 0), "b": Point2(9, 0), "c": Point2(99, 0)}, {"s": Point2(10, 0)}, straight)
    assert tours == {"a": (), "b": ("s",), "c": ()}


def test_a_stop_no_lane_leads_to_comes_last_and_is_not_lost() -> None:
    stops = {"island": Point2(5, 0), "near": Point2(10, 0), "far": Point2(20, 0)}

    def lanes(a: Point2, b: Point2) -> float:
        return math.inf if stops["island"] in (a, b) else a.distance_m(b)

    assert split({"r": Point2(0, 0)}, stops, lanes)["r"] == ("near", "far", "island")


def test_without_robots_or_without_stops_there_is_nothing_to_do() -> None:
    assert split({}, {"s": Point2(0, 0)}, straight) == {}
    assert split({"r": Point2(0, 0)}, {}, straight) == {"r": ()}


def test_the_demo_sites_viewpoints_make_two_tours_of_like_length_without_long_detours() -> None:
    site = load_site("xinghe")
    stops = {v: p.pose.point for v, p in site.viewpoints.items()}
    starts = {r: site.docks[robot.dock_id].pose.point for r, robot in site.robots.items()}
    distance_m = Distances(site.lanes).between_m
    tours = split(starts, stops, distance_m)
    lengths = [
        sum(distance_m(a, b) for a, b in pairwise([starts[r], *(stops[s] for s in tour)])) for r, tour in tours.items()
    ]
    assert max(lengths) < 1.25 * min(lengths), lengths
    assert max(lengths) < 900, lengths


def test_tours_are_much_shorter_than_the_order_the_stops_were_named_in() -> None:
    stops = {f"s{i:02}": Point2((i * 37) % 200, (i * 91) % 200) for i in range(40)}
    named = length_m(Point2(0, 0), tuple(sorted(stops)), stops)
    toured = length_m(Point2(0, 0), split({"r": Point2(0, 0)}, stops, straight)["r"], stops)
    assert toured < named / 3


def test_lane_distances_are_those_of_the_graph() -> None:
    site = load_site("xinghe")
    distances = Distances(site.lanes)
    points = [v.pose.point for v in site.viewpoints.values()][:6]
    for a in points:
        for b in points:
            if site.lanes.nearest_node(a) != site.lanes.nearest_node(b):
                assert distances.between_m(a, b) == pytest.approx(site.lanes.distance_m(a, b), rel=1e-6)


@given(st.lists(st.integers(0, 400), min_size=2, max_size=9, unique=True), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_tidying_keeps_the_first_stop_and_never_makes_a_path_longer(numbers: list[int], random: Random) -> None:
    stops = [str(n) for n in numbers]
    table = {(a, b): random.uniform(1, 100) for a in stops for b in stops}

    def leg(a: str, b: str) -> float:
        return table[a, b]

    path = tidied(stops, leg)
    assert path[0] == stops[0]
    assert sorted(path) == sorted(stops)
    before_m, after_m = (sum(leg(a, b) for a, b in pairwise(p)) for p in (stops, path))
    assert after_m <= before_m + 1e-9


def test_a_one_way_road_is_driven_its_own_way() -> None:
    ring = {f"vp-{n}": Point2(math.cos(n), math.sin(n)) for n in range(6)}
    order = {point: n for n, point in enumerate(ring.values())}

    def clockwise_m(a: Point2, b: Point2) -> float:
        return float((order.get(b, 0) - order.get(a, 0)) % 6)

    tours = split({"r1": ring["vp-0"]}, ring, clockwise_m)
    assert tours["r1"] == tuple(sorted(ring))


def test_two_robots_take_the_ends_they_stand_at() -> None:
    stops = {f"vp-{x}": Point2(float(x), 0.0) for x in range(0, 100, 10)}
    starts = {"east": Point2(100.0, 5.0), "west": Point2(-10.0, 5.0)}
    tours = split(starts, stops, straight)
    assert tours["west"] == ("vp-0", "vp-10", "vp-20", "vp-30", "vp-40")
    assert tours["east"] == ("vp-90", "vp-80", "vp-70", "vp-60", "vp-50")
