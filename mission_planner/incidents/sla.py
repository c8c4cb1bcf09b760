"""The clocks of an incident: how soon somebody must have it, and who is told when nobody does. Pure.

An incident's ladder is frozen when it opens, so that a change of policy never moves a promise that was made. Deadlines
are stored moments, not timers: a center that was away tells at once what became due meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from mission_planner.incidents.calendar_jump import Anchor, shift, shifted
from mission_planner.people.roles import Role
from patrol_core.errors import InvalidInput
from patrol_core.kind import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder."""

    after_s: float  # site seconds since the opening
    tell: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What a priority promises. Past the last rung its people are told again every `repeat_s`, for ever."""

    rungs: tuple[Rung, ...]
    repeat_s: float
    resolve_s: float  # site seconds from the opening until it should be over

    def __post_init__(self) -> None:
        times = [rung.after_s for rung in self.rungs]
        if not times or times[0] <= 0 or any(a >= b for a, b in pairwise(times)):
            raise InvalidInput(f"expected rungs at rising times above 0 s; came {times}", where="rungs")
        if not all(rung.tell for rung in self.rungs):
            raise InvalidInput("expected somebody to tell on every rung; came a rung without anybody", where="rungs")
        if self.repeat_s <= 0 or self.resolve_s <= 0:
            raise InvalidInput(
                f"expected lengths above 0 s; came repeat_s {self.repeat_s}, resolve_s {self.resolve_s}",
                where="ladder",
            )

    @property
    def acknowledge_s(self) -> float:
        """How soon somebody should have it: when the first rung falls due."""
        return self.rungs[0].after_s

    def rung(self, number: int) -> Rung:
        """The `number`-th telling, from 1; the repeats tell whom the last rung tells."""
        beyond = number - len(self.rungs)
        if beyond <= 0:
            return self.rungs[number - 1]
        last = self.rungs[-1]
        return replace(last, after_s=last.after_s + beyond * self.repeat_s)


def _ladder(times_s: tuple[float, float, float], *, repeat_s: float, resolve_s: float) -> Ladder:
    """Those at the console first, then those in the field too, then everybody who answers for the site."""
    crews = ((Role.OPERATOR,), (Role.OPERATOR, Role.FIELD), (Role.OPERATOR, Role.FIELD, Role.ADMIN))
    rungs = tuple(Rung(after_s=at_s, tell=crew) for at_s, crew in zip(times_s, crews, strict=True))
    return Ladder(rungs=rungs, repeat_s=repeat_s, resolve_s=resolve_s)


LADDERS: Mapping[Priority, Ladder] = {
    # 15 s and 180 s: positive alarm sequence of NFPA 72, acknowledge and investigate
    Priority.LIFE: _ladder((15, 60, 180), repeat_s=180, resolve_s=18 * 60),
    Priority.HIGH: _ladder((60, 300, 900), repeat_s=900, resolve_s=2 * 3600),
    Priority.MEDIUM: _ladder((900, 3600, 4 * 3600), repeat_s=4 * 3600, resolve_s=24 * 3600),
    Priority.LOW: _ladder((4 * 3600, 24 * 3600, 72 * 3600), repeat_s=24 * 3600, resolve_s=7 * 24 * 3600),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePolicy:
    """How long who was sent has to say that they go, and how often all who answer hear of it when nobody does."""

    take_s: float  # site seconds from each telling
    repeat_s: float  # site seconds between the tellings once nobody else is on duty

    def __post_init__(self) -> None:
        if self.take_s <= 0 or self.repeat_s <= 0:
            raise InvalidInput(
                f"expected lengths above 0 s; came take_s {self.take_s}, repeat_s {self.repeat_s}", where="taking"
            )


TAKING: Mapping[Priority, TakePolicy] = {
    Priority.LIFE: TakePolicy(take_s=60, repeat_s=180),
    Priority.HIGH: TakePolicy(take_s=180, repeat_s=900),
    Priority.MEDIUM: TakePolicy(take_s=900, repeat_s=3600),
    Priority.LOW: TakePolicy(take_s=4 * 3600, repeat_s=24 * 3600),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaClock:
    """Where an incident stands on its ladder."""

    ladder: Ladder  # as it was at the opening
    origin_at: datetime  # UTC site time of the opening; moves with the calendar when that is set
    told: int = 0  # tellings done
    stopped_at: datetime | None = None  # somebody has it, or it is over
    started_on: Anchor | None = None  # the start on a clock nobody can set; None where that is not known

    @property
    def next_at(self) -> datetime | None:
        """When the next telling is due; None once somebody has it."""
        if self.stopped_at is not None:
            return None
        return self.origin_at + timedelta(seconds=self.ladder.rung(self.told + 1).after_s)

    @property
    def acknowledge_by(self) -> datetime:
        """When somebody should have it."""
        return self.origin_at + timedelta(seconds=self.ladder.acknowledge_s)

    @property
    def resolve_by(self) -> datetime:
        """When it should be over."""
        return self.origin_at + timedelta(seconds=self.ladder.resolve_s)

    @property
    def due_at(self) -> datetime:
        """The next promise: that somebody has it, and then that it is over."""
        return self.acknowledge_by if self.stopped_at is None else self.resolve_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Somebody is to be told, now."""

    number: int  # from 1
    tell: tuple[Role, ...]
    due_at: datetime
    missed: int  # repeats before it that nobody was there to tell


