"""The fence around a site, and its gates."""

from __future__ import annotations

import math

import shapely
from shapely.geometry.base import BaseGeometry

from maps import shapes
from maps.scene.things import XY, Gate
from patrol_core.site import Site

GATE_WIDTH_M = 9.0
GATE_REACH_M = 3.0  # a gate's spot lies this near the fence


def gates_of(site: Site) -> tuple[Gate, ...]:
    """Gaps in the fence at the site's gates."""
    if site.boundary is None:
        return ()
    line = shapes.polygon(site.boundary).exterior
    found: list[Gate] = []
    for spot in site.spots.values():
        here = shapes.pin(spot.position_m)
        if spot.kind != "gate" or line.distance(here) > GATE_REACH_M:
            continue
        along_m = line.project(here)
        a, b = line.interpolate(max(0.0, along_m - 1.0)), line.interpolate(min(line.length, along_m + 1.0))
        middle = line.interpolate(along_m)
        found.append(
            Gate(
                spot_id=spot.spot_id,
                at_m=(round(middle.x, 2), round(middle.y, 2)),
                heading_rad=round(math.atan2(b.y - a.y, b.x - a.x), 4),
                width_m=GATE_WIDTH_M,
            )
        )
    return tuple(found)


def fence_of(site: Site) -> tuple[tuple[XY, ...], ...]:
    """The boundary as open polylines with gaps at the gates."""
    if site.boundary is None:
        return ()
    line: BaseGeometry = shapes.polygon(site.boundary).exterior
    for gate in gates_of(site):
        line = line.difference(shapely.Point(gate.at_m).buffer(gate.width_m / 2))
    merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    parts = getattr(merged, "geoms", [merged])
    return tuple(tuple((round(x, 2), round(y, 2)) for x, y in part.coords) for part in parts)
