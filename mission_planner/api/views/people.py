"""People as incidents, the roster and an admin see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import Text, View, text, words
from mission_planner.incidents.sending import Candidate, may_take
from mission_planner.people.accounts import Account
from mission_planner.people.roles import Role
from mission_planner.store.assignments import Assignment
from mission_planner.store.shifts import OnDuty
from patrol_core.site import Text as Said


class WhoView(View):
    """A person by name."""

    username: str
    display_name: str


class PersonView(WhoView):
    """Somebody who may be sent."""

    role: Role
    on_duty: bool
    busy_with: int = Field(description="orders they have not done yet")
    why: Text


class OrderView(WhoView):
    """An order to a person."""

    by: str = Field(description="account that gave it")
    because: Text
    note: str
    ordered_at: datetime
    taken_at: datetime | None = Field(description="when they said that they go")
    arrived_at: datetime | None
    ended_at: datetime | None
    outcome: str = Field(description="resolved, replaced, called_off or not_taken; empty while it runs")
    next_at: datetime | None = Field(description="when somebody hears that nobody takes it; null once somebody has")
    next_tell: Text | None = Field(description="who hears of it then")
    may_take: bool = Field(description="it waits for this person to say that they go; a late yes beats nobody")


class ShiftView(WhoView):
    """One person, on duty once."""

    shift_id: UUID
    role: Role
    starts_at: datetime
    ends_at: datetime


class StaffView(WhoView):
    """An account as an admin sees it."""

    roles: list[Role]
    created_at: datetime
    disabled: bool


def person_views(people: Iterable[Candidate]) -> list[PersonView]:
    """In their order."""
    return [
        PersonView(
            username=p.username,
            display_name=p.display_name,
            role=p.role,
            on_duty=p.on_duty,
            busy_with=p.busy_with,
            why=words(p.why),
        )
        for p in people
    ]


def order_views(
    orders: Sequence[Assignment], names: Mapping[str, str], next_tell: Callable[[Assignment], Said | None]
) -> list[OrderView]:
    """The orders of one incident; `names` by account, `next_tell` who hears of one next."""
    untaken = next((order for order in orders if order.next_at is not None), None)
    newest = {order.username: order for order in orders}
    return [
        _order_view(
            order,
            names,
            next_tell(order),
            may_take=untaken is not None and order is newest[order.username] and may_take(untaken, order.username),
        )
        for order in orders
    ]


def _order_view(order: Assignment, names: Mapping[str, str], next_tell: Said | None, *, may_take: bool) -> OrderView:
    return OrderView(
        username=order.username,
        display_name=names.get(order.username, order.username),
        by=order.by,
        because=words(order.because),
        note=order.note,
        ordered_at=order.ordered_at,
        taken_at=order.taken_at,
        arrived_at=order.arrived_at,
        ended_at=order.ended_at,
        outcome=order.outcome.value,
        next_at=order.next_at,
        next_tell=text(next_tell),
        may_take=may_take,
    )


def shift_view(found: OnDuty) -> ShiftView:
    """One shift."""
    shift = found.shift
    return ShiftView(
        shift_id=shift.shift_id,
        username=shift.username,
        display_name=found.display_name,
        role=shift.role,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )


def staff_view(account: Account) -> StaffView:
    """One account."""
    return StaffView(
        username=account.username,
        display_name=account.display_name,
        roles=sorted(account.roles),
        created_at=account.created_at,
        disabled=account.disabled,
    )
