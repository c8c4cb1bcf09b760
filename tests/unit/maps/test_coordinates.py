"""Between degrees and metres nothing is lost, and compass and REP-103 agree."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps import shapes
from maps.directions import bearing_deg, heading_rad, way
from maps.reading import coordinates
from patrol_core.geometry import GeoOrigin, Point2

origins = st.builds(GeoOrigin, lat_deg=st.floats(-70, 70), lon_deg=st.floats(-170, 170))
offsets = st.floats(-1300, 1300)


@given(origins, offsets, offsets)
def test_a_point_read_back_from_seven_decimals_is_within_2_cm(origin: GeoOrigin, x_m: float, y_m: float) -> None:
    lon_deg, lat_deg = origin.to_lon_lat(Point2(x_m, y_m))
    read = coordinates.point(origin, [round(lon_deg, 7), round(lat_deg, 7)])
    assert read.distance_m(Point2(x_m, y_m)) < 0.02


@given(st.floats(0, 359.999))
def test_bearings_and_headings_turn_into_one_another(bearing: float) -> None:
    heading = heading_rad(bearing)
    assert -math.pi < heading <= math.pi
    assert math.cos(math.radians(bearing_deg(heading) - bearing)) == pytest.approx(1.0)


@pytest.mark.parametrize(("bearing", "heading"), [(90, 0), (0, math.pi / 2), (270, math.pi), (180, -math.pi / 2)])
def test_north_is_90_degrees_left_of_east(bearing: float, heading: float) -> None:
    assert heading_rad(bearing) == pytest.approx(heading)


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=12, unique=True),
    st.booleans(),
)
def test_any_convex_ring_is_read_counter_clockwise_and_open(spots: list[tuple[float, float]], turned: bool) -> None:
    hull = shapely.MultiPoint(spots).convex_hull
    if not isinstance(hull, shapely.Polygon) or hull.area < 5.0:
        return
    origin = GeoOrigin(lat_deg=30.0, lon_deg=120.0)
    corners = [Point2(x, y) for x, y in hull.exterior.coords]
    if any(a.distance_m(b) < 0.5 for a, b in pairwise(corners)):
        return
    ring = [list(origin.to_lon_lat(corner)) for corner in (corners[::-1] if turned else corners)]
    read = coordinates.ring(origin, [ring])
    assert shapes.polygon(read).exterior.is_ccw
    assert shapes.polygon(read).area == pytest.approx(hull.area, rel=1e-3)
    assert len(read) == len(corners) - 1


@pytest.mark.parametrize(
    ("goal", "words"),
    [((2.4, 0), "2.4 m east"), ((-3, 0), "3.0 m west"), ((0, 5), "5.0 m north"), ((-1, -1), "1.4 m south-west")],
)
def test_the_way_is_told_in_metres_and_wind(goal: tuple[float, float], words: str) -> None:
    assert way(Point2(0.0, 0.0), Point2(*goal)) == words
