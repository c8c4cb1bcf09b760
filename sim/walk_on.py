"""People a scenario brings on: they stand somewhere, walk up in time, fall where they are told to, and walk back."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from patrol_core.geometry import Point2, wrap_rad
from sim.falls import Tumble
from sim.person import Person
from sim.posture import Posture

_PACE_MPS = 1.0
_EARLY_S = 1.0  # on the spot before the fall
_ROBOT_NEAR_M = 1.3
_TURN_RADPS = 3.0


@dataclass(slots=True, kw_only=True)
class WalkOn:
    """One of them. `fall` is set by whoever makes them fall."""

    person: Person
    home: Point2
    at: Point2
    falls_at_s: float  # the next time; infinite for never again
    fall: Tumble | None = None

    @classmethod
    def born(cls, person_id: str, *, home: Point2, at: Point2, falls_at_s: float, seed: int) -> WalkOn:
        """Standing at home, with their face to where they will go."""
        pick = random.Random(f"{seed}/{person_id}")  # noqa: S311 - a simulation, not a secret
        person = Person(
            person_id=person_id,
            position_m=home,
            heading_rad=home.bearing_rad(at) if home != at else pick.uniform(-math.pi, math.pi),
            speed_mps=0.0,
            stride_m=pick.uniform(0.0, 1.5),
            look=pick.randrange(1 << 16),
        )
        return cls(person=person, home=home, at=at, falls_at_s=falls_at_s)

    def step(self, dt_s: float, now_s: float, robots: Sequence[Point2]) -> None:
        """`dt_s` seconds of their life, which have just ended at `now_s`."""
        if self.fall is not None:
            self.person = self.fall.step(self.person, dt_s)
            if self.fall.over:
                self.fall = None
            return
        away_s = self.home.distance_m(self.at) / _PACE_MPS
        goes = now_s >= self.falls_at_s - away_s - _EARLY_S
        self._walk(self.at if goes else self.home, dt_s, robots)

    def _walk(self, goal: Point2, dt_s: float, robots: Sequence[Point2]) -> None:
        person = self.person
        left_m = person.position_m.distance_m(goal)
        if left_m < 0.05:
            self.person = replace(person, speed_mps=0.0, posture=Posture.STANDING)
            return
        bearing = person.position_m.bearing_rad(goal)
        turn = wrap_rad(bearing - person.heading_rad)
        heading = wrap_rad(person.heading_rad + max(-_TURN_RADPS * dt_s, min(_TURN_RADPS * dt_s, turn)))
        step_m = min(left_m, _PACE_MPS * dt_s) if abs(turn) < 1.0 else 0.0
        ahead = Point2(
            person.position_m.x_m + step_m * math.cos(bearing), person.position_m.y_m + step_m * math.sin(bearing)
        )
        if any(ahead.distance_m(r) < min(_ROBOT_NEAR_M, person.position_m.distance_m(r)) for r in robots):
            self.person = replace(person, speed_mps=0.0, heading_rad=heading, posture=Posture.WALKING)
            return
        self.person = replace(
            person,
            position_m=ahead,
            heading_rad=heading,
            speed_mps=step_m / dt_s,
            stride_m=person.stride_m + step_m,
            posture=Posture.WALKING,
        )
