"""The places where somebody was found lying, or let go: the same person is not told about again and again."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from patrol_core.geometry import Point2
from patrol_vision.fall_policy import FallPolicy

PLACES_MAX = 64  # beyond, the one that ends first is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One place, and under which id it was told."""

    place: Point2
    track_id: UUID
    confirmed: bool
    until: datetime


class Memory:
    """Bounded; forgets by site time."""

    def __init__(self, policy: FallPolicy) -> None:
        self._policy = policy
        self._places: dict[UUID, Known] = {}

    def note(self, track_id: UUID, place: Point2 | None, now: datetime, *, confirmed: bool) -> None:
        """It was told. A place that is not known cannot be found again; once confirmed stays confirmed."""
        if place is None:
            return
        before = self._places.get(track_id)
        confirmed = confirmed or (before is not None and before.confirmed)
        length_s = self._policy.remember_s if confirmed else self._policy.cool_off_s
        self._places[track_id] = Known(
            place=place, track_id=track_id, confirmed=confirmed, until=now + timedelta(seconds=length_s)
        )
        if len(self._places) > PLACES_MAX:
            del self._places[min(self._places.values(), key=lambda known: known.until).track_id]

    def near(self, place: Point2 | None, now: datetime, *, taken: Set[UUID]) -> Known | None:
        """What was told here before, whose id nobody in sight has; the nearest."""
        self._places = {key: known for key, known in self._places.items() if known.until > now}
        if place is None:
            return None
        here = [
            (known.place.distance_m(place), str(known.track_id), known)
            for known in self._places.values()
            if known.track_id not in taken and known.place.distance_m(place) <= self._policy.same_place_m
        ]
        return min(here)[2] if here else None
