"""Weeks of a community's alarms with the truth about each: which alarm belongs to which incident. Pure, seeded.

The stories (`corpus_stories`) are laid over the weeks, and over their alarms what networks and cheap sensors do to
them: some never arrive, some arrive twice, late, or in another order.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from patrol_core.finding import Phase
from patrol_core.kind import KINDS, IncidentKind, Reach
from sim.corpus_site import Estate
from sim.corpus_stories import Story, Teller, Word

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
LOST, TWICE, LATE = 0.02, 0.05, 0.03  # shares of all messages
LATE_S = 120.0  # the lateness bound
JITTER_S = 3.0
APART = timedelta(hours=1)


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
    people: float = 12  # somebody in need, by their own devices
    fires: float = 1.5  # spreading over flats and floors, with those whom they frighten
    leaks: float = 3  # running down a staircase, with those who slip
    crowded: float = 12  # everything at once in neighbouring homes
    twins: float = 2  # one hazard twice, by two causes, in neighbouring homes
    flapping: float = 1
    power_cuts: float = 0.3  # a whole tower, and whoever is caught in the dark
    dust_storms: float = 0.15  # the detectors of a staircase, one after the other


def corpus(seed: int, *, days: float, estate: Estate | None = None, mix: Mix | None = None) -> list[Message]:
    """Every message of so many days, in the order of arrival."""
    rng = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    teller = Teller(rng, estate or Estate())
    mix = mix or Mix()
    tellings: Mapping[str, tuple[float, Callable[[], list[Story]]]] = {
        "alone": (mix.lone_alarms, teller.lone_alarm),
        "people": (mix.people, teller.people),
        "fire": (mix.fires, teller.fire),
        "leak": (mix.leaks, teller.leak),
        "crowd": (mix.crowded, teller.crowded),
        "twins": (mix.twins, teller.twins),
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

    A second fire on a floor where it burns, or a second cry from the same flat, is one event to anybody who has only
    the sensors: stories that know nothing of each other keep an hour between such. Different hazards, others' flats,
    and fires two floors away need not; twins are told together, on purpose.
    """

    def __init__(self) -> None:
        self._spans: dict[tuple[str, ...], list[tuple[datetime, datetime]]] = defaultdict(list)

    def room_for(self, stories: list[Story], begins_at: datetime) -> bool:
        """Take the places, if they are free."""
        wanted: dict[tuple[str, ...], tuple[datetime, datetime]] = {}
        for story in stories:
            ends_at = begins_at + timedelta(seconds=max(w.at_s for w in story)) + APART
            wanted |= {
                place: (begins_at, max(ends_at, wanted.get(place, (begins_at, ends_at))[1]))
                for word in story
                for place in _places(word)
            }
        for place, (first, last) in wanted.items():
            if any(first < end and begin < last for begin, end in self._spans[place]):
                return False
        for place, span in wanted.items():
            self._spans[place].append(span)
        return True


def _places(word: Word) -> tuple[tuple[str, ...], ...]:
    """How far one event of its hazard may reach; two that are a floor apart have a place in common."""
    tower, staircase, floor, flat, _ = word.device_id.split("-")
    policy = KINDS[word.kind]
    family = policy.family.value
    match policy.reach:
        case Reach.SOURCE:
            return ((family, word.device_id),)
        case Reach.FLAT:
            return ((family, tower, staircase, floor, flat),)
        case Reach.NEIGHBOURS:
            return tuple((family, tower, staircase, str(int(floor) + up)) for up in (0, 1))
        case Reach.STAIRCASE:
            return ((family, tower, staircase),)
        case Reach.BUILDING:
            return ((family, tower),)
