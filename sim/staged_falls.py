"""Stagings whose truth is known, for scoring robots that look for people on the ground: falls before a robot, crowds.

    staging = staged_fall(seed, site)
    with Rehearsal(site, scenario=staging.scenario) as rehearsal:
        rehearsal.goto(staging.robot_id, staging.goal)
        ...                                     # PersonFell says who, where and when it really was

The robot starts on a lane and drives a leg of it; somebody falls before it or aside of its way while others walk about.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from patrol_core.errors import Unreachable
from patrol_core.geometry import Point2, Pose2, wrap_rad
from patrol_core.site import RobotKind, Site, ZoneKind
from sim.bodies import lying_discs
from sim.obstacles import Obstacles
from sim.polyline import Polyline
from sim.posture import LYING, Posture
from sim.route import RoutePlanner
from sim.scenario import Fall, Scenario, TimedEvent

_CRUISE_MPS = 1.0  # of a robot on a leg
_SETS_OFF_S = 0.8
_LEG_M = (26.0, 60.0)
_NEAR_M, _FAR_M = 4.0, 12.0  # from the robot to the fall
_ASIDE_M = (0.0, 5.0)  # of the robot's way
_WALK_M = (3.0, 7.0)  # that who falls walks before
_ROOM_M = 1.3
_TRIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFall:
    """One staging. `PersonFell` of the rehearsal says how it really came; a robot in the way may change it."""

    seed: int
    scenario: Scenario
    robot_id: str
    start: Pose2  # of the robot
    goal: Pose2
    person_id: str
    falls_at_s: float
    place_m: Point2  # where the feet will be
    posture: Posture
    head_toward_rad: float
    distance_m: float  # from where the robot should be at that time


def staged_fall(seed: int, site: Site, *, residents: int = 30) -> StagedFall:
    """The staging of a seed.

    Raises:
        Unreachable: the site has no leg with room for a fall beside it.
    """
    pick = random.Random(f"staged fall {seed}")  # noqa: S311 - a stage, not a secret
    stage = _Stage(site)
    for _ in range(_TRIES):
        found = stage.leg(pick)
        if found is None:
            continue
        way, goal = found
        reached_m = pick.uniform(4.0, way.length_m - _FAR_M - 4.0)
        ahead_m = pick.uniform(_NEAR_M, _FAR_M)
        aside_m = pick.choice((-1, 1)) * min(pick.uniform(*_ASIDE_M), 0.55 * ahead_m)
        place = _beside(way, reached_m + ahead_m, aside_m)
        walk = pick.uniform(-math.pi, math.pi)
        walk_m = pick.uniform(*_WALK_M)
        home = Point2(place.x_m + walk_m * math.cos(walk), place.y_m + walk_m * math.sin(walk))
        posture, toward = pick.choice(LYING), pick.uniform(-math.pi, math.pi)
        robot = way.at(reached_m)
        if not (_NEAR_M <= robot.distance_m(place) <= _FAR_M and stage.free(place, toward, home)):
            continue
        start = Pose2(
            x_m=way.points[0].x_m, y_m=way.points[0].y_m, heading_rad=way.points[0].bearing_rad(way.points[1])
        )
        falls_at_s = round(_SETS_OFF_S + reached_m / _CRUISE_MPS, 1)
        fall = Fall(person_id="faller", at_m=place, from_m=home, posture=posture, head_toward_rad=wrap_rad(toward))
        return StagedFall(
            seed=seed,
            scenario=Scenario(
                name=f"staged-fall-{seed}",
                seed=seed,
                residents=residents,
                events=(TimedEvent(at_s=falls_at_s, what=fall),),
                battery_pct={},
                start={stage.robot_id: start},
                busy=6,
                things=6,
            ),
            robot_id=stage.robot_id,
            start=start,
            goal=goal,
            person_id=fall.person_id,
            falls_at_s=falls_at_s,
            place_m=place,
            posture=posture,
            head_toward_rad=wrap_rad(toward),
            distance_m=robot.distance_m(place),
        )
    raise Unreachable(f"site {site.site_id!r}: no leg of {_LEG_M[0]:.0f} m or more with room for a fall beside it")


def crowd(seed: int, site: Site, *, residents: int = 30, hours: float = 1.0) -> Scenario:
    """Everyday life without a fall: people walk, sit, bend, kneel and sweep, and things lie about.

    `hours` only says how long its player means to watch: life goes on for as long as it is played.
    """
    if not hours > 0:
        raise ValueError(f"hours: expected a positive number; came {hours!r}")
    return Scenario(name=f"crowd-{seed}", seed=seed, residents=residents, events=(), battery_pct={}, busy=16, things=24)


class _Stage:
    """Legs of a site, and where there is room for a fall."""

    def __init__(self, site: Site) -> None:
        self.robot_id = min(r.robot_id for r in site.robots.values() if r.kind is RobotKind.GROUND)
        self._obstacles = Obstacles.of(site)
        self._planner = RoutePlanner(site.lanes, self._obstacles)
        self._viewpoints = [v.pose for _, v in sorted(site.viewpoints.items())]
        self._water = [z.area for z in site.zones if z.kind is ZoneKind.WATER]

    def leg(self, pick: random.Random) -> tuple[Polyline, Pose2] | None:
        """The way from one viewpoint to another, where that is neither short nor long."""
        a, b = pick.sample(self._viewpoints, 2)
        if not _LEG_M[0] <= a.point.distance_m(b.point) <= _LEG_M[1]:
            return None
        try:
            way = Polyline(self._planner.plan(a.point, b.point).points)
        except Unreachable:
            return None
        return (way, b) if _LEG_M[0] <= way.length_m <= _LEG_M[1] else None

    def free(self, place: Point2, toward_rad: float, home: Point2) -> bool:
        """Whether somebody can walk here from home and fall this way, in reach of no wall and no water."""
        spots = [middle for middle, _ in lying_discs(place, toward_rad)]
        return (
            all(self._obstacles.clearance_m(spot) > _ROOM_M for spot in (place, home, *spots))
            and self._obstacles.blocking((home, place), 0.5) is None
            and not any(_inside(spot, area) for spot in (place, home) for area in self._water)
        )


def _beside(way: Polyline, along_m: float, aside_m: float) -> Point2:
    spot, turn = way.at(along_m), way.heading_rad(along_m) + math.pi / 2
    return Point2(spot.x_m + aside_m * math.cos(turn), spot.y_m + aside_m * math.sin(turn))


def _inside(spot: Point2, area: tuple[Point2, ...]) -> bool:
    inside = False
    for a, b in zip(area, (*area[1:], area[0]), strict=True):
        if (a.y_m > spot.y_m) != (b.y_m > spot.y_m):
            crossing = a.x_m + (spot.y_m - a.y_m) * (b.x_m - a.x_m) / (b.y_m - a.y_m)
            inside ^= spot.x_m < crossing
    return inside
