"""Incidents: what happened, and what people do about it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page, See
from mission_planner.api.views.incidents import IncidentView, incident_view, incident_views
from mission_planner.api.views.people import PersonView, person_views
from mission_planner.api.views.queue import (
    CandidateView,
    HandlingView,
    QueueRowView,
    candidate_views,
    handling_view,
    queue_row_view,
)
from mission_planner.api.words import words_of
from mission_planner.incidents.attendance import ReleaseRobot
from mission_planner.incidents.lifecycle import AddNote, DecideIncident, SendPerson
from mission_planner.incidents.sending import TakeOrder, candidates
from mission_planner.people.roles import Action
from mission_planner.store import incidents, queue
from patrol_core.incident import (
    Acknowledge,
    Arrive,
    Close,
    IncidentCommand,
    IncidentState,
    MarkFalseAlarm,
    Merge,
    Reopen,
    Resolve,
    Verify,
)
from patrol_core.kind import IncidentKind

router = APIRouter(prefix="/incidents", tags=["incidents"], responses=errors.ANSWERS)
ME = "me"
OWN_ORDERS = (Arrive, Resolve)  # who sends nobody does these to their own orders only


class Words(BaseModel):
    """What a person has to say about it."""

    note: str = Field(default="", max_length=2_000)


class SendBody(Words):
    """Whom to send."""

    to: str | None = Field(default=None, max_length=64, description="user name; null for the best of those on duty")


class MergeBody(Words):
    """What it is part of."""

    into: UUID


@router.get("")
async def list_incidents(
    *,
    center: Center,
    caller: Annotated[Caller, may(Action.INCIDENT_VIEW)],
    state: Annotated[str, Query(description="states, comma-separated; empty for all")] = "",
    kind: Annotated[str, Query(description="kinds, comma-separated; empty for all")] = "",
    assignee: Annotated[str | None, Query(description="user name of who was sent, or `me`", max_length=64)] = None,
    limit: Limit = 50,
    after: UUID | None = None,
) -> Page[IncidentView]:
    """Incidents, newest first."""
    states, kinds = words_of(IncidentState, state, "state"), words_of(IncidentKind, kind, "kind")
    who = caller.username if assignee == ME else assignee

    def draw(see: See) -> Page[IncidentView]:
        page = incidents.newest(see.tx, states=states, kinds=kinds, limit=limit, after=after, assignee=who)
        return Page(items=incident_views(see, page.items), next=page.next)

    return await center.see(draw)


@router.get("/queue", dependencies=[may(Action.INCIDENT_VIEW)])
async def read_queue(
    center: Center,
    limit: Limit = 50,
    after: Annotated[str | None, Query(max_length=120, description="`next` of the page before")] = None,
) -> Page[QueueRowView]:
    """Incidents that have not ended: the gravest first, then the one whose promise falls due first."""

    def draw(see: See) -> Page[QueueRowView]:
        page = queue.page(see.tx, limit=limit, after=after)
        return Page(items=[queue_row_view(see, row) for row in page.items], next=page.next)

    return await center.see(draw)


@router.get("/handling", dependencies=[may(Action.INCIDENT_VIEW)])
async def read_handling(
    center: Center, days: Annotated[int, Query(ge=1, le=92, description="so many, up to now")] = 7
) -> HandlingView:
    """How long it took from the opening until the danger was over, of incidents closed in these days."""
    return await center.see(lambda see: handling_view(see, center.handled, days))


@router.get("/{incident_id}", dependencies=[may(Action.INCIDENT_VIEW)])
async def read_incident(incident_id: UUID, center: Center) -> IncidentView:
    """One incident."""
    return await center.see(lambda see: incident_view(see, incidents.get(see.tx, incident_id)))


@router.get("/{incident_id}/merge-candidates", dependencies=[may(Action.INCIDENT_VIEW)])
async def list_merge_candidates(incident_id: UUID, center: Center, limit: Limit = 20) -> list[CandidateView]:
    """Open incidents this one may be part of, the likeliest first, and why."""
    return await center.see(lambda see: candidate_views(see, incidents.get(see.tx, incident_id), limit))


@router.get("/{incident_id}/people", dependencies=[may(Action.INCIDENT_DISPATCH)])
async def list_people(incident_id: UUID, center: Center) -> list[PersonView]:
    """Whom one may send there, the best first, and why."""
    return await center.see(lambda see: person_views(candidates(see.tx, incidents.get(see.tx, incident_id), see.now)))


@router.post("/{incident_id}/acknowledge")
async def acknowledge(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_ACKNOWLEDGE)]
) -> IncidentView:
    """Somebody has it: the caller becomes its owner."""
    return await _decide(incident_id, Acknowledge(by=caller.username), center, caller)


@router.post("/{incident_id}/verify")
async def verify(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_VERIFY)]
) -> IncidentView:
    """Somebody finds out whether it is real; robots that failed to look are sent again."""
    return await _decide(incident_id, Verify(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/dispatch")
async def dispatch(
    incident_id: UUID, body: SendBody, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_DISPATCH)]
) -> IncidentView:
    """Send a person; 409 where nobody is named and nobody is on duty."""
    command = SendPerson(incident_id=incident_id, by=caller.username, to=body.to or None, note=body.note)
    await center.bus.handle(command, act=caller.act)
    return await read_incident(incident_id, center)


@router.post("/{incident_id}/take")
async def take(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_ARRIVE)]
) -> IncidentView:
    """Who was sent says that they go; once more changes nothing.

    Who did not answer and was replaced may still do so while the other has not either; later 409 says who has it.
    """
    await center.bus.handle(TakeOrder(incident_id=incident_id, by=caller.username), act=caller.act)
    return await read_incident(incident_id, center)


@router.post("/{incident_id}/arrive")
async def arrive(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_ARRIVE)]
) -> IncidentView:
    """Somebody is there. Who sends nobody says it of their own orders only."""
    return await _decide(incident_id, Arrive(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/resolve")
async def resolve(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_RESOLVE)]
) -> IncidentView:
    """The danger is over; a note says what was done. Who sends nobody says it of their own orders only."""
    return await _decide(incident_id, Resolve(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/merge")
async def merge(
    incident_id: UUID, body: MergeBody, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_MERGE)]
) -> IncidentView:
    """It is part of another one that has not ended; reopening undoes it."""
    return await _decide(incident_id, Merge(by=caller.username, note=body.note, into=body.into), center, caller)


@router.post("/{incident_id}/close")
async def close(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_CLOSE)]
) -> IncidentView:
    """It is over. Needs proof: a photo of the place, a source normal for long enough, or a written reason."""
    return await _decide(incident_id, Close(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/false-alarm")
async def false_alarm(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_FALSE_ALARM)]
) -> IncidentView:
    """There was nothing. Needs a note."""
    return await _decide(incident_id, MarkFalseAlarm(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/reopen")
async def reopen(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_REOPEN)], body: Words | None = None
) -> IncidentView:
    """It is not over after all, or no part of another: nobody has it, and its clock runs from the beginning."""
    note = body.note if body is not None else ""
    return await _decide(incident_id, Reopen(by=caller.username, note=note), center, caller)


@router.post("/{incident_id}/release", status_code=202)
async def release(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_RELEASE)]
) -> IncidentView:
    """The robot that waits there may go on; once more changes nothing. 409 where none waits or waited."""
    command = ReleaseRobot(incident_id=incident_id, by=caller.username, note=body.note)
    await center.bus.handle(command, act=caller.act)
    return await read_incident(incident_id, center)


@router.post("/{incident_id}/note")
async def note(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_NOTE)]
) -> IncidentView:
    """Write into the timeline."""
    await center.bus.handle(AddNote(incident_id=incident_id, by=caller.username, note=body.note), act=caller.act)
    return await read_incident(incident_id, center)


async def _decide(incident_id: UUID, command: IncidentCommand, center: Center, caller: Caller) -> IncidentView:
    only_own = isinstance(command, OWN_ORDERS) and Action.INCIDENT_DISPATCH not in caller.session.account.actions
    decided = DecideIncident(incident_id=incident_id, command=command, only_own=only_own)
    await center.bus.handle(decided, act=caller.act)
    return await read_incident(incident_id, center)
