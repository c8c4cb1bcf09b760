"""Weeks of a community's alarms with the truth about each: which alarm belongs to which incident. Pure, seeded.

Built so that nearness alone cannot tell incidents apart: different hazards strike in one flat at once, and cries for
help come from neighbouring flats and floors within the same minutes. On top of the alarms lies what networks and cheap
sensors do to them: some never arrive, some arrive twice, late, or in another order.
"""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from patrol_core.finding import Phase
from patrol_core.kind import KINDS, IncidentKind, Reach
from sim.corpus_site import Estate, Home

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
LOST, TWICE, LATE = 0.02, 0.05, 0.03  # shares of all messages
LATE_S = 120.0  # the lateness bound
JITTER_S = 3.0
APART = timedelta(hours=1)
_K = IncidentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One word of a sensor, as it arrives; a duplicate has the same boot and number."""

    truth: str  # the incident it really is about
    device_id: str
    kind: IncidentKind
    phase: Phase
    sent_at: datetime  # the sensor's clock
    arrives_at: datetime
    sequence: int  # unique together with the device

    @property
    def life(self) -> bool:
        return KINDS[self.kind].life


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How many stories of each sort begin in a day."""

    lone_alarms: float = 12  # one sensor of some home
    people: float = 12  # somebody in need, by one or two of their own devices
    fires: float = 4  # spreading over flats and floors
    leaks: float = 6  # running down a staircase
    crowded: float = 40  # several independent incidents in neighbouring homes at once
    flapping: float = 2
    power_cuts: float = 0.3
    dust_storms: float = 0.15  # every detector of a staircase, one after the other


@dataclass(frozen=True, slots=True)
class _Word:
    at_s: float  # after the story began
    device_id: str
    kind: IncidentKind
    phase: Phase = Phase.RAISED


Story = list[_Word]


def corpus(seed: int, *, days: float, estate: Estate | None = None, mix: Mix | None = None) -> list[Message]:
    """Every message of so many days, in the order of arrival."""
    rng = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    teller = _Teller(rng, estate or Estate())
    mix = mix or Mix()
    tellings: Mapping[str, tuple[float, Callable[[], list[Story]]]] = {
        "alone": (mix.lone_alarms, teller.lone_alarm),
        "people": (mix.people, teller.people),
        "fire": (mix.fires, teller.fire),
        "leak": (mix.leaks, teller.leak),
        "crowd": (mix.crowded, teller.crowded),
        "flap": (mix.flapping, teller.flapping),
        "cut": (mix.power_cuts, teller.power_cut),
        "dust": (mix.dust_storms, teller.dust_storm),
    }
    messages: list[Message] = []
    taken = _Taken()
    sequence = 0
    for name, (per_day, tell) in tellings.items():
        for number in range(max(1, round(per_day * days))):
            stories = tell()
            begins_at = BEGINS + timedelta(days=rng.uniform(0, days))
            while not taken.room_for(stories, begins_at):
                stories, begins_at = tell(), BEGINS + timedelta(days=rng.uniform(0, days))
            for which, story in enumerate(stories):
                truth = f"{name}-{number}-{which}"
                for message in _through_the_network(rng, story, truth, begins_at, sequence):
                    messages.append(message)
                    sequence = message.sequence + 1
    return sorted(messages, key=lambda m: m.arrives_at)


def _through_the_network(
    rng: random.Random, story: Story, truth: str, begins_at: datetime, sequence: int
) -> Iterator[Message]:
    """What arrives of a story. Of its alarms at least the first does: what nobody hears of, nobody can act on."""
    for nth, word in enumerate(sorted(story, key=lambda w: w.at_s)):
        if nth and rng.random() < LOST:
            continue
        sent_at = begins_at + timedelta(seconds=word.at_s)
        delay_s = rng.uniform(JITTER_S, LATE_S) if rng.random() < LATE else rng.uniform(0, JITTER_S)
        copies = 2 if rng.random() < TWICE else 1
        for copy in range(copies):
            yield Message(
                truth=truth,
                device_id=word.device_id,
                kind=word.kind,
                phase=word.phase,
                sent_at=sent_at,
                arrives_at=sent_at + timedelta(seconds=delay_s + copy * rng.uniform(1, 60)),
                sequence=sequence + nth,
            )


class _Taken:
    """Where and when something happens already.

    A second fire in a staircase where it burns, or a second cry from the same flat, is one event to anybody who has
    only the sensors: separate stories keep an hour between such. Different hazards, and others' flats, need not.
    """

    def __init__(self) -> None:
        self._spans: dict[tuple[str, ...], list[tuple[datetime, datetime]]] = defaultdict(list)

    def room_for(self, stories: list[Story], begins_at: datetime) -> bool:
        """Take the places, if they are free."""
        wanted: dict[tuple[str, ...], tuple[datetime, datetime]] = {}
        for story in stories:
            ends_at = begins_at + timedelta(seconds=max(w.at_s for w in story)) + APART
            wanted |= {_place(word): (begins_at - APART, ends_at) for word in story}
        for place, (first, last) in wanted.items():
            if any(first < end and begin < last for begin, end in self._spans[place]):
                return False
        for place, span in wanted.items():
            self._spans[place].append(span)
        return True


def _place(word: _Word) -> tuple[str, ...]:
    """How far one event of its hazard may reach: people's a flat, others' a staircase."""
    tower, staircase, floor, flat, _ = word.device_id.split("-")
    policy = KINDS[word.kind]
    if policy.reach is Reach.SOURCE:
        return (policy.family.value, word.device_id)
    if policy.reach is Reach.FLAT:
        return (policy.family.value, tower, staircase, floor, flat)
    return (policy.family.value, tower, staircase)


