"""Whether a body that moves would run into something. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from patrol_core.geometry import Point2
from sim.obstacles import Obstacles

Body = tuple[str, Point2, float]  # name, middle (frame `map`), radius in metres


def contact(here: Point2, there: Point2, radius_m: float, obstacles: Obstacles, bodies: Iterable[Body]) -> str | None:
    """What a disc that goes from `here` to `there` runs into; going away from what it touches is always free."""
    if there == here:
        return None
    building = obstacles.within(there, radius_m)
    if building is not None and obstacles.clearance_m(there) <= obstacles.clearance_m(here):
        return f"building {building}"
    for name, position, other_m in bodies:
        reach_m = radius_m + other_m
        if abs(position.x_m - there.x_m) < reach_m and abs(position.y_m - there.y_m) < reach_m:
            away_m = there.distance_m(position)
            if away_m < reach_m and away_m < here.distance_m(position):
                return name
    return None
