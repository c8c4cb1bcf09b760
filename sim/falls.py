"""Somebody falls: a second on the way down, on the ground until helped up, then upright again. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from patrol_core.geometry import Point2, wrap_rad
from sim.bodies import lying_discs
from sim.obstacles import Obstacles
from sim.person import HEAD_FROM_HEADING_RAD, Person
from sim.posture import LYING, Posture

FALL_S = 1.0
RISE_S = 5.0
_HIPS_M = 0.5  # how far the hips land from where the feet stood
_FROM_WALL_M = 0.3
_FROM_ROBOT_M = 1.0
_TRIES_RAD = (0.0, 0.5, -0.5, 1.0, -1.0, 1.6, -1.6, 2.2, -2.2, math.pi)


@dataclass(slots=True, kw_only=True)
class Tumble:
    """One fall under way: what `step` makes of the person, until `over`."""

    posture: Posture
    head_toward_rad: float
    down: float = 0.0  # 0 upright, 1 on the ground
    rising: bool = False

    @classmethod
    def of(
        cls,
        person: Person,
        *,
        posture: Posture | None,
        head_toward_rad: float | None,
        obstacles: Obstacles,
        robots: Sequence[Point2],
    ) -> Tumble:
        """How this person falls: as asked; what is not asked is theirs by chance. Nobody falls into walls or robots."""
        pick = random.Random(f"fall {person.look}")  # noqa: S311 - a simulation, not a secret
        how = posture or pick.choice(LYING)
        wish_rad = head_toward_rad
        if wish_rad is None:
            wish_rad = wrap_rad(person.heading_rad + HEAD_FROM_HEADING_RAD[how] + pick.uniform(-0.4, 0.4))
        for turn in _TRIES_RAD:
            if _free(person.position_m, wish_rad + turn, obstacles, robots):
                return cls(posture=how, head_toward_rad=wrap_rad(wish_rad + turn))
        return cls(posture=how, head_toward_rad=wish_rad)

    @property
    def over(self) -> bool:
        """Whether they stand again."""
        return self.rising and self.down <= 0.0

    @property
    def on_the_ground(self) -> bool:
        """Whether they lie still."""
        return self.down >= 1.0 and not self.rising

    def step(self, person: Person, dt_s: float) -> Person:
        """The person `dt_s` seconds later."""
        before = self.down
        heading = person.heading_rad
        if self.rising:
            self.down = max(0.0, self.down - dt_s / RISE_S)
        elif self.down < 1.0:
            left = wrap_rad(self.head_toward_rad - HEAD_FROM_HEADING_RAD[self.posture] - heading)
            heading = wrap_rad(heading + left * min(1.0, dt_s / (FALL_S * (1.0 - before) + 1e-9)))
            self.down = min(1.0, self.down + dt_s / FALL_S)
        if self.over:
            return replace(person, posture=Posture.WALKING, fallen=1.0, speed_mps=0.0)
        moved_m = _HIPS_M * (self.down**2 - before**2)
        at = person.position_m
        return replace(
            person,
            position_m=Point2(
                at.x_m + moved_m * math.cos(self.head_toward_rad), at.y_m + moved_m * math.sin(self.head_toward_rad)
            ),
            heading_rad=heading,
            posture=self.posture,
            fallen=self.down,
            speed_mps=0.0,
        )


def _free(feet: Point2, toward_rad: float, obstacles: Obstacles, robots: Sequence[Point2]) -> bool:
    """Whether a body that falls this way lies clear of walls and robots."""
    hips = Point2(feet.x_m + _HIPS_M * math.cos(toward_rad), feet.y_m + _HIPS_M * math.sin(toward_rad))
    return all(
        obstacles.clearance_m(middle) > radius_m + _FROM_WALL_M
        and all(middle.distance_m(robot) > radius_m + _FROM_ROBOT_M for robot in robots)
        for middle, radius_m in lying_discs(hips, toward_rad)
    )