class _Teller:
    """Makes stories up."""

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
        """Somebody presses, and often a second of their devices says so too."""
        return [self._person(self._home())]

    def fire(self) -> list[Story]:
        """From room to room, to the flats beside, to the floor above."""
        return [self._fire(self._home(highest=self._estate.floors - 3), homes=self._rng.randint(2, 7))]

    def leak(self) -> list[Story]:
        """Water runs down a staircase."""
        home, words = self._home(), []
        for n in range(self._rng.randint(1, 4)):
            if home.floor - n >= 1:
                below = Home(tower=home.tower, staircase=home.staircase, floor=home.floor - n, flat=home.flat)
                words += self._alarms(below.sensor("leak1"), _K.FLOOD, times=3, every_s=60, from_s=n * 120, clears=True)
        return [words]

    def crowded(self) -> list[Story]:
        """Independent incidents at once, in one flat, in the flats beside it, above and below it."""
        rng, home = self._rng, self._home(lowest=3, highest=self._estate.floors - 3)
        around = [
            home,
            self._beside(home),
            Home(tower=home.tower, staircase=home.staircase, floor=home.floor + 1, flat=home.flat),
            Home(tower=home.tower, staircase=home.staircase, floor=home.floor - 1, flat=home.flat),
        ]
        stories = [self._shifted(self._person(h), rng.uniform(0, 240)) for h in around[: rng.randint(3, 4)]]
        others: Sequence[tuple[tuple[str, ...], IncidentKind]] = (
            (("gas1",), _K.GAS),
            (("leak1", "leak2", "leak3"), _K.FLOOD),
            (("smoke1", "smoke2", "smoke3"), _K.SMOKE),
            (("door1",), _K.DOOR),
        )
        for sensors, kind in rng.sample(others, rng.randint(2, 4)):
            there, words = rng.choice(around), list[_Word]()
            for n, what in enumerate(sensors):
                words += self._alarms(there.sensor(what), kind, times=3, every_s=40, from_s=n * 15, clears=True)
            stories.append(self._shifted(words, rng.uniform(0, 240)))
        return stories

    def flapping(self) -> list[Story]:
        """A loose contact: alarm and normal in turn, for a quarter of an hour."""
        sensor, kind = self._home().sensor("door2"), _K.DOOR
        if self._rng.random() < 0.5:
            sensor, kind = self._home().sensor("leak2"), _K.FLOOD
        words: Story = []
        for n in range(self._rng.randint(15, 30)):
            at_s = n * self._rng.uniform(25, 35)
            words += [_Word(at_s, sensor, kind), _Word(at_s + 2, sensor, kind, Phase.CLEARED)]
        return [words]

    def power_cut(self) -> list[Story]:
        """The mains say so, and within minutes hundreds of sensors of the tower are noticed to be silent."""
        rng, tower = self._rng, self._rng.randint(1, self._estate.towers)
        mains = Home(tower=tower, staircase=0, floor=0, flat=0).sensor("mains1")
        words: Story = [_Word(n * 60.0, mains, _K.POWER_CUT) for n in range(10)]
        silent = {self._home(tower=tower).sensor(rng.choice(["smoke1", "leak1", "door1", "co1"])) for _ in range(250)}
        words += [_Word(rng.uniform(5, 600), sensor, _K.DEVICE_FAULT) for sensor in sorted(silent)]
        return [words]

    def dust_storm(self) -> list[Story]:
        """Building dust in a shaft: the detectors of one staircase, floor by floor."""
        home, words = self._home(), []
        for floor in range(1, self._estate.floors + 1):
            for flat in range(self._estate.flats + 1):
                sensor = Home(tower=home.tower, staircase=home.staircase, floor=floor, flat=flat).sensor("smoke1")
                if self._rng.random() < 0.7:
                    words.append(_Word(floor * 8 + self._rng.uniform(0, 20), sensor, _K.SMOKE))
        return [words]

    def _person(self, home: Home) -> Story:
        rng = self._rng
        words = self._alarms(home.sensor("sos1"), _K.SOS, times=rng.randint(1, 3), every_s=20)
        if rng.random() < 0.5:
            words += self._alarms(home.sensor("band1"), _K.WRISTBAND, times=2, every_s=30, from_s=rng.uniform(0, 90))
        return words

    def _fire(self, origin: Home, *, homes: int) -> Story:
        rng, words = self._rng, list[_Word]()
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
            above = Home(tower=home.tower, staircase=home.staircase, floor=home.floor + 1, flat=home.flat)
            for n, there in enumerate((self._beside(home), above)):
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
        words = [_Word(at_s, sensor, kind) for at_s in at]
        return [*words, _Word(max(at) + 300, sensor, kind, Phase.CLEARED)] if clears else words

    def _beside(self, home: Home) -> Home:
        flat = home.flat + 1 if home.flat < self._estate.flats else home.flat - 1
        return Home(tower=home.tower, staircase=home.staircase, floor=home.floor, flat=flat)

    def _home(self, *, tower: int | None = None, lowest: int = 1, highest: int | None = None) -> Home:
        rng, estate = self._rng, self._estate
        return Home(
            tower=tower or rng.randint(1, estate.towers),
            staircase=rng.randint(1, estate.staircases),
            floor=rng.randint(lowest, highest or estate.floors),
            flat=rng.randint(1, estate.flats),
        )

    def _shifted(self, words: Story, by_s: float) -> Story:
        return [_Word(w.at_s + by_s, w.device_id, w.kind, w.phase) for w in words]
