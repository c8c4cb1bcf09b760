"""A robot waits beside somebody until it is released: which incident that is, and who lets it go.

What a robot does is what its state says; the center only notes at which incident it does so. One robot is enough: a
second one is released at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner import wording
from mission_planner.bus import Command, Work
from mission_planner.fleet import ordering, speaking
from mission_planner.fleet.phrases import RELEASED as LET_GO
from mission_planner.fleet.phrases import ordered
from mission_planner.incidents import phrases
from mission_planner.incidents.sources import source_name
from mission_planner.store import incidents, orders
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from patrol_core.errors import Conflict
from patrol_core.geometry import Pose2
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity, RobotState
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind

THERE = (Activity.APPROACHING, Activity.ATTENDING, Activity.HOLDING)  # one that waits and does this has not gone
BESIDE_M = 20.0  # eyes see somebody on the ground from at most so far
WAITS, LEFT, RELEASED = "waits", "left", "released"  # kinds of lines in the timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRobot(Command[UUID]):
    """A person lets the robot that waits at an incident go on with what it did before."""

    incident_id: UUID
    by: str
    note: str = ""

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return self.note


def release_robot(work: Work, command: ReleaseRobot) -> UUID:
    """Handler of ReleaseRobot; once more, after it was released, changes nothing.

    Raises:
        NotFound: no such incident.
        Conflict: no robot waits there, and none was released from it.
    """
    row = incidents.get(work.tx, command.incident_id)
    if row.incident.waiting_robot_id is not None:
        _release(work, row, by=command.by, note=command.note.strip())
        return command.incident_id
    if incidents.last_entry_at(work.tx, command.incident_id, RELEASED) is None:
        raise Conflict("no robot waits at this incident: there is nobody to release", zh="没有机器人守在这里，无须放行")
    return command.incident_id


def end(work: Work, row: IncidentRow, by: str) -> IncidentRow:
    """The incident has ended: whoever waits there may leave."""
    return _release(work, row, by=by, note="") if row.incident.waiting_robot_id is not None else row


def hand_over(work: Work, row: IncidentRow, target: IncidentRow, by: str) -> IncidentRow:
    """`row` became part of `target`: who waits at it waits at the other, unless somebody does already."""
    robot_id = row.incident.waiting_robot_id
    if robot_id is None:
        return target
    if target.incident.waiting_robot_id is not None:
        _release(work, row, by=by, note="")
        return target
    incidents.put(work.tx, replace(row, incident=replace(row.incident, waiting_robot_id=None)))
    return _note(work, target, WAITS, phrases.waits(_name(work, robot_id)), waiting=robot_id)


def settle(work: Work, state: RobotState, *, finding_came: bool = False) -> None:
    """Bring what incidents say about this robot in line with what it says itself.

    Args:
        work: the transaction.
        state: the robot's newest word.
        finding_came: what it saw was told just now: then it stays there also while it still comes nearer.
    """
    waited_at = incidents.waited_at(work.tx, state.robot_id)
    if state.activity not in THERE:
        for row in waited_at:
            _leaves(work, row, phrases.left(_name(work, state.robot_id), state.because))
        return
    for row in waited_at:
        speaking.calm(work, row, state)
    stays = (Activity.ATTENDING, Activity.APPROACHING) if finding_came else (Activity.ATTENDING,)
    if waited_at or state.activity not in stays or _released_already(work, state.robot_id):
        return
    source = Source(kind=SourceKind.ROBOT, source_id=state.robot_id)
    beside = _nearest(incidents.open_found_by(work.tx, source), state.pose)
    if beside is None:
        return  # its finding is still on the way
    other = beside.incident.waiting_robot_id
    name = _name(work, state.robot_id)
    if other is None:
        speaking.calm(work, _note(work, beside, WAITS, phrases.waits(name), waiting=state.robot_id), state)
        return
    because = phrases.somebody_waits_already(_name(work, other))
    ordering.release(work, state.robot_id, beside.incident.incident_id, because)
    line = wording.joined([phrases.let_go(name), because])
    _note(work, beside, RELEASED, line, waiting=other)


def _release(work: Work, row: IncidentRow, *, by: str, note: str) -> IncidentRow:
    robot_id = row.incident.waiting_robot_id or ""
    line = phrases.let_go(_name(work, robot_id))
    ordering.release(work, robot_id, row.incident.incident_id, ordered(by, note, LET_GO))
    return _note(work, row, RELEASED, wording.with_note(line, note), waiting=None, by=by)


def _leaves(work: Work, row: IncidentRow, line: Text) -> None:
    _note(work, row, LEFT, line, waiting=None)


def _note(
    work: Work, row: IncidentRow, kind: str, line: Text, *, waiting: str | None, by: str | None = None
) -> IncidentRow:
    incident = replace(row.incident, waiting_robot_id=waiting, changed_at=work.now)
    after = replace(row, incident=incident)
    incidents.put(work.tx, after)
    incidents.add_entry(work.tx, incident.incident_id, at=work.now, kind=kind, text=line, by=by)
    work.changed(Subject.INCIDENT, incident.incident_id)
    return after


def _released_already(work: Work, robot_id: str) -> bool:
    """Whether it is about to hear that it may leave."""
    return any(order.kind is OrderKind.RELEASE for order in orders.untaken(work.tx, robot_id))


def _nearest(rows: Sequence[IncidentRow], robot: Pose2 | None) -> IncidentRow | None:
    """The one it stands beside; where positions are unknown, the newest of those."""

    def away_m(row: IncidentRow) -> float:
        there = row.incident.position_m
        return robot.point.distance_m(there) if robot is not None and there is not None else BESIDE_M

    return min((r for r in reversed(rows) if away_m(r) <= BESIDE_M), key=away_m, default=None)


def _name(work: Work, robot_id: str) -> Text:
    return source_name(work.site, Source(kind=SourceKind.ROBOT, source_id=robot_id))
