"""Runs of patrols: who goes, when it starts, why it did not, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mission_planner import wording
from mission_planner.bus import Command, Work
from mission_planner.fleet import dispatch, ordering, phrases
from mission_planner.planning.patrol import split
from mission_planner.store import missions, patrols
from mission_planner.store.events import Subject
from mission_planner.store.patrols import Patrol, Run, RunState
from patrol_core.errors import Conflict
from patrol_core.geometry import Point2
from patrol_core.mission import Checkpoint, MissionKind, MissionState
from patrol_core.site import Text

_STATE_NAMES = {
    MissionState.CANCELLED: ("已取消", "cancelled"),
    MissionState.REFUSED: ("被拒绝", "refused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPatrol(Command[Run]):
    """A person starts a patrol now."""

    patrol_id: UUID
    by: str

    @property
    def target(self) -> str:
        return f"patrol {self.patrol_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who can go on a patrol now."""

    robots: tuple[str, ...]  # at most as many as wanted
    unable: tuple[tuple[Text, Text], ...]  # name and reason of each that cannot


def run_patrol(work: Work, command: RunPatrol) -> Run:
    """Handler of RunPatrol.

    Raises:
        Conflict: the run before has not ended, or no robot can go; says why.
    """
    patrol = patrols.get(work.tx, command.patrol_id)
    running = patrols.running(work.tx, patrol.patrol_id)
    if running is not None:
        raise Conflict(
            f"the run that started at {running.started_at:%Y-%m-%d %H:%M} UTC has not ended", zh="上一次巡逻还没有结束"
        )
    team = muster(work, patrol)
    if not team.robots:
        nobody = phrases.nobody_able(team.unable)
        raise Conflict(nobody.en, zh=nobody.zh)
    return start(work, patrol, team, due_at=work.now, by=command.by)


def muster(work: Work, patrol: Patrol) -> Team:
    """The robots that can go now, nearest to the patrol's viewpoints first."""
    busy = {
        row.mission.robot_id: phrases.VERIFYING if row.mission.kind is MissionKind.VERIFY else phrases.PATROLLING
        for row in missions.active(work.tx)
    }
    stops = list(_stops(work, patrol).values())
    able: list[tuple[float, str]] = []
    unable: list[tuple[Text, Text]] = []
    for robot_id, now in sorted(work.fleet.items()):
        if patrol.robot_ids and robot_id not in patrol.robot_ids:
            continue
        because = dispatch.why_not(now, dispatch.PATROL) or busy.get(robot_id)
        if because is not None or now.state is None or now.state.pose is None:
            unable.append((now.robot.name, because or phrases.NO_POSITION))
            continue
        here = now.state.pose.point
        able.append((min((here.distance_m(stop) for stop in stops), default=0.0), robot_id))
    wanted = min(patrol.robots_wanted, max(len(stops), 1))
    return Team(robots=tuple(robot_id for _, robot_id in sorted(able)[:wanted]), unable=tuple(unable))


def start(work: Work, patrol: Patrol, team: Team, *, due_at: datetime, by: str | None = None) -> Run:
    """Share the viewpoints among the team and order each robot's tour; the record of the run.

    Raises:
        Conflict: the site has none of the viewpoints any more.
    """
    stops = _stops(work, patrol)
    if not stops:
        raise Conflict(phrases.NO_VIEWPOINT_LEFT.en, zh=phrases.NO_VIEWPOINT_LEFT.zh)
    starts = {r: state.pose.point for r in team.robots if (state := work.fleet[r].state) and state.pose}
    tours = {r: tour for r, tour in split(starts, stops, work.distances.between_m).items() if tour}
    run = Run(
        run_id=work.new_id(),
        patrol_id=patrol.patrol_id,
        due_at=due_at,
        started_at=work.now,
        state=RunState.STARTED,
        because=_remarks(patrol, team, stops, by),
        by=by,
    )
    patrols.add_run(work.tx, run)
    because = phrases.assigned([work.site.robot(r).name for r in tours], len(stops))
    for robot_id, tour in tours.items():
        ordering.assign(
            work,
            robot_id=robot_id,
            kind=MissionKind.PATROL,
            name=Text.same(patrol.name),
            checkpoints=[_checkpoint(work, viewpoint_id) for viewpoint_id in tour],
            because=because,
            patrol_id=patrol.patrol_id,
            run_id=run.run_id,
        )
    work.changed(Subject.PATROL, patrol.patrol_id)
    return run


def record(work: Work, patrol: Patrol, *, due_at: datetime, state: RunState, because: Text) -> Run:
    """Write down a run that did not happen."""
    run = Run(
        run_id=work.new_id(),
        patrol_id=patrol.patrol_id,
        due_at=due_at,
        started_at=None,
        state=state,
        because=because,
    )
    patrols.add_run(work.tx, run)
    work.changed(Subject.PATROL, patrol.patrol_id)
    return run


def note_end(work: Work, run_id: UUID) -> None:
    """One of its missions ended; the run ends with the last."""
    run = patrols.get_run(work.tx, run_id)
    ended = [row.mission for row in missions.of_run(work.tx, run_id)]
    if run.state is not RunState.STARTED or not all(m.state.ended for m in ended):
        return
    bad = [m for m in ended if m.state is not MissionState.DONE]
    if bad:
        because = wording.joined(
            [phrases.mission_ended_badly(_robot_name(work, m.robot_id), *_STATE_NAMES[m.state], m.because) for m in bad]
        )
        patrols.end_run(work.tx, run_id, RunState.FAILED, because)
    else:
        patrols.end_run(work.tx, run_id, RunState.DONE, run.because)
    work.changed(Subject.PATROL, run.patrol_id)


def _robot_name(work: Work, robot_id: str) -> Text:
    """Its name, also when the site no longer has it."""
    robot = work.site.robots.get(robot_id)
    return robot.name if robot is not None else Text.same(robot_id)


def _stops(work: Work, patrol: Patrol) -> dict[str, Point2]:
    """Where the patrol's viewpoints are; those the site no longer has are missing."""
    return {v: work.site.viewpoints[v].pose.point for v in patrol.viewpoint_ids if v in work.site.viewpoints}


def _remarks(patrol: Patrol, team: Team, stops: Sequence[str] | dict[str, Point2], by: str | None) -> Text | None:
    remarks: list[Text] = []
    if by is not None:
        remarks.append(phrases.by_hand(by))
    if len(team.robots) < min(patrol.robots_wanted, len(stops)):
        remarks.append(phrases.fewer_robots(patrol.robots_wanted, len(team.robots), team.unable))
    gone = [v for v in patrol.viewpoint_ids if v not in stops]
    if gone:
        remarks.append(phrases.unknown_viewpoints(gone))
    return wording.joined(remarks) if remarks else None


def _checkpoint(work: Work, viewpoint_id: str) -> Checkpoint:
    viewpoint = work.site.viewpoints[viewpoint_id]
    return Checkpoint(checkpoint_id=viewpoint_id, pose=viewpoint.pose, name=viewpoint.name)
