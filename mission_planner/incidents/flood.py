"""An alarm flood (ISA-18.2): more than ten alarms for each operator in ten minutes. Pure.

While it lasts, tellings that are not about life are bundled: the first of a hazard and building is told, the others are
counted with it and told together every few minutes. Every incident still opens, and life is told as ever. It ends when
the rate has fallen below half: the gap keeps it from coming and going.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from patrol_core.kind import Family

WINDOW = timedelta(minutes=10)
BEGINS_ABOVE, ENDS_BELOW = 10, 5  # alarms per operator in the window
SLICE = timedelta(seconds=30)  # alarms are counted in slices of the window
TOLD_EVERY = timedelta(minutes=2)  # a bundle that grew
BUNDLES = 500  # hazards and buildings; one more is told by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """How many alarms a part of the window had."""

    at: datetime  # UTC, where it begins
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Tellings of one hazard in one building."""

    family: Family
    building_id: str  # "" outdoors
    head: UUID  # the incident under which they are told
    untold: int  # since it was told last
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What is remembered of the last ten minutes, and of the flood if there is one."""

    since: datetime | None = None  # None: no flood
    operators: int = 1
    slices: tuple[Slice, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    bundled: int = 0  # tellings kept out of people's hands since it began

    @property
    def active(self) -> bool:
        return self.since is not None

    @property
    def limit(self) -> int:
        """So many alarms in ten minutes are no flood yet."""
        return BEGINS_ABOVE * self.operators

    def recent(self, now: datetime) -> int:
        """Alarms in the last ten minutes."""
        return sum(part.count for part in self.slices if part.at > now - WINDOW)


def alarmed(flood: Flood, now: datetime) -> Flood:
    """One more incident opened; it may be the one that makes a flood."""
    kept = [part for part in flood.slices if part.at > now - WINDOW]
    if kept and kept[-1].at <= now < kept[-1].at + SLICE:
        kept[-1] = replace(kept[-1], count=kept[-1].count + 1)
    else:
        kept.append(Slice(at=now, count=1))
    flood = replace(flood, slices=tuple(kept))
    begins = not flood.active and flood.recent(now) > flood.limit
    return replace(flood, since=now, bundles=(), bundled=0) if begins else flood


def judged(flood: Flood, now: datetime, operators: int) -> tuple[Flood, tuple[Bundle, ...]]:
    """Time went on: the flood now, and the bundles to be told of.

    Args:
        operators: who could take alarms now; nobody counts as one.
    """
    flood = replace(flood, operators=max(1, operators))
    recent = flood.recent(now)
    if not flood.active:
        return (replace(flood, since=now, bundles=(), bundled=0) if recent > flood.limit else flood), ()
    over = recent < ENDS_BELOW * flood.operators
    due = tuple(b for b in flood.bundles if b.untold and (over or now - b.told_at >= TOLD_EVERY))
    if over:
        return replace(flood, since=None, bundles=()), due
    told = tuple(replace(b, untold=0, told_at=now) if b in due else b for b in flood.bundles)
    return replace(flood, bundles=told), due


def told_with(
    flood: Flood, *, family: Family, building_id: str, incident_id: UUID, now: datetime
) -> tuple[Flood, UUID | None]:
    """The incident this one is told with; None where it is told by itself. Not for life kinds."""
    if not flood.active:
        return flood, None
    for i, bundle in enumerate(flood.bundles):
        if (bundle.family, bundle.building_id) == (family, building_id):
            grown = replace(bundle, untold=bundle.untold + 1)
            bundles = (*flood.bundles[:i], grown, *flood.bundles[i + 1 :])
            return replace(flood, bundles=bundles, bundled=flood.bundled + 1), bundle.head
    if len(flood.bundles) >= BUNDLES:
        return flood, None
    first = Bundle(family=family, building_id=building_id, head=incident_id, untold=0, told_at=now)
    return replace(flood, bundles=(*flood.bundles, first)), None
