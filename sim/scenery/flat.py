"""Geometry of flat shapes: cut into tiles and triangles, boxes and bars at any angle, shadows of prisms."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]


def tiles(area: BaseGeometry, tile_m: float) -> Iterable[shapely.Polygon]:
    """The polygons of an area, cut along a grid."""
    if area.is_empty:
        return
    shapely.prepare(area)
    west, south, east, north = area.bounds
    for i in range(math.floor(west / tile_m), math.floor(east / tile_m) + 1):
        for j in range(math.floor(south / tile_m), math.floor(north / tile_m) + 1):
            cell = shapely.box(i * tile_m, j * tile_m, (i + 1) * tile_m, (j + 1) * tile_m)
            if not area.intersects(cell):
                continue
            for part in shapely.get_parts(cell if area.contains_properly(cell) else area.intersection(cell)):
                if part.geom_type == "Polygon" and part.area > 1e-4:
                    yield part


def triangles(area: shapely.Polygon) -> Iterable[list[XY]]:
    for part in shapely.get_parts(shapely.constrained_delaunay_triangles(area)):
        ring = list(part.exterior.coords)[:3]
        (ax, ay), (bx, by), (cx, cy) = ring
        if (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0:
            ring.reverse()
        yield ring


def swept(area: shapely.Polygon, offset: XY) -> BaseGeometry:
    """An area and all it covers on its way to `offset`: the shadow of a prism."""
    dx, dy = offset
    moved = shapely.transform(area, lambda xy: xy + np.array([dx, dy]))
    ring = list(area.exterior.coords)
    sides = [
        shapely.Polygon([a, b, (b[0] + dx, b[1] + dy), (a[0] + dx, a[1] + dy)]) for a, b in itertools.pairwise(ring)
    ]
    return shapely.union_all([area, moved, *(side.buffer(0.001) for side in sides)])


def long_axis(area: shapely.Polygon) -> tuple[float, XY, float, float]:
    """(heading of the long side, middle, length, width) of the smallest box around an area."""
    box: Any = shapely.minimum_rotated_rectangle(area)
    ring = list(box.exterior.coords)
    a, b, c = ring[0], ring[1], ring[2]
    if math.dist(a, b) < math.dist(b, c):
        a, b, c = b, c, ring[3]
    heading = math.atan2(b[1] - a[1], b[0] - a[0])
    middle = ((a[0] + c[0]) / 2, (a[1] + c[1]) / 2)
    return heading, middle, math.dist(a, b), math.dist(b, c)


def corners(middle: XY, heading: float, length_m: float, width_m: float) -> list[XY]:
    cos, sin = math.cos(heading), math.sin(heading)
    return [
        (middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos)
        for x, y in (
            (-length_m / 2, -width_m / 2),
            (length_m / 2, -width_m / 2),
            (length_m / 2, width_m / 2),
            (-length_m / 2, width_m / 2),
        )
    ]


def oriented_box(middle: XY, heading: float, length_m: float, width_m: float) -> shapely.Polygon:
    return shapely.Polygon(corners(middle, heading, length_m, width_m))


def strip(
    middle: XY, axis: float, at_m: float, *, direction: float, length_m: float, half_width_m: float = 0.09
) -> shapely.Polygon:
    """A thin bar through the point `at_m` along `axis` from `middle`, lying along `direction`."""
    spot = (middle[0] + at_m * math.cos(axis), middle[1] + at_m * math.sin(axis))
    return oriented_box(spot, direction, length_m, 2 * half_width_m)
