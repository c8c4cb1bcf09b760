"""What stands still and stops a robot: the buildings."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from patrol_core.geometry import Point2
from patrol_core.site import Site


class Obstacles:
    """Building footprints, asked for distances. All lengths in metres, frame `map`."""

    def __init__(self, footprints: dict[str, Sequence[Point2]]) -> None:
        self._ids = list(footprints)
        self._shapes = [shapely.Polygon([(p.x_m, p.y_m) for p in ring]) for ring in footprints.values()]
        self._tree = shapely.STRtree(self._shapes)
        for shape in self._shapes:
            shapely.prepare(shape)

    @classmethod
    def of(cls, site: Site) -> Obstacles:
        """The buildings of a site."""
        return cls({key: building.footprint for key, building in site.buildings.items()})

    def within(self, point: Point2, distance_m: float) -> str | None:
        """The building nearest to `point` among those closer than `distance_m` to it (0 inside); None where clear."""
        spot = shapely.Point(point.x_m, point.y_m)
        found = self._tree.query(spot, predicate="dwithin", distance=distance_m)
        if len(found) == 0:
            return None
        return self._ids[min((int(i) for i in found), key=lambda i: (self._shapes[i].distance(spot), i))]

    def clearance_m(self, point: Point2) -> float:
        """Distance to the nearest building; 0 inside one; infinite where there is none."""
        if not self._shapes:
            return float("inf")
        spot = shapely.Point(point.x_m, point.y_m)
        return float(self._shapes[int(self._tree.nearest(spot))].distance(spot))

    def blocking(self, line: Sequence[Point2], margin_m: float) -> str | None:
        """A building closer than `margin_m` to the line; None where a body of that radius passes."""
        if len(line) < 2:
            return self.within(line[0], margin_m) if line else None
        path = shapely.LineString([(p.x_m, p.y_m) for p in line])
        found = self._tree.query(path, predicate="dwithin", distance=margin_m)
        return self._ids[int(min(found))] if len(found) else None
