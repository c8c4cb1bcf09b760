"""What the event stream carries: a snapshot, the changed thing itself, and poses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from mission_planner.api.views.common import See, View
from mission_planner.api.views.findings import finding_view
from mission_planner.api.views.flood import flood_view
from mission_planner.api.views.incidents import IncidentView, incident_view, incident_views
from mission_planner.api.views.missions import MissionView, mission_view
from mission_planner.api.views.notices import notice_view, notice_views
from mission_planner.api.views.patrols import patrol_view
from mission_planner.api.views.robots import PoseRow, RobotView, robot_view
from mission_planner.api.views.sensors import device_view
from mission_planner.people.roles import Action
from mission_planner.store import devices, findings, incidents, missions, patrols
from mission_planner.store.dossiers import several
from mission_planner.store.events import Subject, Thing
from mission_planner.store.incidents import IncidentRow
from patrol_core.errors import NotFound
from patrol_core.incident import IncidentState

RECENT_ENDED = 30  # ended incidents in a snapshot
OPEN_SHOWN = 200  # open ones; the rest is in the list


class PosesView(View):
    """Where the robots are; without an id, since only the newest counts."""

    site_time: datetime | None
    robots: list[PoseRow]


class SnapshotView(View):
    """Everything a page needs to begin with."""

    robots: list[RobotView]
    incidents: list[IncidentView]
    missions: list[MissionView]
    site_time: datetime | None


class GoneView(View):
    """A thing that was removed."""

    id: str
    patrol_id: str | None = None
    deleted: bool = True


def snapshot_view(see: See, actions: Collection[Action]) -> SnapshotView:
    """What these actions may see."""
    rows: list[IncidentRow] = []
    if Action.INCIDENT_VIEW in actions:
        for states, limit in (
            ([s for s in IncidentState if not s.ended], OPEN_SHOWN),
            ([s for s in IncidentState if s.ended], RECENT_ENDED),
        ):
            rows.extend(incidents.newest(see.tx, states=states, kinds=(), limit=limit, after=None).items)
    return SnapshotView(
        robots=[robot_view(see, now) for now in see.fleet.values()] if Action.ROBOT_VIEW in actions else [],
        incidents=incident_views(see, rows),
        missions=[mission_view(see, row) for row in missions.active(see.tx)] if Action.MISSION_VIEW in actions else [],
        site_time=see.now,
    )


def current_view(see: See, subject: Subject, subject_id: str) -> BaseModel:
    """The thing as it is now."""
    try:
        return _DRAW[subject](see, subject_id)
    except (NotFound, KeyError):
        return GoneView(id=subject_id, patrol_id=subject_id if subject is Subject.PATROL else None)


def current_views(see: See, wanted: Sequence[Thing]) -> list[BaseModel]:
    """Each thing as it is now, in their order; in a flood many of one kind are read together."""
    drawn: dict[Thing, BaseModel] = {}
    for subject, draw in _DRAW_TOGETHER.items():
        if keys := [key for of, key in wanted if of is subject]:
            drawn |= {(subject, key): view for key, view in draw(see, keys)}
    return [drawn.get(thing) or current_view(see, *thing) for thing in wanted]


def _incidents(see: See, keys: Sequence[str]) -> Iterable[tuple[str, BaseModel]]:
    views = incident_views(see, several(see.tx, [UUID(key) for key in keys]))
    return ((str(view.incident_id), view) for view in views)


def _notices(see: See, keys: Sequence[str]) -> Iterable[tuple[str, BaseModel]]:
    return ((str(view.seq), view) for view in notice_views(see, [int(key) for key in keys]))


_DRAW_TOGETHER: Mapping[Subject, Callable[[See, Sequence[str]], Iterable[tuple[str, BaseModel]]]] = {
    Subject.INCIDENT: _incidents,
    Subject.NOTICE: _notices,
}
_DRAW: Mapping[Subject, Callable[[See, str], BaseModel]] = {
    Subject.INCIDENT: lambda see, key: incident_view(see, incidents.get(see.tx, UUID(key))),
    Subject.MISSION: lambda see, key: mission_view(see, missions.get(see.tx, UUID(key))),
    Subject.PATROL: lambda see, key: patrol_view(see, patrols.get(see.tx, UUID(key))),
    Subject.ROBOT: lambda see, key: robot_view(see, see.fleet[key]),
    Subject.SENSOR: lambda see, key: device_view(see, key, devices.find(see.tx, key)),
    Subject.FLOOD: lambda see, _: flood_view(see),
    Subject.NOTICE: lambda see, key: notice_view(see, int(key)),
    Subject.FINDING: lambda see, key: finding_view(see, findings.get(see.tx, UUID(key))),
}
