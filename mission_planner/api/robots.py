"""Robots: how they are, and what they are told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page
from mission_planner.api.views.robots import RobotView, robot_view
from mission_planner.fleet.ordering import SteerRobot
from mission_planner.people.roles import Action
from patrol_core.errors import NotFound
from patrol_core.orders import OrderKind

router = APIRouter(prefix="/robots", tags=["robots"], responses=errors.ANSWERS)

Orderer = Annotated[Caller, may(Action.ROBOT_ORDER)]


class Note(BaseModel):
    """Why, for the log and the robot."""

    note: str = Field(default="", max_length=500)


class LightsBody(Note):
    """Which."""

    on: bool


@router.get("", dependencies=[may(Action.ROBOT_VIEW)])
async def list_robots(center: Center, limit: Limit = 100, after: str | None = None) -> Page[RobotView]:
    """All robots of the site, by id."""
    ids = [r for r in sorted(center.site.robots) if after is None or r > after]
    shown = await center.see(lambda see: [robot_view(see, see.fleet[r]) for r in ids[:limit]])
    return Page(items=shown, next=ids[limit - 1] if len(ids) > limit else None)


@router.get("/{robot_id}", dependencies=[may(Action.ROBOT_VIEW)])
async def read_robot(robot_id: str, center: Center) -> RobotView:
    """One robot."""
    if robot_id not in center.site.robots:
        raise NotFound("robot", robot_id)
    return await center.see(lambda see: robot_view(see, see.fleet[robot_id]))


@router.post("/{robot_id}/dock", status_code=202)
async def dock(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Send it to its dock; its mission waits until it is told to go on."""
    return await _steer(robot_id, OrderKind.DOCK, body, center, caller)


@router.post("/{robot_id}/pause", status_code=202)
async def pause(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Let it stand where it is, with the mission it is on."""
    return await _steer(robot_id, OrderKind.PAUSE, body, center, caller)


@router.post("/{robot_id}/resume", status_code=202)
async def resume(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Let it go on with the mission that was paused."""
    return await _steer(robot_id, OrderKind.RESUME, body, center, caller)


@router.post("/{robot_id}/lights", status_code=202)
async def lights(robot_id: str, body: LightsBody, center: Center, caller: Orderer) -> RobotView:
    """Turn its lights on or off; beside somebody who lies there they stay on. What they are is what it says then."""
    return await _steer(robot_id, OrderKind.LIGHTS_ON if body.on else OrderKind.LIGHTS_OFF, body, center, caller)


async def _steer(robot_id: str, kind: OrderKind, body: Note, center: Center, caller: Caller) -> RobotView:
    command = SteerRobot(robot_id=robot_id, kind=kind, by=caller.username, note=body.note)
    await center.bus.handle(command, act=caller.act)
    return await read_robot(robot_id, center)
