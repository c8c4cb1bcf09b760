"""Incidents: what happened, and what people do about it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page, See
from mission_planner.api.views.incidents import IncidentView, incident_view
from mission_planner.api.words import words_of
from mission_planner.incidents.attendance import ReleaseRobot
from mission_planner.incidents.lifecycle import AddNote, DecideIncident
from mission_planner.people.roles import Action
from mission_planner.store import incidents
from patrol_core.incident import Acknowledge, Close, IncidentCommand, IncidentState, MarkFalseAlarm, Reopen
from patrol_core.kind import IncidentKind

router = APIRouter(prefix="/incidents", tags=["incidents"], responses=errors.ANSWERS)


class Words(BaseModel):
    """What a person has to say about it."""

    note: str = Field(default="", max_length=2_000)


@router.get("", dependencies=[may(Action.INCIDENT_VIEW)])
async def list_incidents(
    center: Center,
    state: Annotated[str, Query(description="states, comma-separated; empty for all")] = "",
    kind: Annotated[str, Query(description="kinds, comma-separated; empty for all")] = "",
    limit: Limit = 50,
    after: UUID | None = None,
) -> Page[IncidentView]:
    """Incidents, newest first."""
    states, kinds = words_of(IncidentState, state, "state"), words_of(IncidentKind, kind, "kind")

    def draw(see: See) -> Page[IncidentView]:
        page = incidents.newest(see.tx, states=states, kinds=kinds, limit=limit, after=after)
        return Page(items=[incident_view(see, row) for row in page.items], next=page.next)

    return await center.see(draw)


@router.get("/{incident_id}", dependencies=[may(Action.INCIDENT_VIEW)])
async def read_incident(incident_id: UUID, center: Center) -> IncidentView:
    """One incident."""
    return await center.see(lambda see: incident_view(see, incidents.get(see.tx, incident_id)))


@router.post("/{incident_id}/acknowledge")
async def acknowledge(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_ACKNOWLEDGE)]
) -> IncidentView:
    """Somebody has it: the caller becomes its owner."""
    return await _decide(incident_id, Acknowledge(by=caller.username), center, caller)


@router.post("/{incident_id}/close")
async def close(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_CLOSE)]
) -> IncidentView:
    """It is over. Needs proof: a photo of the place, or a note."""
    return await _decide(incident_id, Close(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/false-alarm")
async def false_alarm(
    incident_id: UUID, body: Words, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_FALSE_ALARM)]
) -> IncidentView:
    """There was nothing. Needs a note."""
    return await _decide(incident_id, MarkFalseAlarm(by=caller.username, note=body.note), center, caller)


@router.post("/{incident_id}/reopen")
async def reopen(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_REOPEN)]
) -> IncidentView:
    """It is not over after all."""
    return await _decide(incident_id, Reopen(by=caller.username), center, caller)


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
    await center.bus.handle(DecideIncident(incident_id=incident_id, command=command), act=caller.act)
    return await read_incident(incident_id, center)
