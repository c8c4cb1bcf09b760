"""Site geometry as shapely shapes, in metres of frame `map`."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from patrol_core.geometry import Point2


def polygon(outline: Sequence[Point2]) -> shapely.Polygon:
    """An outline for shapely, in site metres."""
    return shapely.Polygon([(p.x_m, p.y_m) for p in outline])


def linestring(points: Sequence[Point2]) -> shapely.LineString:
    """A polyline for shapely, in site metres."""
    return shapely.LineString([(p.x_m, p.y_m) for p in points])


def pin(point_m: Point2) -> shapely.Point:
    """A point for shapely, in site metres."""
    return shapely.Point(point_m.x_m, point_m.y_m)
