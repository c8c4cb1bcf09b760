"""Missions: what robots were sent to do, and the ledger of what they did."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.robots import Note
from mission_planner.api.views.common import Page, See
from mission_planner.api.views.missions import MissionView, mission_view
from mission_planner.api.words import words_of
from mission_planner.fleet.ordering import SteerMission
from mission_planner.people.roles import Action
from mission_planner.store import missions
from patrol_core.mission import MissionKind, MissionState
from patrol_core.orders import OrderKind

router = APIRouter(prefix="/missions", tags=["missions"], responses=errors.ANSWERS)

Orderer = Annotated[Caller, may(Action.MISSION_ORDER)]


@router.get("", dependencies=[may(Action.MISSION_VIEW)])
async def list_missions(
    *,
    center: Center,
    state: Annotated[str, Query(description="states, comma-separated; empty for all")] = "",
    kind: Annotated[str, Query(description="kinds, comma-separated; empty for all")] = "",
    robot_id: str | None = None,
    patrol_id: UUID | None = None,
    active: Annotated[bool, Query(description="only those that have not ended")] = False,
    limit: Limit = 50,
    after: UUID | None = None,
) -> Page[MissionView]:
    """Missions, newest first."""
    states, kinds = words_of(MissionState, state, "state"), words_of(MissionKind, kind, "kind")

    def draw(see: See) -> Page[MissionView]:
        page = missions.newest(
            see.tx,
            states=states,
            kinds=kinds,
            robot_id=robot_id,
            patrol_id=patrol_id,
            only_active=active,
            limit=limit,
            after=after,
        )
        return Page(items=[mission_view(see, row) for row in page.items], next=page.next)

    return await center.see(draw)


@router.get("/{mission_id}", dependencies=[may(Action.MISSION_VIEW)])
async def read_mission(mission_id: UUID, center: Center) -> MissionView:
    """One mission with its ledger."""
    return await center.see(lambda see: mission_view(see, missions.get(see.tx, mission_id)))


@router.post("/{mission_id}/cancel", status_code=202)
async def cancel(mission_id: UUID, body: Note, center: Center, caller: Orderer) -> MissionView:
    """Call it off; it is cancelled when the robot says so."""
    return await _steer(mission_id, OrderKind.CANCEL, body, center, caller)


@router.post("/{mission_id}/pause", status_code=202)
async def pause(mission_id: UUID, body: Note, center: Center, caller: Orderer) -> MissionView:
    """Let the robot stand; it pauses when the robot says so."""
    return await _steer(mission_id, OrderKind.PAUSE, body, center, caller)


@router.post("/{mission_id}/resume", status_code=202)
async def resume(mission_id: UUID, body: Note, center: Center, caller: Orderer) -> MissionView:
    """Let it go on at the first checkpoint not done."""
    return await _steer(mission_id, OrderKind.RESUME, body, center, caller)


async def _steer(mission_id: UUID, kind: OrderKind, body: Note, center: Center, caller: Caller) -> MissionView:
    command = SteerMission(mission_id=mission_id, kind=kind, by=caller.username, note=body.note)
    await center.bus.handle(command, act=caller.act)
    return await read_mission(mission_id, center)
