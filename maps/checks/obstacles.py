"""Ground that robots must not drive on, found fast: a site may have ten thousand viewpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from maps import shapes
from maps.directions import way
from maps.reading.draft import Draft
from maps.zones import CLOSED, DRIVABLE
from patrol_core.geometry import Point2
from patrol_core.site import ZoneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A building, water or a no-go zone."""

    label: str  # 'building "b3"'
    is_building: bool
    area: shapely.Polygon  # frame `map`


class Obstacles:
    """All closed ground of a draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._all: Sequence[Obstacle] = (*_buildings(draft), *_closed_zones(draft))
        self._tree = shapely.STRtree([obstacle.area for obstacle in self._all])

    def around(self, position_m: Point2) -> Obstacle | None:
        """The obstacle a point lies in; a building before a zone."""
        found = sorted(self._tree.query(shapes.pin(position_m), predicate="within"))
        return self._all[found[0]] if found else None

    def across(self, line: Sequence[Point2]) -> list[Obstacle]:
        """The obstacles a polyline touches."""
        return [self._all[n] for n in sorted(self._tree.query(shapes.linestring(line), predicate="intersects"))]

    def way_out(self, position_m: Point2) -> str:
        """Where the nearest ground to drive on is: "; nearest walkway is 2.4 m west". Empty where there is none."""
        shut = shapely.union_all([obstacle.area for obstacle in self._all])
        pin = shapes.pin(position_m)
        best: tuple[float, str, Point2] | None = None
        for zone in self._draft.zones.values():
            open_ground = shapes.polygon(zone.area).difference(shut) if zone.kind in DRIVABLE else shapely.Polygon()
            if open_ground.is_empty:
                continue
            near = nearest_points(open_ground, pin)[0]
            found = (pin.distance(near), zone.kind.value.replace("_", " "), Point2(near.x, near.y))
            best = min(best, found, key=lambda item: item[0]) if best else found
        return f"; nearest {best[1]} is {way(position_m, best[2])}" if best else ""


def sidestep(obstacle: Obstacle, inside: BaseGeometry) -> str:
    """How far the middle of a line's part inside an obstacle is from free ground."""
    middle = inside.centroid
    edge = obstacle.area.exterior.interpolate(obstacle.area.exterior.project(middle))
    return f"; free ground is {way(Point2(middle.x, middle.y), Point2(edge.x, edge.y))}"


def _buildings(draft: Draft) -> list[Obstacle]:
    return [
        Obstacle(label=f'building "{b.building_id}"', is_building=True, area=shapes.polygon(b.footprint))
        for b in draft.buildings.values()
    ]


def _closed_zones(draft: Draft) -> list[Obstacle]:
    names = {ZoneKind.NO_GO: "no-go zone", ZoneKind.WATER: "water"}
    return [
        Obstacle(label=f'{names[z.kind]} "{z.zone_id}"', is_building=False, area=shapes.polygon(z.area))
        for z in draft.zones.values()
        if z.kind in CLOSED
    ]
