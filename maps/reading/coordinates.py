"""Reads GeoJSON coordinates (WGS84 longitude, latitude) into points, lines and rings of the site frame `map`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.validation import explain_validity

from maps.problems import quoted
from maps.shapes import polygon
from patrol_core.geometry import GeoOrigin, Point2
from patrol_core.site import Polygon

REACH_M = 2000.0  # the flat-earth projection of GeoOrigin is good to 5 cm within this distance
SAME_PLACE_M = 0.02  # two positions closer than this are one: 1e-7 degrees are 1.1 cm


class BadShape(Exception):
    """A geometry is wrong: what was expected, and what came."""

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(expected, came)
        self.expected = expected
        self.came = came


def point(origin: GeoOrigin, position: Any) -> Point2:
    """One position. Raises BadShape."""
    is_position = (
        isinstance(position, (list, tuple))
        and len(position) in (2, 3)
        and all(isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in position)
    )
    if not is_position:
        raise BadShape("a position [longitude, latitude]", quoted(position))
    lon_deg, lat_deg = float(position[0]), float(position[1])
    if math.hypot(*_off(origin, lon_deg, lat_deg)) <= REACH_M:
        return origin.to_map(lon_deg, lat_deg)
    swapped = math.hypot(*_off(origin, lat_deg, lon_deg)) <= REACH_M
    far_km = math.hypot(*_off(origin, lon_deg, lat_deg)) / 1000
    raise BadShape(
        f"a position [longitude, latitude] within {REACH_M / 1000:g} km of the site's origin",
        f"[{lon_deg:g}, {lat_deg:g}], " + ("which is [latitude, longitude]" if swapped else f"{far_km:.0f} km away"),
    )


def line(origin: GeoOrigin, coordinates: Sequence[Any]) -> tuple[Point2, ...]:
    """A LineString. Raises BadShape."""
    points = tuple(point(origin, position) for position in coordinates)
    if len(points) < 2:
        raise BadShape("a line of at least 2 positions", f"{len(points)}")
    for n, (a, b) in enumerate(itertools.pairwise(points), start=1):
        if a.distance_m(b) < SAME_PLACE_M:
            raise BadShape("a line whose positions differ", f"positions {n} and {n + 1} in one place")
    return points


def ring(origin: GeoOrigin, coordinates: Sequence[Any]) -> Polygon:
    """A Polygon's outline, counter-clockwise, the closing point left out. Raises BadShape."""
    if len(coordinates) != 1 or not isinstance(coordinates[0], list):
        holes = len(coordinates) - 1
        raise BadShape(
            "one outline", f"{holes} hole(s) in it; draw the hole as a zone of its own" if holes > 0 else "none"
        )
    points = [point(origin, position) for position in coordinates[0]]
    if len(points) < 4:
        raise BadShape("an outline of at least 4 positions, the last as the first", f"{len(points)}")
    gap_m = points[0].distance_m(points[-1])
    if gap_m > SAME_PLACE_M:
        raise BadShape(
            "an outline that ends where it starts", f"a gap of {gap_m:.2f} m between its last and first position"
        )
    shape = polygon(points[:-1])
    if not shape.is_valid:
        raise BadShape("an outline that does not cross itself", _crossing(origin, shape))
    if shape.area < 0.01:
        raise BadShape("an outline around some ground", f"an area of {shape.area:.3f} m²")
    corners = points[:-1]
    return tuple(corners if shape.exterior.is_ccw else reversed(corners))


def _off(origin: GeoOrigin, lon_deg: float, lat_deg: float) -> tuple[float, float]:
    place = origin.to_map(lon_deg, lat_deg)
    return place.x_m, place.y_m


def _crossing(origin: GeoOrigin, shape: shapely.Polygon) -> str:
    reason = explain_validity(shape)  # "Self-intersection[12.3 45.6]"
    try:
        x_m, y_m = map(float, reason.partition("[")[2].rstrip("]").split())
    except ValueError:
        return reason.lower()
    lon_deg, lat_deg = origin.to_lon_lat(Point2(x_m, y_m))
    return f"a crossing at [{lon_deg:.7f}, {lat_deg:.7f}]"
