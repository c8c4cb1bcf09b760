"""The clock of an order to a person: said, said again, handed on, handed up, until somebody takes it. Pure.

Each step counts from the telling before it, so that whoever is told has the whole time to answer, also after a center
that was away. The policy is frozen at the first order and goes along when it is handed on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mission_planner.incidents.calendar_jump import Anchor, shift, shifted
from mission_planner.incidents.sla import TAKING, TakePolicy
from patrol_core.kind import Priority

TELLINGS = 2  # to one person, before another is sent


class Step(StrEnum):
    """What follows when nobody says that they go."""

    AGAIN = "again"  # the same person is told once more
    ON = "on"  # the next one on duty is sent
    UP = "up"  # nobody else is on duty: operators, and those who answer for the site, are told


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClock:
    """Where an order stands that nobody has taken."""

    policy: TakePolicy  # as it was at the first order
    ordered_at: datetime  # UTC site time of this person's order; moves with the calendar, as does the next
    told_at: datetime  # of the newest telling
    told: int = 1  # how often this person was told
    ups: int = 0  # how often those above were told since nobody else is on duty
    asked: tuple[str, ...] = ()  # accounts that were sent before and did not take it
    told_on: Anchor | None = None  # the newest telling on a clock nobody can set

    @property
    def next_at(self) -> datetime:
        """When the next step is due."""
        return self.told_at + timedelta(seconds=self.policy.repeat_s if self.ups else self.policy.take_s)


def started(priority: Priority, now: datetime, moment: Anchor | None = None) -> OrderClock:
    """The clock of an order that is given now."""
    return OrderClock(policy=TAKING[priority], ordered_at=now, told_at=now, told_on=moment)


def step(clock: OrderClock, *, others: bool) -> Step:
    """What is due next, where `others` are on duty who were not asked."""
    if clock.told < TELLINGS:
        return Step.AGAIN
    return Step.ON if others else Step.UP


def again(clock: OrderClock, now: datetime, moment: Anchor | None = None) -> OrderClock:
    """The same person was told once more."""
    return replace(clock, told=clock.told + 1, told_at=now, told_on=moment)


def up(clock: OrderClock, now: datetime, moment: Anchor | None = None) -> OrderClock:
    """Those above were told, and the person once more."""
    return replace(again(clock, now, moment), ups=clock.ups + 1)


def handed_on(clock: OrderClock, username: str, now: datetime, moment: Anchor | None = None) -> OrderClock:
    """The clock of the next person's order; `username` did not take it."""
    return OrderClock(policy=clock.policy, ordered_at=now, told_at=now, asked=(*clock.asked, username), told_on=moment)


def moved(clock: OrderClock, by: timedelta, before: Anchor, now: Anchor) -> OrderClock:
    """The clock after the calendar was set by `by`, between `before` and `now`."""
    by = shift(clock.told_on, by, before, now)
    return replace(
        clock,
        ordered_at=clock.ordered_at + by,
        told_at=clock.told_at + by,
        told_on=shifted(clock.told_on, by),
    )
