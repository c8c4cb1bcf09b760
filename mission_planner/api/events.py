"""The event stream: one connection for each browser (Server-Sent Events, HTML Living Standard 9.2)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from mission_planner.api import errors
from mission_planner.api.deps import COOKIE, Center, may
from mission_planner.people.roles import Action
from patrol_core.errors import NotAuthenticated

router = APIRouter(prefix="/events", tags=["events"], responses=errors.ANSWERS)


@router.get("", response_class=StreamingResponse, dependencies=[may(Action.EVENTS_VIEW)])
async def follow(
    center: Center,
    request: Request,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """A snapshot or what was missed since `Last-Event-ID`, then every change, and poses at most five times a second.

    Events with an id are durable: `incident`, `mission`, `patrol`, `robot`, `sensor`, `finding`, each with the whole
    thing as it is now. `poses` has no id. The stream ends with the session.
    """
    last_id = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else None
    token = request.cookies.get(COOKIE)

    async def ask() -> frozenset[Action] | None:
        try:
            session = await center.login.session(token)
        except NotAuthenticated:
            return None
        return session.account.actions

    return StreamingResponse(
        center.stream.listen(ask=ask, last_id=last_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
