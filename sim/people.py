"""Residents on foot: seeded random walks beside the lanes. They stop for a robot, and turn back from one that stays."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from patrol_core.geometry import Point2, wrap_rad
from patrol_core.lanes import LaneGraph
from sim.falls import Tumble
from sim.obstacles import Obstacles
from sim.person import PERSON_RADIUS_M, Person
from sim.polyline import Polyline

_WAIT_FOR_ROBOT_S = 3.0
_SEES_ROBOT_M = 1.4
_ARM_M = 1.0
_MAKES_WAY_S = 1.5
_RECOVERS_S = 6.0  # stands for a moment after a fall


@dataclass(slots=True, kw_only=True)
class _Walker:
    person: Person
    rng: random.Random
    edge: int
    forward: bool
    along_m: float
    aside_m: float  # to the right of the direction of walking
    pace_mps: float
    wait_s: float = 0.0
    chat_at_m: float | None = None
    facing_robot_s: float = 0.0
    fall: Tumble | None = None


@dataclass(frozen=True, slots=True)
class _Edge:
    start: str
    end: str
    line: Polyline
    room_m: float  # how far beside the middle one can walk


@dataclass(slots=True)
class Residents:
    """All residents of the site. `step` moves them; nothing else does."""

    people: tuple[Person, ...]
    _walkers: list[_Walker]
    _edges: list[_Edge]
    _at_node: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def on(cls, lanes: LaneGraph, obstacles: Obstacles, *, count: int, seed: int) -> Residents:
        """`count` residents spread over the lanes by length; the same seed gives the same people."""
        edges = _edges(lanes, obstacles)
        at_node: dict[str, list[int]] = {}
        for i, edge in enumerate(edges):
            at_node.setdefault(edge.start, []).append(i)
            at_node.setdefault(edge.end, []).append(i)
        pick = random.Random(f"{seed}/residents")  # noqa: S311 - a simulation, not a secret
        walkers = [_born(i, edges, pick, seed) for i in range(count)] if edges else []
        return cls(tuple(w.person for w in walkers), walkers, edges, at_node)

    def fall(self, person_id: str, how: Callable[[Person], Tumble]) -> bool:
        """Somebody falls where they are; False where nobody of that name walks here. Who lies already stays."""
        for walker in self._walkers:
            if walker.person.person_id == person_id:
                walker.fall = walker.fall or how(walker.person)
                return True
        return False

    def help_up(self, person_id: str) -> None:
        """Whoever lies gets up, and walks on."""
        for walker in self._walkers:
            if walker.person.person_id == person_id and walker.fall is not None:
                walker.fall.rising = True

    def step(self, dt_s: float, robots: Sequence[Point2]) -> None:
        """Everyone walks for `dt_s` seconds, given where the robots are, and whoever else one does not walk into."""
        for walker in self._walkers:
            self._walk(walker, dt_s, robots)
        self.people = tuple(walker.person for walker in self._walkers)

    def _walk(self, walker: _Walker, dt_s: float, robots: Sequence[Point2]) -> None:
        if walker.fall is not None:
            walker.person = walker.fall.step(walker.person, dt_s)
            if walker.fall.over:
                walker.fall, walker.wait_s = None, _RECOVERS_S
            return
        near = [r for r in robots if r.distance_m(walker.person.position_m) < _SEES_ROBOT_M]
        if walker.wait_s > 0:
            walker.wait_s = min(walker.wait_s, _MAKES_WAY_S) if near else walker.wait_s
            walker.wait_s -= dt_s
            walker.person = _standing(walker.person)
            return
        if near and _faces_one(walker.person, near):
            self._wait(walker, dt_s)
            return
        edge = self._edges[walker.edge]
        walker.along_m += walker.pace_mps * dt_s * (1 if walker.forward else -1)
        if not 0.0 <= walker.along_m <= edge.line.length_m:
            self._next_edge(walker)
            edge = self._edges[walker.edge]
        elif walker.chat_at_m is not None and (walker.along_m - walker.chat_at_m) * (1 if walker.forward else -1) > 0:
            walker.chat_at_m = None
            walker.wait_s = walker.rng.uniform(4.0, 20.0)
        moved = _moved(walker, edge, dt_s)
        if near and _too_near(walker.person, moved, near):
            self._wait(walker, dt_s)
            return
        walker.facing_robot_s = 0.0
        walker.person = moved

    def _wait(self, walker: _Walker, dt_s: float) -> None:
        """Stands before a robot, and turns back after a while."""
        walker.facing_robot_s += dt_s
        walker.person = _standing(walker.person)
        if walker.facing_robot_s > _WAIT_FOR_ROBOT_S:
            walker.facing_robot_s = 0.0
            self._turn_back(walker)

    def _turn_back(self, walker: _Walker) -> None:
        walker.forward = not walker.forward
        walker.aside_m = -walker.aside_m  # the same side of the way as before
        person = walker.person
        walker.person = replace(person, heading_rad=wrap_rad(person.heading_rad + math.pi))

    def _next_edge(self, walker: _Walker) -> None:
        edge = self._edges[walker.edge]
        node = edge.end if walker.forward else edge.start
        ways = [i for i in self._at_node[node] if i != walker.edge]
        if not ways:  # a dead end: somebody goes in, somebody comes out
            walker.forward = not walker.forward
            walker.along_m = min(max(walker.along_m, 0.0), edge.line.length_m)
            walker.wait_s = walker.rng.uniform(2.0, 8.0)
            return
        walker.edge = walker.rng.choice(ways)
        edge = self._edges[walker.edge]
        walker.forward = edge.start == node
        walker.along_m = 0.0 if walker.forward else edge.line.length_m
        length_m = edge.line.length_m  # a chat never blocks a crossing
        walker.chat_at_m = walker.rng.uniform(0.3, 0.7) * length_m if walker.rng.random() < 0.08 else None
        side = math.copysign(1.0, walker.aside_m)
        walker.aside_m = side * min(edge.room_m, walker.rng.uniform(0.8, 1.5))


def _edges(lanes: LaneGraph, obstacles: Obstacles) -> list[_Edge]:
    """Each pair of opposite lanes once, in the order of the graph."""
    seen: set[frozenset[str]] = set()
    edges: list[_Edge] = []
    for lane in lanes.lanes:
        key = frozenset((lane.start, lane.end))
        if key in seen or lane.start == lane.end:
            continue
        seen.add(key)
        line = Polyline(lane.line)
        steps = max(1, int(line.length_m / 2.0))
        free_m = min(obstacles.clearance_m(line.at(line.length_m * i / steps)) for i in range(steps + 1))
        edges.append(_Edge(lane.start, lane.end, line, max(0.0, min(1.5, free_m - PERSON_RADIUS_M - 0.2))))
    return edges


def _born(i: int, edges: list[_Edge], pick: random.Random, seed: int) -> _Walker:
    edge = pick.choices(range(len(edges)), weights=[e.line.length_m for e in edges])[0]
    rng = random.Random(f"{seed}/resident/{i}")  # noqa: S311 - a simulation, not a secret
    forward = rng.random() < 0.5
    line = edges[edge].line
    along_m = rng.uniform(0.0, line.length_m)
    aside_m = min(edges[edge].room_m, rng.uniform(0.8, 1.5))
    heading = line.heading_rad(along_m) + (0.0 if forward else math.pi)
    position = _beside(line, along_m, heading, aside_m)
    return _Walker(
        person=Person(
            person_id=f"resident-{i:02d}",
            position_m=position,
            heading_rad=wrap_rad(heading),
            speed_mps=0.0,
            stride_m=rng.uniform(0.0, 1.5),
            look=rng.randrange(1 << 16),
        ),
        rng=rng,
        edge=edge,
        forward=forward,
        along_m=along_m,
        aside_m=aside_m,
        pace_mps=min(1.6, max(0.6, rng.gauss(1.15, 0.2))),  # Bohannon & Andrews 2011: adults 1.0–1.4 m/s
    )


def _beside(line: Polyline, along_m: float, heading_rad: float, aside_m: float) -> Point2:
    spot = line.at(along_m)
    return Point2(
        spot.x_m + aside_m * math.cos(heading_rad - math.pi / 2),
        spot.y_m + aside_m * math.sin(heading_rad - math.pi / 2),
    )


def _moved(walker: _Walker, edge: _Edge, dt_s: float) -> Person:
    """One step toward the place beside the lane; corners are walked round, not jumped."""
    person = walker.person
    heading = edge.line.heading_rad(walker.along_m) + (0.0 if walker.forward else math.pi)
    wanted = _beside(edge.line, walker.along_m, heading, walker.aside_m)
    away_m = person.position_m.distance_m(wanted)
    step_m = min(away_m, 1.6 * walker.pace_mps * dt_s)
    if away_m < 1e-6:
        return _standing(person)
    bearing = person.position_m.bearing_rad(wanted)
    turn = wrap_rad((bearing if away_m > 0.02 else heading) - person.heading_rad)
    return replace(
        person,
        position_m=Point2(
            person.position_m.x_m + step_m * math.cos(bearing), person.position_m.y_m + step_m * math.sin(bearing)
        ),
        heading_rad=wrap_rad(person.heading_rad + max(-4.0 * dt_s, min(4.0 * dt_s, turn))),
        speed_mps=step_m / dt_s,
        stride_m=person.stride_m + step_m,
    )


def _faces_one(person: Person, robots: Sequence[Point2]) -> bool:
    here = person.position_m
    return any(abs(wrap_rad(here.bearing_rad(robot) - person.heading_rad)) < 1.1 for robot in robots)


def _too_near(before: Person, after: Person, robots: Sequence[Point2]) -> bool:
    """Whether the step goes toward a robot within arm's length."""
    return any(
        after.position_m.distance_m(robot) < min(_ARM_M, before.position_m.distance_m(robot)) for robot in robots
    )


def _standing(person: Person) -> Person:
    return person if person.speed_mps == 0.0 else replace(person, speed_mps=0.0)
