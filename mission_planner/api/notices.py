"""What the caller was told, and what they have read of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page, See
from mission_planner.api.views.notices import MyNoticeView, UnreadView, my_notice_view
from mission_planner.people.roles import Action
from mission_planner.store import account_notices
from mission_planner.store.protocol import Tx

router = APIRouter(prefix="/notices", tags=["notices"], responses=errors.ANSWERS)
Seq = Annotated[int, Query(ge=0, lt=2**63)]


class ReadBody(BaseModel):
    """How far they have read."""

    upto: int = Field(ge=0, lt=2**63, description="`seq` of the newest one that was read")


@router.get("")
async def list_notices(
    center: Center,
    caller: Annotated[Caller, may(Action.INCIDENT_VIEW)],
    unread: Annotated[bool, Query(description="only those not read yet")] = False,
    limit: Limit = 50,
    after: Seq | None = None,
) -> Page[MyNoticeView]:
    """What the caller was told, newest first: by role, as one on duty, or as the one who was sent."""

    def draw(see: See) -> Page[MyNoticeView]:
        page = account_notices.of_account(see.tx, caller.username, unread=unread, limit=limit, after=after)
        return Page(items=[my_notice_view(see, found) for found in page.items], next=page.next)

    return await center.see(draw)


@router.get("/unread")
async def count_unread(center: Center, caller: Annotated[Caller, may(Action.INCIDENT_VIEW)]) -> UnreadView:
    """How many the caller has not read."""
    return await center.see(lambda see: UnreadView(unread=account_notices.unread_count(see.tx, caller.username)))


@router.post("/read", status_code=204)
async def read_notices(body: ReadBody, center: Center, caller: Annotated[Caller, may(Action.ACCOUNT_OWN)]) -> None:
    """The caller has read everything up to here; once more changes nothing."""

    def write(tx: Tx) -> None:
        account_notices.read_up_to(tx, caller.username, body.upto)

    await center.store.write(write)
