"""The flood of alarms, and what is explained instead of told."""

from __future__ import annotations

from fastapi import APIRouter

from mission_planner.api import errors
from mission_planner.api.deps import Center, may
from mission_planner.api.views.flood import FloodView, InhibitedView, flood_view, inhibited_views
from mission_planner.people.roles import Action

router = APIRouter(tags=["incidents"], responses=errors.ANSWERS)


@router.get("/incidents/flood", dependencies=[may(Action.INCIDENT_VIEW)])
async def read_flood(center: Center) -> FloodView:
    """Whether there are more alarms than people can take, and how many tellings were bundled."""
    return await center.see(flood_view)


@router.get("/sensors/inhibited", dependencies=[may(Action.SENSOR_VIEW)])
async def list_inhibited(center: Center) -> list[InhibitedView]:
    """What an open incident explains now (a power cut its building's silent sensors), the newest first, at most 500."""
    return await center.see(inhibited_views)
