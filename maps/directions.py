"""How far and in which direction: the words that tell a person where to move a thing."""

from __future__ import annotations

import math

from patrol_core.geometry import Point2

_WINDS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")


def way(start: Point2, goal: Point2) -> str:
    """Distance and direction from `start` to `goal`: "2.4 m west"."""
    distance_m = start.distance_m(goal)
    wind = _WINDS[round(start.bearing_rad(goal) / (math.pi / 4)) % 8]
    return f"{distance_m:.1f} m {wind}"


def heading_rad(bearing_deg: float) -> float:
    """Compass bearing (clockwise from north, as maps have it) to REP-103 heading (counter-clockwise from east)."""
    turned = math.remainder(math.radians(90.0 - bearing_deg), math.tau)
    return math.pi if turned == -math.pi else turned


def bearing_deg(heading: float) -> float:
    """REP-103 heading in radians to compass bearing, 0 to below 360."""
    return (90.0 - math.degrees(heading)) % 360.0
