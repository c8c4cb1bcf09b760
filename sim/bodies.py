"""How much room people take on the ground: a disc for who is upright, a row of discs for who lies. Pure."""

from __future__ import annotations

import math

from patrol_core.geometry import Point2
from sim.person import PERSON_RADIUS_M, Person

LYING_RADIUS_M = 0.27
_ALONG_M = (0.62, 0.2, -0.25, -0.7)  # of the discs' middles from the pelvis toward the head
KEEP_FROM_LYING_M = 1.0  # a robot's hull stays that far from somebody on the ground
LYING = "somebody lying on the ground"


def discs(person: Person) -> tuple[tuple[Point2, float], ...]:
    """(middle, radius in metres) of each disc, frame `map`."""
    if not person.lies:
        return ((person.position_m, PERSON_RADIUS_M),)
    return lying_discs(person.position_m, person.head_toward_rad, reach=person.fallen)


def lying_discs(at: Point2, head_toward_rad: float, *, reach: float = 1.0) -> tuple[tuple[Point2, float], ...]:
    """Those of a body whose pelvis is at a point; `reach` 0..1 is how far down it is."""
    cos, sin = math.cos(head_toward_rad), math.sin(head_toward_rad)
    return tuple((Point2(at.x_m + reach * d * cos, at.y_m + reach * d * sin), LYING_RADIUS_M) for d in _ALONG_M)
