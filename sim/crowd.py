"""Everybody on foot: residents who walk, people who are busy beside the ways, and those a scenario brings on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from patrol_core.geometry import Point2
from patrol_core.site import Site
from sim.bodies import discs
from sim.bystanders import Bystanders
from sim.clutter import Thing
from sim.falls import Tumble
from sim.obstacles import Obstacles
from sim.people import Residents
from sim.person import Person
from sim.posture import Posture
from sim.scenario import Fall, Scenario
from sim.walk_on import WalkOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Fell:
    """Somebody has come to lie on the ground."""

    person_id: str
    position_m: Point2  # of the pelvis, frame `map`
    posture: Posture
    head_toward_rad: float  # from the feet


class Crowd:
    """All of them. `step` moves them; nothing else does."""

    def __init__(self, site: Site, obstacles: Obstacles, scenario: Scenario, *, seed: int) -> None:
        self._obstacles = obstacles
        self._residents = Residents.on(site.lanes, obstacles, count=scenario.residents, seed=seed)
        self._bystanders = Bystanders(site, obstacles, busy=scenario.busy, things=scenario.things, seed=seed)
        self._walk_ons: dict[str, WalkOn] = {}
        for event in scenario.events:
            what = event.what
            if isinstance(what, Fall) and what.at_m is not None and what.person_id not in self._walk_ons:
                self._walk_ons[what.person_id] = WalkOn.born(
                    what.person_id, home=what.from_m or what.at_m, at=what.at_m, falls_at_s=event.at_s, seed=seed
                )
        self._help_at_s: dict[str, float] = {}
        self._lay: set[str] = set()
        self.people: tuple[Person, ...] = ()
        self._gather()

    @property
    def things(self) -> tuple[Thing, ...]:
        """What lies about."""
        return self._bystanders.things

    def fall(self, what: Fall, *, now_s: float, next_s: float | None, robots: Sequence[Point2]) -> None:
        """It happens now, and at `next_s` again."""

        def how(person: Person) -> Tumble:
            return Tumble.of(
                person,
                posture=what.posture,
                head_toward_rad=what.head_toward_rad,
                obstacles=self._obstacles,
                robots=robots,
            )

        walk_on = self._walk_ons.get(what.person_id)
        if walk_on is not None:
            walk_on.fall = walk_on.fall or how(walk_on.person)
            walk_on.falls_at_s = math.inf if next_s is None else next_s
        else:
            self._residents.fall(what.person_id, how)
        self._help_at_s[what.person_id] = now_s + what.helped_after_s

    def help_up(self, person_id: str, *, at_s: float) -> None:
        """Somebody helps them at that time, unless somebody else does before."""
        self._help_at_s[person_id] = min(at_s, self._help_at_s.get(person_id, math.inf))

    def lying(self) -> tuple[Person, ...]:
        """Who is on the ground or on the way there."""
        return tuple(person for person in self.people if person.lies)

    def step(self, dt_s: float, now_s: float, robots: Sequence[Point2]) -> list[Fell]:
        """`dt_s` seconds of everybody's life, which end at `now_s`; who came to lie on the ground in them."""
        for person_id in [p for p, at_s in self._help_at_s.items() if at_s <= now_s]:
            del self._help_at_s[person_id]
            self._get_up(person_id)
        avoided = [*robots, *(middle for person in self.lying() for middle, _ in discs(person))]
        self._residents.step(dt_s, avoided)
        self._bystanders.step(dt_s)
        for walk_on in self._walk_ons.values():
            walk_on.step(dt_s, now_s, robots)
        self._gather()
        lie = {p.person_id: p for p in self.people if p.lies and p.fallen >= 1.0}
        new = [person for person_id, person in lie.items() if person_id not in self._lay]
        self._lay = set(lie)
        return [
            Fell(
                person_id=p.person_id,
                position_m=p.position_m,
                posture=p.posture,
                head_toward_rad=p.head_toward_rad,
            )
            for p in new
        ]

    def _get_up(self, person_id: str) -> None:
        walk_on = self._walk_ons.get(person_id)
        if walk_on is None:
            self._residents.help_up(person_id)
        elif walk_on.fall is not None:
            walk_on.fall.rising = True

    def _gather(self) -> None:
        self.people = (
            *self._residents.people,
            *self._bystanders.people,
            *(walk_on.person for walk_on in self._walk_ons.values()),
        )
