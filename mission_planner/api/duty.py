"""The duty roster: who is on duty, from when to when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.api.views.common import See
from mission_planner.api.views.people import ShiftView, shift_view
from mission_planner.people import duty
from mission_planner.people.duty import PutShift, RemoveShift
from mission_planner.people.roles import Action, Role
from mission_planner.store import shifts
from patrol_core.errors import InvalidInput

router = APIRouter(prefix="/duty", tags=["duty"], responses=errors.ANSWERS)
WEEK = timedelta(days=7)
LONGEST = timedelta(days=92)


class ShiftBody(BaseModel):
    """Who, and when. A time without UTC offset is the clock on the site's wall."""

    username: str = Field(max_length=64)
    role: Role
    starts_at: datetime
    ends_at: datetime


@router.get("/now", dependencies=[may(Action.DUTY_VIEW)])
async def who_is_on_duty(center: Center) -> list[ShiftView]:
    """Who is on duty at this moment, by name."""

    def draw(see: See) -> list[ShiftView]:
        found = duty.present(see.tx, see.now, duty.ON_DUTY_ROLES) if see.now is not None else ()
        return [shift_view(person) for person in found]

    return await center.see(draw)


@router.get("/shifts", dependencies=[may(Action.DUTY_VIEW)])
async def list_shifts(
    center: Center,
    begin: Annotated[datetime | None, Query(alias="from", description="now where it is not given")] = None,
    end: Annotated[datetime | None, Query(alias="to", description="a week later where it is not given")] = None,
) -> list[ShiftView]:
    """Shifts that touch a span of time, the earliest first."""
    zone = ZoneInfo(center.site.timezone)
    first = duty.moment(begin, zone, "from") if begin is not None else center.clock.now()
    last = duty.moment(end, zone, "to") if end is not None else first + WEEK
    if not timedelta(0) < last - first <= LONGEST:
        raise InvalidInput(
            f"expected a time after `from`, at most {LONGEST.days} days",
            where="to",
            zh=f"结束须在开始之后，且不超过 {LONGEST.days} 天",
        )
    return await center.see(lambda see: [shift_view(found) for found in shifts.between(see.tx, first, last)])


@router.put("/shifts/{shift_id}")
async def put_shift(
    shift_id: UUID, body: ShiftBody, center: Center, caller: Annotated[Caller, may(Action.DUTY_EDIT)]
) -> ShiftView:
    """Put a person on duty, or change when; the caller makes the id. 409 where they have another shift then."""
    command = PutShift(
        shift_id=shift_id, username=body.username, role=body.role, starts_at=body.starts_at, ends_at=body.ends_at
    )
    shift = await center.bus.handle(command, act=caller.act)
    return await center.see(
        lambda see: next(
            shift_view(found)
            for found in shifts.between(see.tx, shift.starts_at, shift.ends_at)
            if found.shift.shift_id == shift.shift_id
        )
    )


@router.delete("/shifts/{shift_id}", status_code=204)
async def remove_shift(shift_id: UUID, center: Center, caller: Annotated[Caller, may(Action.DUTY_EDIT)]) -> None:
    """Take a shift out of the roster."""
    await center.bus.handle(RemoveShift(shift_id=shift_id), act=caller.act)
