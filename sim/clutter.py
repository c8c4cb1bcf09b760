"""Things that lie about in a community, some of which look a little like somebody on the ground. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from patrol_core.geometry import Point2


class ThingKind(StrEnum):
    """What lies or stands there."""

    BENCH = "bench"
    GARBAGE_BAGS = "garbage_bags"
    BOXES = "boxes"
    TARPAULIN = "tarpaulin"  # folded, or thrown over something long
    CARPET = "carpet"  # rolled
    SCOOTER = "scooter"  # on its side
    DOG = "dog"  # asleep
    CLOTHES = "clothes"  # a heap of laundry
    LOG = "log"  # a cut branch
    POSTER = "poster"  # a board with a person on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One of them."""

    kind: ThingKind
    position_m: Point2  # frame `map`
    heading_rad: float
    look: int  # seed of size and colours


def thing(number: int, position_m: Point2) -> Thing:
    """Any kind at a place, all from one number."""
    pick = random.Random(f"thing {number}")  # noqa: S311 - a simulation, not a secret
    return Thing(
        kind=pick.choice(tuple(ThingKind)),
        position_m=position_m,
        heading_rad=pick.uniform(-3.14159, 3.14159),
        look=pick.randrange(1 << 16),
    )
