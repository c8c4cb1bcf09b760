"""Patrols: what is to be looked at, when, and by whom; and the record of every run."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page, See, View
from mission_planner.api.views.patrols import PatrolView, PreviewView, RunView, patrol_view, preview_view, run_views
from mission_planner.fleet.patrols import PatrolDraft, RemovePatrol, SavePatrol
from mission_planner.fleet.runs import RunPatrol
from mission_planner.people.roles import Action
from mission_planner.planning import schedule
from mission_planner.planning.cron import rrule_from_cron
from mission_planner.planning.schedule import Missed, Overlap
from mission_planner.store import missions, patrols

router = APIRouter(prefix="/patrols", tags=["patrols"], responses=errors.ANSWERS)

Editor = Annotated[Caller, may(Action.PATROL_EDIT)]


class ScheduleBody(BaseModel):
    """When."""

    rrule: str = Field(max_length=500, description="RFC 5545, without DTSTART; or five cron fields")
    starts_at: str = Field(max_length=40, description="local ISO 8601 without offset")
    timezone: str = Field(max_length=64, description="IANA")

    @property
    def rule(self) -> str:
        """The rule; cron fields become one."""
        looks_like_cron = "=" not in self.rrule and (" " in self.rrule.strip() or "@" in self.rrule)
        return rrule_from_cron(self.rrule) if looks_like_cron else self.rrule


class PatrolBody(ScheduleBody):
    """What a person decides about a patrol."""

    name: str = Field(max_length=200)
    robot_ids: list[str] = Field(default=[], max_length=1_000, description="empty: any able robot")
    viewpoint_ids: list[str] = Field(max_length=1_000)
    enabled: bool = True
    missed: Missed = Missed.SKIP
    overlap: Overlap = Overlap.SKIP
    robots_wanted: int = 1

    def draft(self) -> PatrolDraft:
        """For the handler, which checks it."""
        return PatrolDraft(
            name=self.name,
            robot_ids=tuple(self.robot_ids),
            viewpoint_ids=tuple(self.viewpoint_ids),
            rrule=self.rule,
            starts_at=self.starts_at,
            timezone=self.timezone,
            enabled=self.enabled,
            missed=self.missed,
            overlap=self.overlap,
            robots_wanted=self.robots_wanted,
        )


class StartedView(View):
    """A run that began."""

    run_id: UUID
    missions: list[UUID]


@router.get("", dependencies=[may(Action.PATROL_VIEW)])
async def list_patrols(center: Center, limit: Limit = 50, after: UUID | None = None) -> Page[PatrolView]:
    """Patrols, oldest first."""

    def draw(see: See) -> Page[PatrolView]:
        page = patrols.listed(see.tx, limit=limit, after=after)
        return Page(items=[patrol_view(see, p) for p in page.items], next=page.next)

    return await center.see(draw)


@router.post("", status_code=201)
async def create_patrol(body: PatrolBody, center: Center, caller: Editor) -> PatrolView:
    """Make a patrol; one whose schedule never fires is refused."""
    patrol_id = await center.bus.handle(SavePatrol(draft=body.draft()), act=caller.act)
    return await read_patrol(patrol_id, center)


@router.post("/preview", dependencies=[may(Action.PATROL_VIEW)])
async def preview(body: ScheduleBody, center: Center) -> PreviewView:
    """The next ten runs of a schedule."""
    starts_at = schedule.local_time(body.starts_at)
    return preview_view(schedule.expand(body.rule, starts_at, body.timezone, center.clock.now(), 10))


@router.get("/{patrol_id}", dependencies=[may(Action.PATROL_VIEW)])
async def read_patrol(patrol_id: UUID, center: Center) -> PatrolView:
    """One patrol."""
    return await center.see(lambda see: patrol_view(see, patrols.get(see.tx, patrol_id)))


@router.put("/{patrol_id}")
async def change_patrol(patrol_id: UUID, body: PatrolBody, center: Center, caller: Editor) -> PatrolView:
    """Change a patrol; what is under way goes on as it began."""
    await center.bus.handle(SavePatrol(draft=body.draft(), patrol_id=patrol_id), act=caller.act)
    return await read_patrol(patrol_id, center)


@router.delete("/{patrol_id}", status_code=204)
async def remove_patrol(patrol_id: UUID, center: Center, caller: Editor) -> None:
    """Remove a patrol; its records stay."""
    await center.bus.handle(RemovePatrol(patrol_id=patrol_id), act=caller.act)


@router.post("/{patrol_id}/run", status_code=202)
async def run_patrol(patrol_id: UUID, center: Center, caller: Annotated[Caller, may(Action.PATROL_RUN)]) -> StartedView:
    """Start it now, beside its schedule; 409 says why it cannot."""
    run = await center.bus.handle(RunPatrol(patrol_id=patrol_id, by=caller.username), act=caller.act)
    ids = await center.see(lambda see: missions.ids_of_runs(see.tx, [run.run_id]))
    return StartedView(run_id=run.run_id, missions=list(ids.get(run.run_id, ())))


@router.get("/{patrol_id}/runs", dependencies=[may(Action.PATROL_VIEW)])
async def list_runs(patrol_id: UUID, center: Center, limit: Limit = 50, after: UUID | None = None) -> Page[RunView]:
    """Runs, newest first, also those that did not happen."""

    def draw(see: See) -> Page[RunView]:
        page = patrols.runs_of(see.tx, patrol_id, limit=limit, after=after)
        return Page(items=run_views(see, page.items), next=page.next)

    return await center.see(draw)
