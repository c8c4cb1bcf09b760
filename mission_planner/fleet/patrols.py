"""Patrols as people make, change and remove them; nothing that could not run is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.planning import schedule
from mission_planner.planning.schedule import Missed, Overlap
from mission_planner.store import patrols
from mission_planner.store.events import Subject
from mission_planner.store.patrols import Patrol
from patrol_core.errors import InvalidInput
from patrol_core.site import RobotKind, Site

MAX_NAME = 120
MAX_VIEWPOINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolDraft:
    """What a person decides about a patrol."""

    name: str
    robot_ids: tuple[str, ...]
    viewpoint_ids: tuple[str, ...]
    rrule: str
    starts_at: str
    timezone: str
    enabled: bool
    missed: Missed
    overlap: Overlap
    robots_wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePatrol(Command[UUID]):
    """Make a patrol, or change one."""

    draft: PatrolDraft
    patrol_id: UUID | None = None  # None makes a new one

    @property
    def target(self) -> str:
        return f"patrol {self.patrol_id or self.draft.name}"

    @property
    def detail(self) -> str:
        return f"{self.draft.rrule} from {self.draft.starts_at} {self.draft.timezone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePatrol(Command[None]):
    """Remove a patrol; its missions under way go on, its records stay."""

    patrol_id: UUID

    @property
    def target(self) -> str:
        return f"patrol {self.patrol_id}"


def save_patrol(work: Work, command: SavePatrol) -> UUID:
    """Handler of SavePatrol.

    Raises:
        InvalidInput: names the field; also for a schedule that never fires.
        NotFound: no such patrol.
    """
    draft = command.draft
    check(draft, work.site)
    known = patrols.get(work.tx, command.patrol_id) if command.patrol_id is not None else None
    patrol = Patrol(
        patrol_id=known.patrol_id if known else work.new_id(),
        name=draft.name.strip(),
        robot_ids=draft.robot_ids,
        viewpoint_ids=draft.viewpoint_ids,
        rrule=draft.rrule,
        starts_at=draft.starts_at,
        timezone=draft.timezone,
        enabled=draft.enabled,
        missed=draft.missed.value,
        overlap=draft.overlap.value,
        robots_wanted=draft.robots_wanted,
        settled_until=work.now,  # what lies behind us was another plan
        queued_due_at=known.queued_due_at if known and draft.enabled else None,
        because=known.because if known and draft.enabled else None,
    )
    patrols.put(work.tx, patrol)
    work.changed(Subject.PATROL, patrol.patrol_id)
    return patrol.patrol_id


def remove_patrol(work: Work, command: RemovePatrol) -> None:
    """Handler of RemovePatrol."""
    patrols.get(work.tx, command.patrol_id)
    patrols.remove(work.tx, command.patrol_id)
    work.changed(Subject.PATROL, command.patrol_id)


def draft_of(patrol: Patrol) -> PatrolDraft:
    """What a person decided about it."""
    return PatrolDraft(
        name=patrol.name,
        robot_ids=patrol.robot_ids,
        viewpoint_ids=patrol.viewpoint_ids,
        rrule=patrol.rrule,
        starts_at=patrol.starts_at,
        timezone=patrol.timezone,
        enabled=patrol.enabled,
        missed=Missed(patrol.missed),
        overlap=Overlap(patrol.overlap),
        robots_wanted=patrol.robots_wanted,
    )


def check(draft: PatrolDraft, site: Site) -> None:
    """Raises InvalidInput for the first thing that is wrong."""
    if not 1 <= len(draft.name.strip()) <= MAX_NAME:
        raise InvalidInput(f"expected 1 to {MAX_NAME} characters; came {len(draft.name.strip())}", where="name")
    if not 1 <= len(draft.viewpoint_ids) <= MAX_VIEWPOINTS:
        raise InvalidInput(
            f"expected 1 to {MAX_VIEWPOINTS} viewpoints; came {len(draft.viewpoint_ids)}", where="viewpoint_ids"
        )
    _known(draft.viewpoint_ids, set(site.viewpoints), "viewpoint_ids", "viewpoints")
    ground = {r.robot_id for r in site.robots.values() if r.kind is RobotKind.GROUND}
    _known(draft.robot_ids, ground, "robot_ids", "ground robots")
    possible = len(draft.robot_ids) or len(ground)
    if not 1 <= draft.robots_wanted <= max(possible, 1):
        raise InvalidInput(f"expected 1 to {possible} robots; came {draft.robots_wanted}", where="robots_wanted")
    schedule.check(draft.rrule, schedule.local_time(draft.starts_at), draft.timezone)


def without_queue(patrol: Patrol) -> Patrol:
    """The patrol with nothing waiting."""
    return replace(patrol, queued_due_at=None, because=None)


def _known(ids: Sequence[str], known: set[str], where: str, what: str) -> None:
    if strangers := [i for i in ids if i not in known]:
        raise InvalidInput(f"expected {what} of the site; came also {strangers[:5]}", where=where)
    if len(set(ids)) != len(ids):
        twice = sorted({i for i in ids if list(ids).count(i) > 1})
        raise InvalidInput(f"expected each once; came twice: {twice[:5]}", where=where)
