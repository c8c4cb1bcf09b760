"""People who do something where they are (sit, bend, weed, sweep), and what lies about, beside the ways. Seeded."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

import shapely

from patrol_core.geometry import Point2
from patrol_core.site import Site, ZoneKind
from sim.clutter import Thing, thing
from sim.obstacles import Obstacles
from sim.person import Person
from sim.polyline import Polyline
from sim.posture import BUSY, Posture

_BESIDE_M = (2.4, 6.0)  # from the middle of a lane: nobody sits in a robot's way
_FROM_WALL_M = 1.2
_FROM_STOP_M = 2.5  # of docks and viewpoints
_APART_M = 2.0
_SOFT = (ZoneKind.GREEN, ZoneKind.PLAZA, ZoneKind.WALKWAY)
_WORK_MPS = 0.35  # of `stride_m`, which is the phase of a worker's arms
_AT_WORK = (Posture.BENDING, Posture.KNEELING, Posture.SWEEPING, Posture.SQUATTING)
_TRIES = 400


@dataclass(slots=True)
class _Bystander:
    person: Person
    rng: random.Random
    changes_in_s: float


class Bystanders:
    """Those who do something, and the things about them."""

    def __init__(self, site: Site, obstacles: Obstacles, *, busy: int, things: int, seed: int) -> None:
        pick = random.Random(f"{seed}/bystanders")  # noqa: S311 - a simulation, not a secret
        places = _Places(site, obstacles)
        self._bystanders = [_born(i, spot, seed) for i, spot in enumerate(places.some(busy, pick))]
        self.things: tuple[Thing, ...] = tuple(
            thing(pick.randrange(1 << 30), spot) for spot in places.some(things, pick)
        )
        self.people = tuple(b.person for b in self._bystanders)

    def step(self, dt_s: float) -> None:
        """They go on with what they do, and with something else after a while."""
        for one in self._bystanders:
            one.changes_in_s -= dt_s
            if one.changes_in_s <= 0.0:
                one.changes_in_s = one.rng.uniform(20.0, 90.0)
                if one.person.posture in _AT_WORK:  # who sits stays seated
                    other = one.rng.choice(_AT_WORK)
                    one.person = replace(one.person, posture=other)
            if one.person.posture in _AT_WORK:
                one.person = replace(one.person, stride_m=one.person.stride_m + _WORK_MPS * dt_s)
        self.people = tuple(b.person for b in self._bystanders)


def _born(i: int, spot: Point2, seed: int) -> _Bystander:
    rng = random.Random(f"{seed}/bystander/{i}")  # noqa: S311 - a simulation, not a secret
    person = Person(
        person_id=f"bystander-{i:02d}",
        position_m=spot,
        heading_rad=rng.uniform(-math.pi, math.pi),
        speed_mps=0.0,
        stride_m=rng.uniform(0.0, 1.5),
        look=rng.randrange(1 << 16),
        posture=rng.choice(BUSY),
    )
    return _Bystander(person, rng, rng.uniform(5.0, 60.0))


class _Places:
    """Free spots beside the lanes, each taken once."""

    def __init__(self, site: Site, obstacles: Obstacles) -> None:
        self._obstacles = obstacles
        self._lanes = [Polyline(lane.line) for lane in site.lanes.lanes]
        soft = [shapely.Polygon([(p.x_m, p.y_m) for p in z.area]) for z in site.zones if z.kind in _SOFT]
        hard = [shapely.Polygon([(p.x_m, p.y_m) for p in z.area]) for z in site.zones if z.kind not in _SOFT]
        self._soft = shapely.union_all(soft).difference(shapely.union_all(hard).buffer(0.8))
        shapely.prepare(self._soft)
        self._stops = [v.pose.point for v in site.viewpoints.values()] + [d.pose.point for d in site.docks.values()]
        self._taken: list[Point2] = []

    def some(self, count: int, pick: random.Random) -> list[Point2]:
        """`count` of them, or as many as there is room for."""
        found: list[Point2] = []
        for _ in range(_TRIES * count):
            if len(found) == count:
                break
            spot = self._one(pick)
            if self._free(spot):
                found.append(spot)
                self._taken.append(spot)
        return found

    def _one(self, pick: random.Random) -> Point2:
        line = pick.choices(self._lanes, weights=[lane.length_m for lane in self._lanes])[0]
        along_m = pick.uniform(0.0, line.length_m)
        aside = line.heading_rad(along_m) + pick.choice((-1, 1)) * math.pi / 2
        away_m, on = pick.uniform(*_BESIDE_M), line.at(along_m)
        return Point2(on.x_m + away_m * math.cos(aside), on.y_m + away_m * math.sin(aside))

    def _free(self, spot: Point2) -> bool:
        return (
            self._obstacles.clearance_m(spot) > _FROM_WALL_M
            and all(spot.distance_m(stop) > _FROM_STOP_M for stop in self._stops)
            and all(spot.distance_m(other) > _APART_M for other in self._taken)
            and bool(self._soft.intersects(shapely.Point(spot.x_m, spot.y_m)))
            and all(lane.project(spot)[1] > _BESIDE_M[0] - 0.1 for lane in self._lanes)
        )
