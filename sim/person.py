"""A person of the simulated community, as cameras and navigation see them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from patrol_core.geometry import Point2, wrap_rad
from sim.posture import LYING, Posture

PERSON_RADIUS_M = 0.28
HEAD_FROM_HEADING_RAD = {
    Posture.SUPINE: math.pi,
    Posture.PRONE: 0.0,
    Posture.ON_LEFT_SIDE: math.pi / 2,
    Posture.ON_RIGHT_SIDE: -math.pi / 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A resident as the camera sees them."""

    person_id: str
    position_m: Point2  # frame `map`
    heading_rad: float
    speed_mps: float
    stride_m: float  # walked so far: the phase of the legs
    look: int  # seed of clothes and stature
    posture: Posture = Posture.WALKING
    fallen: float = 1.0  # of somebody whose posture is lying: how far down they are, 0..1

    @property
    def lies(self) -> bool:
        """Whether they are on the ground, or on the way there."""
        return self.posture in LYING

    @property
    def head_toward_rad(self) -> float:
        """From the feet of somebody who lies to their head, frame `map`."""
        return wrap_rad(self.heading_rad + HEAD_FROM_HEADING_RAD[self.posture])
