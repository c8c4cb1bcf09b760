"""What happens to people and homes, told by their sensors: each story is one true incident. Pure, seeded.

What strikes together is told together, as several stories in one place: a riser that bursts across floors while the
flat next door burns and the people around cry for help; a fire and those whom it frightens; a tower in the dark and
whoever is caught in it. Nearness says nothing about which of them an alarm belongs to.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass

from patrol_core.finding import Phase
from patrol_core.kind import IncidentKind
from sim.corpus_site import Estate, Home

_K = IncidentKind


@dataclass(frozen=True, slots=True)
class Word:
    """One word of one sensor."""

    at_s: float  # after the story began
    device_id: str
    kind: IncidentKind
    phase: Phase = Phase.RAISED


Story = list[Word]


class Teller:
    """Makes stories up. Each method answers what strikes together: one story for each true incident."""

    def __init__(self, rng: random.Random, estate: Estate) -> None:
        self._rng = rng
        self._estate = estate

    def lone_alarm(self) -> list[Story]:
        """Burnt food, a gas cock, a tap, a door: one sensor, once or a few times."""
        home = self._home()
        what, kind = self._rng.choice(
            [
                ("smoke1", _K.SMOKE),
                ("smoke2", _K.SMOKE),
                ("gas1", _K.GAS),
                ("co1", _K.CO),
                ("fuse1", _K.ELECTRICAL_FIRE),
                ("water1", _K.WATER_NO_USE),
                ("leak1", _K.FLOOD),
                ("door1", _K.DOOR),
            ]
        )
        return [self._alarms(home.sensor(what), kind, times=self._rng.randint(1, 4), every_s=45, clears=True)]

    def people(self) -> list[Story]:
        """Somebody presses, and often others of their devices say so too."""
        return [self._person(self._home())]

    def fire(self) -> list[Story]:
        """From room to room, to the flats beside, to the floor above; people cry for help, its water runs down."""
        rng, origin = self._rng, self._home(lowest=5, highest=self._estate.floors - 4)
        burning = self._fire(origin, homes=rng.randint(2, 6))
        around = self._around(origin, floors=range(-1, 3))
        frightened = [self._later(self._person(h), 300) for h in rng.sample(around, rng.randint(6, 10))]
        water = self._later(self._riser(origin, floors=rng.randint(2, 4)), 300)
        return [burning, water, *frightened, *self._doors(around, rng.randint(1, 3))]

    def leak(self) -> list[Story]:
        """A riser bursts: water runs down a staircase, into the flats on both sides, and people slip."""
        rng, top = self._rng, self._home(lowest=7)
        around = self._around(top, floors=range(-3, 1))
        slipped = [self._later(self._person(h), 600) for h in rng.sample(around, rng.randint(5, 9))]
        return [self._riser(top, floors=rng.randint(3, 6)), *slipped]

    def crowded(self) -> list[Story]:
        """Everything at once around one home: beside it, above and below it, in its own rooms."""
        rng, home = self._rng, self._home(lowest=7, highest=self._estate.floors - 5)
        around = self._around(home, floors=range(-1, 2))
        stories = [self._person(h) for h in rng.sample(around, rng.randint(6, 9))]
        stories.append(self._riser(rng.choice(around), floors=rng.randint(2, 4)))
        stories.append(self._kitchen(self._beside(home)))
        if rng.random() < 0.7:  # another kitchen, two floors up: nobody's smoke gets there from here
            stories.append(self._kitchen(_moved(home, floors=2)))
        stories += [self._gas(h) for h in rng.sample(around, 1)]
        stories += self._doors(around, rng.randint(1, 3))
        return [self._later(story, 240) for story in stories]

    def twins(self) -> list[Story]:
        """One hazard twice in one staircase at once, by two causes: the second may well be taken for the first."""
        rng, home = self._rng, self._home(lowest=8, highest=self._estate.floors - 3)
        other = _moved(home, floors=rng.choice((0, 1)), flat=(home.flat + 1) % self._estate.flats + 1)
        both = rng.choice((self._kitchen, self._gas, self._tap))
        return [both(home), self._later(both(other), 600)]

    def flapping(self) -> list[Story]:
        """A loose contact: alarm and normal in turn, for a quarter of an hour; the neighbour's, too, in such a wind."""
        home = self._home()
        what, kind = self._rng.choice((("door2", _K.DOOR), ("leak2", _K.FLOOD)))
        homes = [home, self._beside(home)] if kind is _K.DOOR else [home]
        stories = []
        for there in homes:
            words: Story = []
            for n in range(self._rng.randint(15, 30)):
                at_s, sensor = n * self._rng.uniform(25, 35), there.sensor(what)
                words += [Word(at_s, sensor, kind), Word(at_s + 2, sensor, kind, Phase.CLEARED)]
            stories.append(words)
        return stories

    def power_cut(self) -> list[Story]:
        """The mains say so, scores of the tower's sensors are noticed to be silent; people are caught in the dark."""
        rng, tower, estate = self._rng, self._rng.randint(1, self._estate.towers), self._estate
        mains = Home(tower=tower, staircase=0, floor=0, flat=0).sensor("mains1")
        dark: Story = [Word(n * 60.0, mains, _K.POWER_CUT) for n in range(10)]
        silent = {self._home(tower=tower).sensor(rng.choice(["smoke1", "leak1", "door1", "co1"])) for _ in range(60)}
        dark += [Word(rng.uniform(5, 600), sensor, _K.DEVICE_FAULT) for sensor in sorted(silent)]
        stories = [dark]
        for staircase in range(1, estate.staircases + 1):
            lift = Home(tower=tower, staircase=staircase, floor=0, flat=0).sensor("lift1")
            if rng.random() < 0.5:
                stories.append(self._later(self._alarms(lift, _K.ELEVATOR_TRAPPED, times=4, every_s=50), 300))
            where = self._home(tower=tower, staircase=staircase, lowest=8, highest=estate.floors - 3)
            homes = self._around(where, floors=range(-1, 2))
            stories += [self._later(self._person(h), 600) for h in rng.sample(homes, rng.randint(5, 7))]
            stories += [self._later(self._riser(where, floors=3), 600)] if rng.random() < 0.7 else []
            stories += [self._later(self._kitchen(where), 600)] if rng.random() < 0.7 else []  # a candle
            stories += self._doors(homes, rng.randint(1, 3))  # magnetic locks fall open
        return stories

    def dust_storm(self) -> list[Story]:
        """Building dust rises in a shaft, detector by detector; it frightens people, and a burst riser goes on."""
        rng, home = self._rng, self._home(lowest=8, highest=self._estate.floors - 12)
        dust: Story = []
        for n in range(12):
            for flat in range(self._estate.flats + 1):
                sensor = Home(tower=home.tower, staircase=home.staircase, floor=home.floor + n, flat=flat)
                if rng.random() < 0.7:
                    dust.append(Word(n * 12 + rng.uniform(0, 20), sensor.sensor("smoke1"), _K.SMOKE))
        around = self._around(home, floors=range(12))
        stories = [dust, self._later(self._riser(_moved(home, floors=5), floors=6), 120)]
        stories += [self._later(self._person(h), 300) for h in rng.sample(around, 18)]
        stories += [self._later(self._gas(_moved(home, floors=n)), 300) for n in (1, 5, 9)]
        return [*stories, *self._doors(around, 4)]

    def _person(self, home: Home) -> Story:
        """One call from several rooms: the button by the bed, the bands that hear a fall, the one in the bathroom."""
        rng = self._rng
        words = self._alarms(home.sensor("sos1"), _K.SOS, times=rng.randint(1, 3), every_s=20)
        others = (("band1", _K.WRISTBAND), ("band2", _K.PERSON_FALLEN), ("sos2", _K.SOS))
        for what, kind in rng.sample(others, rng.choice((1, 2, 2, 3))):
            words += self._alarms(home.sensor(what), kind, times=2, every_s=30, from_s=rng.uniform(0, 90))
        return words

    def _kitchen(self, home: Home) -> Story:
        """Burnt food: the detectors of all its rooms."""
        return self._rooms(home, ("smoke1", "smoke2", "smoke3"), _K.SMOKE)

    def _tap(self, home: Home) -> Story:
        """A bath runs over."""
        return self._rooms(home, ("leak1", "leak2", "leak3"), _K.FLOOD)

    def _gas(self, home: Home) -> Story:
        return self._alarms(home.sensor("gas1"), _K.GAS, times=3, every_s=40, clears=True)

    def _rooms(self, home: Home, sensors: tuple[str, ...], kind: IncidentKind) -> Story:
        words: Story = []
        for n, what in enumerate(sensors):
            words += self._alarms(home.sensor(what), kind, times=3, every_s=40, from_s=n * 15, clears=True)
        return words

    def _riser(self, top: Home, *, floors: int) -> Story:
        """Down from `top`, in the flats on both sides of the pipe."""
        words: Story = []
        for n in range(min(floors, top.floor)):
            for there in (_moved(top, floors=-n), self._beside(_moved(top, floors=-n))):
                for what in self._rng.sample(("leak1", "leak2", "leak3"), 2):
                    words += self._alarms(there.sensor(what), _K.FLOOD, times=2, every_s=60, from_s=n * 90, clears=True)
        return words

    def _doors(self, homes: list[Home], count: int) -> list[Story]:
        """Doors left open, each for a reason of its own."""
        found = self._rng.sample(homes, count)
        return [self._later(self._alarms(h.sensor("door1"), _K.DOOR, times=2, every_s=60), 300) for h in found]

    def _fire(self, origin: Home, *, homes: int) -> Story:
        rng, words = self._rng, list[Word]()
        edge: list[tuple[float, int, Home]] = [(0.0, 0, origin)]
        burnt: set[Home] = set()
        while edge and len(burnt) < homes:
            at_s, _, home = heapq.heappop(edge)
            if home in burnt:
                continue
            burnt.add(home)
            for n, what in enumerate(rng.sample(["smoke1", "smoke2", "smoke3", "co1", "fuse1"], rng.randint(2, 4))):
                kind = {"co1": _K.CO, "fuse1": _K.ELECTRICAL_FIRE}.get(what, _K.SMOKE)
                words += self._alarms(home.sensor(what), kind, times=3, every_s=40, from_s=at_s + n * 15)
            for n, there in enumerate((self._beside(home), _moved(home, floors=1))):
                if there.floor <= self._estate.floors:
                    heapq.heappush(edge, (at_s + rng.uniform(60, 240), len(words) * 2 + n, there))
        return words

    def _alarms(
        self,
        sensor: str,
        kind: IncidentKind,
        *,
        times: int,
        every_s: float,
        from_s: float = 0.0,
        clears: bool = False,
    ) -> Story:
        at = [from_s + n * every_s * self._rng.uniform(0.8, 1.2) for n in range(times)]
        words = [Word(at_s, sensor, kind) for at_s in at]
        return [*words, Word(max(at) + 300, sensor, kind, Phase.CLEARED)] if clears else words

    def _around(self, home: Home, *, floors: range) -> list[Home]:
        """The flats wall to wall with its own, on some floors counted from its own: one of two rows."""
        row = range(2 - home.flat % 2, self._estate.flats + 1, 2)
        there = [_moved(home, floors=n, flat=f) for n in floors for f in row]
        return [h for h in there if 1 <= h.floor <= self._estate.floors]

    def _beside(self, home: Home) -> Home:
        """Behind the wall; across the corridor are the flats of other numbers, odd or even."""
        return _moved(home, flat=home.flat + 2 if home.flat + 2 <= self._estate.flats else home.flat - 2)

    def _home(
        self, *, tower: int | None = None, staircase: int | None = None, lowest: int = 1, highest: int | None = None
    ) -> Home:
        rng, estate = self._rng, self._estate
        return Home(
            tower=tower or rng.randint(1, estate.towers),
            staircase=staircase or rng.randint(1, estate.staircases),
            floor=rng.randint(lowest, highest or estate.floors),
            flat=rng.randint(1, estate.flats),
        )

    def _later(self, words: Story, within_s: float) -> Story:
        by_s = self._rng.uniform(0, within_s)
        return [Word(w.at_s + by_s, w.device_id, w.kind, w.phase) for w in words]


def _moved(home: Home, *, floors: int = 0, flat: int | None = None) -> Home:
    """A home so many floors above, in the same flat's column or another's."""
    return Home(tower=home.tower, staircase=home.staircase, floor=home.floor + floors, flat=flat or home.flat)
