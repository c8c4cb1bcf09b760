"""Where along a line, what lies ahead, and the same line aside."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.geometry import Point2
from sim.polyline import Polyline, shifted

CORNER = Polyline([Point2(0, 0), Point2(10, 0), Point2(10, 10)])


def test_points_along_it_and_beyond_its_ends():
    assert CORNER.length_m == 20
    assert CORNER.at(4) == Point2(4, 0)
    assert CORNER.at(15) == Point2(10, 5)
    assert CORNER.at(-1) == Point2(0, 0)
    assert CORNER.at(99) == Point2(10, 10)


@given(st.floats(0, 20))
def test_a_point_on_it_is_found_where_it_is(along_m):
    found_m, away_m = CORNER.project(CORNER.at(along_m))
    assert away_m < 1e-6
    assert CORNER.at(found_m).distance_m(CORNER.at(along_m)) < 1e-6


def test_looking_only_ahead_does_not_find_what_is_nearer_behind():
    there_and_back = Polyline([Point2(0, 0), Point2(10, 0), Point2(10, 0.5), Point2(0, 0.5)])
    along_m, _ = there_and_back.project(Point2(2, 0.1), from_m=11.0)
    assert along_m == pytest.approx(18.5)


def test_its_right_side_is_right_of_where_it_goes_also_round_the_corner():
    right = shifted(CORNER.points, -1.0)
    assert right[0].y_m == pytest.approx(-1)
    assert right[1].x_m == pytest.approx(11)
    assert right[1].y_m == pytest.approx(-1)
    assert right[2].x_m == pytest.approx(11)


def test_a_part_holds_both_ends_and_the_corner_between():
    assert CORNER.part(8, 12) == (Point2(8, 0), Point2(10, 0), Point2(10, 2))


def test_only_corners_sharper_than_asked_are_cusps():
    assert CORNER.cusps_m(sharper_than_rad=1.0) == (10,)
    assert CORNER.cusps_m(sharper_than_rad=2.0) == ()


def test_a_single_point_is_a_line_of_no_length():
    dot = Polyline([Point2(1, 2)])
    assert dot.length_m == 0
    assert dot.project(Point2(4, 6)) == (0.0, 5.0)
    assert dot.heading_rad(0) == 0


def test_no_points_are_no_line():
    with pytest.raises(ValueError, match="points"):
        Polyline([])


def test_headings_follow_the_line():
    assert CORNER.heading_rad(3) == 0
    assert CORNER.heading_rad(13) == pytest.approx(math.pi / 2)
