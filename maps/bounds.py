"""How far a site reaches."""

from __future__ import annotations

from collections.abc import Iterable

from patrol_core.geometry import Point2
from patrol_core.site import Site

Bounds = tuple[float, float, float, float]  # west, south, east, north


def bounds_m(site: Site, *, margin_m: float = 0.0) -> Bounds:
    """The smallest upright rectangle around the fence, or around everything where there is no fence (frame `map`)."""
    points = list(site.boundary or _points(site)) or [Point2(0.0, 0.0)]
    return (
        min(p.x_m for p in points) - margin_m,
        min(p.y_m for p in points) - margin_m,
        max(p.x_m for p in points) + margin_m,
        max(p.y_m for p in points) + margin_m,
    )


def _points(site: Site) -> Iterable[Point2]:
    for building in site.buildings.values():
        yield from building.footprint
    for zone in site.zones:
        yield from zone.area
    yield from site.lanes.nodes.values()
    yield from (viewpoint.pose.point for viewpoint in site.viewpoints.values())
    yield from (dock.pose.point for dock in site.docks.values())
