"""The lane graph: shortest paths with the lanes' directions, checked against a plain search."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.errors import Unreachable
from patrol_core.geometry import Point2, length_m
from patrol_core.lanes import Lane, LaneGraph


def lane(start: str, end: str, nodes: dict[str, Point2], *via: Point2) -> Lane:
    return Lane(lane_id=f"{start}-{end}", start=start, end=end, line=(nodes[start], *via, nodes[end]))


def graph(nodes: dict[str, Point2], *pairs: tuple[str, str]) -> LaneGraph:
    return LaneGraph(nodes=nodes, lanes=tuple(lane(a, b, nodes) for a, b in pairs))


CROSS = {"a": Point2(0, 0), "b": Point2(10, 0), "c": Point2(10, 10), "d": Point2(0, 10)}


def test_a_route_leads_onto_the_graph_along_it_and_off_it() -> None:
    way = graph(CROSS, ("a", "b"), ("b", "c")).route(Point2(0, -1), Point2(11, 10))
    assert way == (Point2(0, -1), Point2(0, 0), Point2(10, 0), Point2(10, 10), Point2(11, 10))


def test_a_one_way_lane_is_not_driven_against_its_direction() -> None:
    one_way = graph(CROSS, ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"))
    assert [x.lane_id for x in one_way.path("b", "a")] == ["b-c", "c-d", "d-a"]


def test_a_bent_lane_counts_its_bend() -> None:
    bent = LaneGraph(
        nodes=CROSS,
        lanes=(
            lane("a", "b", CROSS, Point2(5, 40)),
            lane("a", "d", CROSS),
            lane("d", "c", CROSS),
            lane("c", "b", CROSS),
        ),
    )
    assert [x.lane_id for x in bent.path("a", "b")] == ["a-d", "d-c", "c-b"]


def test_nodes_that_no_lane_joins_are_named() -> None:
    with pytest.raises(Unreachable, match='no lane leads from "a" to "c"'):
        graph(CROSS, ("a", "b")).path("a", "c")


def test_a_site_without_lanes_says_so() -> None:
    with pytest.raises(Unreachable, match="no lane graph"):
        graph({}).route(Point2(0, 0), Point2(1, 1))


def test_standing_at_the_goal_is_no_way_at_all() -> None:
    one = graph({"a": Point2(0, 0)})
    assert one.route(Point2(0, 0), Point2(0, 0)) == (Point2(0, 0),)
    assert one.distance_m(Point2(0, 0), Point2(0, 0)) == 0.0


def test_of_two_nodes_equally_near_the_answer_is_always_the_same() -> None:
    assert graph({"q": Point2(1, 0), "p": Point2(-1, 0)}).nearest_node(Point2(0, 0)) == "p"


coordinates = st.integers(-50, 50).map(float)


@given(
    st.lists(st.builds(Point2, coordinates, coordinates), min_size=2, max_size=6, unique=True),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20),
)
def test_no_other_way_is_shorter(places: list[Point2], edges: set[tuple[int, int]]) -> None:
    nodes = {f"n{i}": p for i, p in enumerate(places)}
    pairs = [(f"n{a}", f"n{b}") for a, b in sorted(edges) if a != b and max(a, b) < len(places)]
    lanes = graph(nodes, *pairs)
    best: dict[tuple[str, str], float] = {(n, n): 0.0 for n in nodes}
    best |= {(a, b): nodes[a].distance_m(nodes[b]) for a, b in pairs}
    for k, i, j in itertools.product(nodes, repeat=3):  # Floyd-Warshall
        through = best.get((i, k), float("inf")) + best.get((k, j), float("inf"))
        if through < best.get((i, j), float("inf")):
            best[i, j] = through
    for i, j in itertools.product(nodes, repeat=2):
        if (i, j) in best:
            path = lanes.path(i, j)
            assert sum(length_m(x.line) for x in path) == pytest.approx(best[i, j])
            assert all(x.end == y.start for x, y in itertools.pairwise(path))
        else:
            with pytest.raises(Unreachable):
                lanes.path(i, j)
