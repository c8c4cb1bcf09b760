"""A drawing sheet in site metres that is written as GeoJSON layers in WGS84."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from patrol_core.geometry import GeoOrigin, Point2

XY = tuple[float, float]  # metres in the site frame `map`


class Sheet:
    """Features by layer. Coordinates are kept to 1e-7 degrees (1.1 cm), so that files stay readable."""

    def __init__(self, origin: GeoOrigin) -> None:
        self.origin = origin
        self.layers: dict[str, list[dict[str, Any]]] = {}

    def polygon(self, layer: str, shape: shapely.Polygon, **properties: Any) -> None:
        """An outline, counter-clockwise as RFC 7946 wants it. Holes are not part of the site model."""
        if shape.interiors:
            raise ValueError(f"{properties}: an outline with holes")
        outline = [self.lon_lat(x, y) for x, y in orient(shape).exterior.coords]
        self._add(layer, "Polygon", [_without_repeats(outline)], properties)

    def line(self, layer: str, points: Sequence[XY], **properties: Any) -> None:
        self._add(layer, "LineString", _without_repeats([self.lon_lat(*p) for p in points]), properties)

    def point(self, layer: str, at: XY, **properties: Any) -> None:
        self._add(layer, "Point", self.lon_lat(*at), properties)

    def lon_lat(self, x_m: float, y_m: float) -> list[float]:
        """A GeoJSON position."""
        lon_deg, lat_deg = self.origin.to_lon_lat(Point2(x_m, y_m))
        return [round(lon_deg, 7), round(lat_deg, 7)]

    def write(self, folder: Path) -> None:
        """One `<layer>.geojson` a layer, one feature a line: short files, readable differences."""
        for layer, features in self.layers.items():
            lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
            text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
            (folder / f"{layer}.geojson").write_text(text, encoding="utf-8")

    def _add(self, layer: str, kind: str, coordinates: Any, properties: dict[str, Any]) -> None:
        kept = {name: value for name, value in properties.items() if value is not None}
        feature = {"type": "Feature", "properties": kept, "geometry": {"type": kind, "coordinates": coordinates}}
        self.layers.setdefault(layer, []).append(feature)


def bearing_deg(start: XY, goal: XY) -> float:
    """Compass bearing from one place to another."""
    return round(math.degrees(math.atan2(goal[0] - start[0], goal[1] - start[1])) % 360.0, 1)


def smoothed(points: Sequence[XY], rounds: int = 3) -> list[XY]:
    """A polyline with its corners cut (Chaikin 1974); the ends stay."""
    line = list(points)
    for _ in range(rounds):
        cut = [line[0]]
        for (ax, ay), (bx, by) in itertools.pairwise(line):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        line = [*cut, line[-1]]
    return [(x, y) for x, y in shapely.LineString(line).simplify(0.03).coords]


def rectangle(x_m: float, y_m: float, width_m: float, depth_m: float) -> shapely.Polygon:
    """An upright rectangle around a centre."""
    return shapely.box(x_m - width_m / 2, y_m - depth_m / 2, x_m + width_m / 2, y_m + depth_m / 2)


def rounded(shape: shapely.Polygon, radius_m: float) -> shapely.Polygon:
    """The same outline with round corners."""
    return outline(shape.buffer(-radius_m, quad_segs=6).buffer(radius_m, quad_segs=6), tolerance_m=0.05)


def outline(shape: BaseGeometry, *, tolerance_m: float = 0.0) -> shapely.Polygon:
    """A shape that is one polygon, without holes and without points nobody would miss."""
    plain = shape.simplify(tolerance_m)
    if not isinstance(plain, shapely.Polygon):
        raise TypeError(f"expected one polygon; came a {plain.geom_type}")
    if plain.interiors:
        raise ValueError("expected an outline without holes")
    return plain


def pieces(shape: BaseGeometry, least_m2: float) -> Iterable[shapely.Polygon]:
    """The polygons of a shape that are worth drawing, from south-west to north-east."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and part.area >= least_m2]
    return sorted(parts, key=lambda part: (round(part.centroid.y), round(part.centroid.x)))


def _without_repeats(line: list[list[float]]) -> list[list[float]]:
    return [p for n, p in enumerate(line) if n == 0 or p != line[n - 1]]
