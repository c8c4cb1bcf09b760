"""What `ronda center --demo` puts there at the first start, so that something happens with no one touching it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from mission_planner.bus import Command, Work
from mission_planner.fleet.patrols import PatrolDraft, SavePatrol, draft_of, save_patrol
from mission_planner.planning.schedule import Missed, Overlap
from mission_planner.store import patrols
from mission_planner.store.patrols import Patrol
from patrol_core.site import RobotKind

FIRST_RUN_IN = timedelta(seconds=15)  # site time after the start
EVERY_MIN = 20
NAME = "日常巡逻"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedDemo(Command[bool]):
    """Make the demo's patrol where there is none, or let it begin anew if nobody changed it; whether one was saved."""


def seed_demo(work: Work, _command: SeedDemo) -> bool:
    """Handler of SeedDemo: all viewpoints, all ground robots, every twenty minutes."""
    ground = [r.robot_id for r in work.site.robots.values() if r.kind is RobotKind.GROUND]
    known = patrols.everything(work.tx)
    if not work.site.viewpoints or not ground:
        return False
    local = (work.now + FIRST_RUN_IN).astimezone(ZoneInfo(work.site.timezone)).replace(tzinfo=None, microsecond=0)
    draft = _draft(work, local.isoformat(), len(ground))
    if not known:
        save_patrol(work, SavePatrol(draft=draft))
        return True
    if len(known) == 1 and replace(draft_of(known[0]), starts_at=draft.starts_at) == draft and _idle(work, known[0]):
        save_patrol(work, SavePatrol(draft=draft, patrol_id=known[0].patrol_id))
        return True
    return False


def _idle(work: Work, patrol: Patrol) -> bool:
    return patrol.queued_due_at is None and patrols.running(work.tx, patrol.patrol_id) is None


def _draft(work: Work, starts_at: str, robots_wanted: int) -> PatrolDraft:
    return PatrolDraft(
        name=NAME,
        robot_ids=(),
        viewpoint_ids=tuple(work.site.viewpoints),
        rrule=f"FREQ=MINUTELY;INTERVAL={EVERY_MIN}",
        starts_at=starts_at,
        timezone=work.site.timezone,
        enabled=True,
        missed=Missed.ONCE,
        overlap=Overlap.SKIP,
        robots_wanted=robots_wanted,
    )
