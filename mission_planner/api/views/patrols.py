"""Patrols, their next runs and the record of the ones before, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from mission_planner.api.views.common import See, Text, View, text
from mission_planner.planning import phrases, schedule
from mission_planner.planning.schedule import Missed, Occurrence, Overlap
from mission_planner.store import missions, patrols
from mission_planner.store.patrols import Patrol, Run, RunState
from patrol_core import site
from patrol_core.errors import InvalidInput

NEXT_SHOWN = 3


class RunView(View):
    """One occurrence of a patrol, whether it happened or not."""

    run_id: UUID
    patrol_id: UUID
    due_at: datetime
    started_at: datetime | None
    state: RunState
    because: Text | None
    by: str | None
    mission_ids: list[UUID]


class PatrolView(View):
    """What is to be looked at, when, and by whom."""

    patrol_id: UUID
    name: str
    robot_ids: list[str]
    viewpoint_ids: list[str]
    rrule: str
    starts_at: str
    timezone: str
    enabled: bool
    missed: Missed
    overlap: Overlap
    robots_wanted: int
    next_runs: list[datetime]
    last_run: RunView | None
    because: Text | None


class PreviewRunView(View):
    """One moment of a schedule."""

    at: datetime
    local: str
    note: Text | None


class PreviewView(View):
    """The next moments of a schedule."""

    next: list[PreviewRunView]


def run_view(run: Run, mission_ids: Sequence[UUID]) -> RunView:
    """One run."""
    return RunView(
        run_id=run.run_id,
        patrol_id=run.patrol_id,
        due_at=run.due_at,
        started_at=run.started_at,
        state=run.state,
        because=text(run.because),
        by=run.by,
        mission_ids=list(mission_ids),
    )


def run_views(see: See, runs: Sequence[Run]) -> list[RunView]:
    """Several runs with their missions."""
    ids = missions.ids_of_runs(see.tx, [r.run_id for r in runs])
    return [run_view(r, ids.get(r.run_id, ())) for r in runs]


def patrol_view(see: See, patrol: Patrol) -> PatrolView:
    """One patrol; it says so itself when nothing of it will happen any more."""
    last = patrols.runs_of(see.tx, patrol.patrol_id, limit=1, after=None).items
    upcoming, trouble = _upcoming(see, patrol)
    because = patrol.because or trouble
    return PatrolView(
        patrol_id=patrol.patrol_id,
        name=patrol.name,
        robot_ids=list(patrol.robot_ids),
        viewpoint_ids=list(patrol.viewpoint_ids),
        rrule=patrol.rrule,
        starts_at=patrol.starts_at,
        timezone=patrol.timezone,
        enabled=patrol.enabled,
        missed=Missed(patrol.missed),
        overlap=Overlap(patrol.overlap),
        robots_wanted=patrol.robots_wanted,
        next_runs=upcoming,
        last_run=run_views(see, last)[0] if last else None,
        because=text(because),
    )


def preview_view(occurrences: Sequence[Occurrence]) -> PreviewView:
    """Moments with what is odd about them."""
    return PreviewView(
        next=[
            PreviewRunView(at=o.at, local=o.local.isoformat(timespec="minutes"), note=text(o.note)) for o in occurrences
        ]
    )


def _upcoming(see: See, patrol: Patrol) -> tuple[list[datetime], site.Text | None]:
    if not patrol.enabled:
        return [], None
    after = see.now or patrol.settled_until
    try:
        starts_at = schedule.local_time(patrol.starts_at)
        found = schedule.expand(patrol.rrule, starts_at, patrol.timezone, after, NEXT_SHOWN)
    except InvalidInput as error:  # a zone that a newer tz database no longer has
        return [], site.Text.same(str(error))
    return [o.at for o in found], None if found else phrases.NEVER_AGAIN