def started(priority: Priority, opened_at: datetime, moment: Anchor | None = None) -> SlaClock:
    """The clock of an incident that opens now."""
    return SlaClock(ladder=LADDERS[priority], origin_at=opened_at, started_on=moment)


def stopped(clock: SlaClock, now: datetime) -> SlaClock:
    """Somebody has it, or it is over; a second stop changes nothing."""
    return clock if clock.stopped_at is not None else replace(clock, stopped_at=now)


def restarted(clock: SlaClock, now: datetime, moment: Anchor | None = None) -> SlaClock:
    """It is not over after all: the same ladder, from its foot."""
    return SlaClock(ladder=clock.ladder, origin_at=now, started_on=moment)


def due(clock: SlaClock, now: datetime) -> tuple[SlaClock, tuple[Telling, ...]]:
    """The clock after `now`, and what is to be told: every rung that fell due, and one for all repeats that did."""
    tellings: list[Telling] = []
    while (next_at := clock.next_at) is not None and next_at <= now:
        number, missed = clock.told + 1, 0
        if number > len(clock.ladder.rungs):  # the repeats: the newest speaks for the others
            missed = int((now - next_at).total_seconds() // clock.ladder.repeat_s)
            number += missed
        rung = clock.ladder.rung(number)
        due_at = clock.origin_at + timedelta(seconds=rung.after_s)
        tellings.append(Telling(number=number, tell=rung.tell, due_at=due_at, missed=missed))
        clock = replace(clock, told=number)
    return clock, tuple(tellings)


def hastened(clock: SlaClock, now: datetime) -> tuple[SlaClock, tuple[Telling, ...]]:
    """A second source says so: the last rung is told now (NFPA 72: a second detector ends the time to investigate)."""
    last = len(clock.ladder.rungs)
    if clock.stopped_at is not None or clock.told >= last:
        return clock, ()
    telling = Telling(number=last, tell=clock.ladder.rung(last).tell, due_at=now, missed=0)
    return replace(clock, told=last), (telling,)


def moved(clock: SlaClock, by: timedelta, before: Anchor, now: Anchor) -> SlaClock:
    """The clock after the calendar was set by `by`, between `before` and `now`: what was 40 s away is 40 s away."""
    by = shift(clock.started_on, by, before, now)
    stopped_at = clock.stopped_at + by if clock.stopped_at else None
    return replace(
        clock, origin_at=clock.origin_at + by, stopped_at=stopped_at, started_on=shifted(clock.started_on, by)
    )
