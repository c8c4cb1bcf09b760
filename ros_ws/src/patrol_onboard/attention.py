"""Somebody the robot's own eyes saw, as it must not be forgotten, and to whom the robot turns first. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.sighting import Verdict
from patrol_core.site import Text

SAME_PLACE_M = 3.0  # two sightings so near are about one place
_STAY_M = 1.0  # another must be nearer by so much to be looked at first: no going back and forth


class Stage(StrEnum):
    """How near the robot has come."""

    COMING = "coming"
    THERE = "there"  # at the place it chose, or as near as it gets


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSighting:
    """A sighting in the robot's hands until it is let go or the robot is released."""

    sighting_id: UUID
    kind: IncidentKind
    verdict: Verdict  # SUSPECTED or CONFIRMED; confirmed once, it stays so
    position_m: Point2 | None  # frame `map`; None when the eyes do not know where it is
    confidence: float
    model: str
    note: Text
    observed_at: datetime  # UTC, the camera's clock
    taken_at: datetime  # UTC site time when the mission heard of it
    away_m: float | None  # from the robot when it was last heard of; None when unknown
    place: Pose2 | None = None  # where to stand; None: where the robot is
    aimed_m: Point2 | None = None  # for which position the place was chosen
    aims: int = 0  # how often one was chosen
    stage: Stage = Stage.COMING
    there_at: datetime | None = None  # UTC site time; None while COMING
    photo: str = ""  # SHA-256 hex of the best view; "" where there is none
    told: tuple[Certainty, ...] = ()  # what the center was told about it

    @property
    def confirmed(self) -> bool:
        return self.verdict is Verdict.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Nobody needs the robot there: for a while it neither comes nor stays there again."""

    sighting_id: UUID
    position_m: Point2 | None
    until: datetime  # UTC site time

    def covers(self, sighting_id: UUID, position_m: Point2 | None, now: datetime) -> bool:
        """Whether a sighting is about that place."""
        return now < self.until and (sighting_id == self.sighting_id or same_place(position_m, self.position_m))


def same_place(a: Point2 | None, b: Point2 | None) -> bool:
    """Whether two positions are one place; unknown ones are not."""
    return a is not None and b is not None and a.distance_m(b) <= SAME_PLACE_M


def first(sightings: Sequence[HeldSighting], now_at: UUID | None) -> UUID | None:
    """Whom the robot turns to: a confirmed one first, then the one it stands beside already, then the nearest.

    Args:
        now_at: the one it turns to until now.
    """

    def rank(held: HeldSighting) -> tuple[bool, bool, float, datetime, UUID]:
        current = held.sighting_id == now_at
        stays = current and (held.stage is Stage.THERE or bool(held.told))
        away_m = math.inf if held.away_m is None else held.away_m - (_STAY_M if current else 0.0)
        return (not held.confirmed, not stays, away_m, held.taken_at, held.sighting_id)

    return min(sightings, key=rank).sighting_id if sightings else None
