"""Geometry in the site frame: distances, angles, polygons, and the tie to the globe."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.geometry import GeoOrigin, Point2, Pose2, centroid, contains, length_m, wrap_rad

metres = st.floats(-2_000, 2_000)
points = st.builds(Point2, metres, metres)
SQUARE = (Point2(0, 0), Point2(4, 0), Point2(4, 4), Point2(0, 4))
ELL = (Point2(0, 0), Point2(4, 0), Point2(4, 1), Point2(1, 1), Point2(1, 4), Point2(0, 4))


def test_distance_and_bearing_are_those_of_the_plane() -> None:
    assert Point2(1, 1).distance_m(Point2(4, 5)) == 5.0
    assert Point2(0, 0).bearing_rad(Point2(0, 2)) == pytest.approx(math.pi / 2)
    assert Pose2(x_m=1, y_m=2, heading_rad=3).point == Point2(1, 2)


@given(points, points)
def test_distance_is_the_same_both_ways(a: Point2, b: Point2) -> None:
    assert a.distance_m(b) == b.distance_m(a)


@given(st.floats(-1e4, 1e4))
def test_a_wrapped_angle_is_the_same_direction_in_one_turn(angle: float) -> None:
    wrapped = wrap_rad(angle)
    assert -math.pi < wrapped <= math.pi
    assert math.cos(wrapped) == pytest.approx(math.cos(angle), abs=1e-9)
    assert math.sin(wrapped) == pytest.approx(math.sin(angle), abs=1e-9)


def test_half_a_turn_is_plus_pi_from_either_side() -> None:
    assert wrap_rad(-math.pi) == wrap_rad(math.pi) == wrap_rad(3 * math.pi) == math.pi


@given(st.floats(-80, 80), st.floats(-179, 179), points)
def test_site_metres_survive_the_trip_to_the_globe_and_back(lat: float, lon: float, point: Point2) -> None:
    origin = GeoOrigin(lat_deg=lat, lon_deg=lon)
    assert origin.to_map(*origin.to_lon_lat(point)).distance_m(point) < 1e-4


def test_a_hundredth_of_a_degree_north_is_eleven_hundred_metres() -> None:
    assert GeoOrigin(lat_deg=31.2, lon_deg=121.4).to_map(121.4, 31.21).y_m == pytest.approx(1113.2, abs=0.1)


def test_length_is_the_sum_of_its_pieces() -> None:
    assert length_m(SQUARE) == 12.0
    assert length_m(SQUARE[:1]) == 0.0
    assert length_m(()) == 0.0


@pytest.mark.parametrize("ring", [ELL, (*ELL, ELL[0])], ids=["open", "closed"])
def test_a_polygon_holds_what_is_inside_and_not_what_is_in_its_notch(ring: tuple[Point2, ...]) -> None:
    assert contains(ring, Point2(0.5, 3))
    assert contains(ring, Point2(3, 0.5))
    assert not contains(ring, Point2(3, 3))
    assert not contains(ring, Point2(-1, 0.5))


@pytest.mark.parametrize("ring", [SQUARE, (*SQUARE, SQUARE[0]), SQUARE[::-1]], ids=["open", "closed", "clockwise"])
def test_the_centroid_of_a_square_is_its_middle(ring: tuple[Point2, ...]) -> None:
    assert centroid(ring).distance_m(Point2(2, 2)) < 1e-12


def test_the_centroid_of_points_in_a_row_is_their_mean() -> None:
    assert centroid((Point2(0, 0), Point2(1, 1), Point2(2, 2))) == Point2(1, 1)
