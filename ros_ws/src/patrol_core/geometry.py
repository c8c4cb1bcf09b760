"""Points and poses in the site frame `map` (ENU, metres, radians), and its tie to the globe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EARTH_RADIUS_M = 6_378_137.0  # WGS84 semi-major axis


@dataclass(frozen=True, slots=True)
class Point2:
    """A point in the site frame `map`: x east, y north."""

    x_m: float
    y_m: float

    def distance_m(self, other: Point2) -> float:
        """Straight-line distance."""
        return math.hypot(self.x_m - other.x_m, self.y_m - other.y_m)

    def bearing_rad(self, other: Point2) -> float:
        """Direction to `other`, counter-clockwise from east."""
        return math.atan2(other.y_m - self.y_m, other.x_m - self.x_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose2:
    """Position and heading in the site frame `map` (REP-103: heading counter-clockwise from east)."""

    x_m: float
    y_m: float
    heading_rad: float = 0.0

    @property
    def point(self) -> Point2:
        return Point2(self.x_m, self.y_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoOrigin:
    """Where the site frame touches the globe (WGS84). Flat-earth projection: below 5 cm error within 2 km."""

    lat_deg: float
    lon_deg: float

    def to_map(self, lon_deg: float, lat_deg: float) -> Point2:
        """Longitude and latitude to site metres."""
        k = math.radians(1.0) * EARTH_RADIUS_M
        return Point2((lon_deg - self.lon_deg) * k * math.cos(math.radians(self.lat_deg)), (lat_deg - self.lat_deg) * k)

    def to_lon_lat(self, point: Point2) -> tuple[float, float]:
        """Site metres to (longitude, latitude)."""
        k = math.radians(1.0) * EARTH_RADIUS_M
        return (
            self.lon_deg + point.x_m / (k * math.cos(math.radians(self.lat_deg))),
            self.lat_deg + point.y_m / k,
        )


def wrap_rad(angle_rad: float) -> float:
    """The same angle in (-pi, pi]."""
    wrapped = math.remainder(angle_rad, math.tau)
    return math.pi if wrapped == -math.pi else wrapped


def length_m(line: Sequence[Point2]) -> float:
    """Length of a polyline."""
    return sum(a.distance_m(b) for a, b in pairwise(line))


def contains(polygon: Sequence[Point2], point: Point2) -> bool:
    """Whether `point` lies inside the simple polygon (ray casting; the closing point may be given or not)."""
    inside = False
    j = len(polygon) - 1
    for i, a in enumerate(polygon):
        b = polygon[j]
        if (a.y_m > point.y_m) != (b.y_m > point.y_m):
            x_m = (b.x_m - a.x_m) * (point.y_m - a.y_m) / (b.y_m - a.y_m) + a.x_m
            inside ^= point.x_m < x_m
        j = i
    return inside


def centroid(polygon: Sequence[Point2]) -> Point2:
    """Area centroid of a simple polygon; the mean of its points where it has no area."""
    ring = list(polygon)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    area2 = cx = cy = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a.x_m * b.y_m - b.x_m * a.y_m
        area2 += cross
        cx += (a.x_m + b.x_m) * cross
        cy += (a.y_m + b.y_m) * cross
    if abs(area2) < 1e-9:
        return Point2(sum(p.x_m for p in ring) / len(ring), sum(p.y_m for p in ring) / len(ring))
    return Point2(cx / (3 * area2), cy / (3 * area2))
