"""Patrols come due: each occurrence starts, waits, or is recorded with the reason why it did not happen."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.fleet import phrases, runs
from mission_planner.fleet.patrols import without_queue
from mission_planner.planning import schedule
from mission_planner.planning.phrases import ONE_WAITS, STILL_RUNNING
from mission_planner.planning.schedule import Missed, Overlap, Schedule, Turn
from mission_planner.store import patrols
from mission_planner.store.events import Subject
from mission_planner.store.patrols import Patrol, RunState
from patrol_core.errors import Conflict

log = logging.getLogger(__name__)

FULL_TEAM = timedelta(seconds=20)  # site time a run waits for all the robots it wants; then it goes with fewer
SET_BACK = timedelta(minutes=1)
NO_ROBOT = timedelta(minutes=2)  # and for any at all, where missed runs are skipped; else for the policy's grace


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePatrol(Command[None]):
    """Something is due, or waits."""

    patrol_id: UUID


def settle_patrol(work: Work, command: SettlePatrol) -> None:
    """Handler of SettlePatrol."""
    before = patrols.get(work.tx, command.patrol_id)
    patrol = _take_due(work, before)
    patrol = _try_queued(work, patrol)
    if patrol != before:
        patrols.put(work.tx, patrol)
        if replace(patrol, settled_until=before.settled_until) != before:
            work.changed(Subject.PATROL, patrol.patrol_id)


def schedule_of(patrol: Patrol) -> Schedule:
    """The patrol's schedule."""
    return Schedule(
        rrule=patrol.rrule,
        starts_at=schedule.local_time(patrol.starts_at),
        timezone=patrol.timezone,
        missed=Missed(patrol.missed),
    )


def next_due(patrol: Patrol, now: datetime) -> datetime | None:
    """The first occurrence without a record (UTC); now, where the clock was set back; None when nothing is to come."""
    if not patrol.enabled:
        return None
    if _set_back(patrol, now):
        return now
    plan = schedule_of(patrol)
    found = schedule.expand(plan.rrule, plan.starts_at, plan.timezone, patrol.settled_until, 1)
    return found[0].at if found else None


def _take_due(work: Work, patrol: Patrol) -> Patrol:
    """Give every occurrence up to now its place: the queue, or a record."""
    if _set_back(patrol, work.now):
        log.warning("site time was set back from %s to %s; patrols go on from there", patrol.settled_until, work.now)
        return replace(without_queue(patrol), settled_until=work.now)
    if not patrol.enabled or work.now <= patrol.settled_until:
        return patrol
    due = schedule.due(schedule_of(patrol), patrol.settled_until, work.now)
    for skipped in due.skipped:
        runs.record(work, patrol, due_at=skipped.at, state=RunState.SKIPPED, because=skipped.because)
    for occurrence in due.start:
        running = patrols.running(work.tx, patrol.patrol_id) is not None
        waiting = patrol.queued_due_at is not None
        turn, because = schedule.turn(Overlap(patrol.overlap), running=running, waiting=waiting)
        if turn is Turn.START and waiting:
            turn, because = Turn.SKIP, ONE_WAITS
        if turn is Turn.SKIP:
            why = because or STILL_RUNNING
            runs.record(work, patrol, due_at=occurrence.at, state=RunState.SKIPPED, because=why)
        else:
            patrol = replace(patrol, queued_due_at=occurrence.at, because=because)
    return replace(patrol, settled_until=work.now)


def _try_queued(work: Work, patrol: Patrol) -> Patrol:
    """Start the run that waits, if it can; give it up when it has waited too long for robots."""
    due_at = patrol.queued_due_at
    if due_at is None or patrols.running(work.tx, patrol.patrol_id) is not None:
        return patrol
    team = runs.muster(work, patrol)
    waited = work.now - due_at
    if len(team.robots) >= patrol.robots_wanted or (team.robots and waited >= FULL_TEAM):
        try:
            runs.start(work, patrol, team, due_at=due_at)
        except Conflict:
            because = phrases.NO_VIEWPOINT_LEFT
            runs.record(work, patrol, due_at=due_at, state=RunState.FAILED, because=because)
        return without_queue(patrol)
    because = phrases.nobody_able(team.unable)
    if not team.robots and waited > _patience(patrol):
        runs.record(work, patrol, due_at=due_at, state=RunState.FAILED, because=because)
        return without_queue(patrol)
    return replace(patrol, because=because)


def _set_back(patrol: Patrol, now: datetime) -> bool:
    """A simulator that ran ahead and was started again: without this, patrols would rest until it catches up."""
    return patrol.settled_until - now > SET_BACK


def _patience(patrol: Patrol) -> timedelta:
    return NO_ROBOT if patrol.missed == Missed.SKIP else schedule_of(patrol).grace
