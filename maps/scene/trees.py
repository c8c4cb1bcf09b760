"""Where trees stand. Each grid cell has a tree of its own, so that one change on the map moves no other tree."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from maps import shapes
from maps.scene.things import Lamp, Tree
from maps.zones import CLOSED
from patrol_core.geometry import Pose2
from patrol_core.site import Site, ZoneKind

TREE_GRID_M = 8.5
TREE_SHARE = 0.62  # of the grid's cells


def trees_of(site: Site, lamps: Iterable[Lamp]) -> tuple[Tree, ...]:
    """Trees in the green, clear of walls, ways, lamps, sensors and of what viewpoints and cameras look at."""
    gardens = [shapes.polygon(zone.area) for zone in site.zones if zone.kind is ZoneKind.GREEN]
    if not gardens:
        return ()
    green = shapely.union_all(gardens).buffer(-1.3)
    kept_free = shapely.union_all([*_kept_free(site), *(shapely.Point(lamp.at_m).buffer(0.8) for lamp in lamps)])
    shapely.prepare(green)
    shapely.prepare(kept_free)
    west, south, east, north = green.bounds
    found: list[Tree] = []
    for column in range(math.floor(west / TREE_GRID_M), math.ceil(east / TREE_GRID_M)):
        for row in range(math.floor(south / TREE_GRID_M), math.ceil(north / TREE_GRID_M)):
            tree = _tree(site.site_id, column, row)
            if tree is None:
                continue
            spot = shapely.Point(tree.at_m)
            if green.contains(spot) and not kept_free.intersects(spot.buffer(tree.crown_m, quad_segs=3)):
                found.append(tree)
    return tuple(found)


def _tree(site_id: str, column: int, row: int) -> Tree | None:
    """The tree of a grid cell, if it has one."""
    chance = random.Random(f"{site_id}:tree:{column}:{row}")  # noqa: S311 - a look, not a secret
    if chance.random() > TREE_SHARE:
        return None
    kind = "cone" if chance.random() < 0.22 else "round"
    crown_m = chance.uniform(1.1, 1.6) if kind == "cone" else chance.uniform(1.5, 2.6)
    shade = chance.uniform(-0.06, 0.06)
    return Tree(
        at_m=(
            round((column + chance.uniform(0.15, 0.85)) * TREE_GRID_M, 2),
            round((row + chance.uniform(0.15, 0.85)) * TREE_GRID_M, 2),
        ),
        kind=kind,
        height_m=round(crown_m * chance.uniform(2.1, 2.7) + 1.2, 2),
        crown_m=round(crown_m, 2),
        trunk_m=0.14,
        rgb=(round(0.22 + shade, 3), round(0.42 + shade, 3), round(0.17 + shade / 2, 3)),
    )


def _kept_free(site: Site) -> Iterable[BaseGeometry]:
    yield from (shapes.polygon(b.footprint).buffer(1.6) for b in site.buildings.values())
    yield from (shapes.polygon(z.area).buffer(0.4) for z in site.zones if z.kind in CLOSED)
    yield from (shapes.linestring(lane.line).buffer(1.4) for lane in site.lanes.lanes)
    yield from (_view(v.pose, 16.0, 2.2) for v in site.viewpoints.values())
    yield from (_view(c.pose, 30.0, 3.0) for c in site.cameras.values())
    yield from (shapes.pin(d.pose.point).buffer(2.5) for d in site.docks.values())
    yield from (shapes.pin(s.position_m).buffer(2.0) for s in site.spots.values())
    yield from (shapes.pin(d.position_m).buffer(1.0) for d in site.devices.values() if d.place.building_id is None)


def _view(pose: Pose2, length_m: float, half_width_m: float) -> BaseGeometry:
    """The ground that a camera at a pose looks over."""
    tip = (pose.x_m + length_m * math.cos(pose.heading_rad), pose.y_m + length_m * math.sin(pose.heading_rad))
    return shapely.LineString([(pose.x_m, pose.y_m), tip]).buffer(half_width_m, quad_segs=3)
