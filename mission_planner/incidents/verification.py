"""Somebody goes to look: a robot is chosen for an incident, and what came of its mission is noted on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mission_planner import wording
from mission_planner.bus import Command, Work
from mission_planner.fleet import dispatch, ordering
from mission_planner.fleet.phrases import INCIDENT_ENDED, VERIFYING, look_name, ordered
from mission_planner.incidents import phrases
from mission_planner.incidents.sources import place_text, source_name
from mission_planner.store import evidence, incidents, missions
from mission_planner.store import tried as tried_robots
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.missions import MissionRow
from patrol_core.finding import Finding
from patrol_core.geometry import Pose2
from patrol_core.incident import Certainty, Verification
from patrol_core.kind import KINDS
from patrol_core.mission import Checkpoint, LedgerEntry, Mission, MissionKind, MissionState, Outcome
from patrol_core.orders import OrderKind
from patrol_core.robot import Link
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind

CHECKPOINT_ID = "scene"
LOOKS_AT_ONCE = 4  # robots sent within one batch of reports


def send_somebody(work: Work, row: IncidentRow) -> IncidentRow:
    """Order the nearest able robot to the place, or say why none goes; the row is stored either way."""
    pose = _pose(work, row)
    if pose is None:
        located = row.incident.position_m is not None
        because = phrases.NO_STANDING_PLACE if located else phrases.NO_POSITION_OF_INCIDENT
        return _store(work, row, Verification.FAILED, because)
    tried = tried_robots.of_incident(work.tx, row.incident.incident_id)
    choice = dispatch.choose(
        pose.point, work.fleet, work.distances.between_m, unwanted={**tried, **_looking_elsewhere(work)}
    )
    if choice.robot_id is None:
        everybody_tried = bool(tried) and set(tried) >= set(work.fleet)
        if everybody_tried:
            return _store(work, row, Verification.FAILED, wording.joined([phrases.ALL_TRIED, choice.because]))
        return _store(work, row, Verification.WAITING, choice.because)
    place = place_text(work.site, row.incident.place)
    name = look_name(place, KINDS[row.incident.kind].name)
    mission = ordering.assign(
        work,
        robot_id=choice.robot_id,
        kind=MissionKind.VERIFY,
        name=name,
        checkpoints=(Checkpoint(checkpoint_id=CHECKPOINT_ID, pose=pose, name=place or name),),
        because=choice.because,
        incident_id=row.incident.incident_id,
    )
    sent = replace(
        row,
        incident=replace(row.incident, verify_mission_id=mission.mission_id),
        verify_robot_id=choice.robot_id,
    )
    robot = work.site.robot(choice.robot_id).name
    incidents.add_entry(
        work.tx, row.incident.incident_id, at=work.now, kind="sent", text=phrases.robot_sent(robot, choice.because)
    )
    return _store(work, sent, Verification.SENT, choice.because)


def send_of_many(work: Work, row: IncidentRow) -> None:
    """As `send_somebody`, for one of many that open at once: few of them, the others wait for `look_after`."""
    work.looks += 1
    if work.looks > LOOKS_AT_ONCE:
        return
    if _somebody(work):
        send_somebody(work, row)
    else:
        work.looks = LOOKS_AT_ONCE  # nor for the next ones


def note_entry(work: Work, mission: Mission, entry: LedgerEntry) -> None:
    """The robot looked, or says why it could not."""
    row = _incident_of(work, mission)
    if row is None:
        return
    if entry.outcome is not Outcome.SEEN:
        _next_robot(work, row, mission, entry.because)
        return
    robot = work.site.robot(entry.robot_id).name
    for digest in entry.photos:
        _attach(work, row, digest)
        incidents.add_entry(
            work.tx, row.incident.incident_id, at=entry.at, kind="photo", text=phrases.photo_came(robot), picture=digest
        )
    pictures = tuple(d for d in entry.photos if d not in row.incident.evidence)
    seen = replace(row, incident=replace(row.incident, evidence=(*row.incident.evidence, *pictures)))
    _store(work, seen, Verification.SEEN, row.verification_because or phrases.photo_came(robot))


def shows(finding: Finding) -> bool:
    """Whether a finding is a look at the place already: a robot was there, or eyes are sure, and there is a picture."""
    there = finding.source.kind is SourceKind.ROBOT or finding.certainty is Certainty.CONFIRMED
    return finding.certainty is not None and there and bool(finding.evidence)


def note_seen(work: Work, row: IncidentRow, finding: Finding) -> IncidentRow:
    """Whoever noticed has a picture of it: nobody else needs to look, and who is on the way may turn round."""
    if row.incident.verification is Verification.SEEN:
        return row
    because = phrases.seen_by(source_name(work.site, finding.source))
    _cancel_look(work, row, because)
    return _store(work, row, Verification.SEEN, because)


def note_end(work: Work, mission: Mission) -> None:
    """The mission ended without an entry: refused, cancelled. Another robot may go."""
    row = _incident_of(work, mission)
    if row is None or mission.ledger or mission.state is MissionState.DONE:
        return  # a robot that is done sends its entry, sooner or later
    _next_robot(work, row, mission, mission.because or Text.same(mission.state.value))


def call_off(work: Work, row: IncidentRow, by: str) -> IncidentRow:
    """The incident has ended: nobody needs to look any more."""
    if row.incident.verification not in (Verification.WAITING, Verification.SENT):
        return row
    _cancel_look(work, row, ordered(by, "", INCIDENT_ENDED))
    return _store(work, row, Verification.NOT_NEEDED, phrases.ENDED_BEFORE_LOOK)


def _cancel_look(work: Work, row: IncidentRow, because: Text) -> None:
    mission = missions.find(work.tx, row.incident.verify_mission_id) if row.incident.verify_mission_id else None
    if mission is not None and not mission.mission.state.ended:
        ordering.steer(work, mission, OrderKind.CANCEL, because)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAfter(Command[None]):
    """Time went on: somebody may be able to go now."""


def look_after(work: Work, _command: LookAfter) -> None:
    """Handler of LookAfter: where nobody could go yet, and where the robot fell silent before it took the order."""
    nobody = dispatch.nobody(work.fleet, unwanted=_looking_elsewhere(work))
    for row in incidents.without_a_look(work.tx):
        mission_id = row.incident.verify_mission_id
        if row.incident.verification is Verification.WAITING:
            if nobody is not None:  # a hundred alarms and no robot: nothing to work out for each
                if nobody != row.verification_because:
                    _store(work, row, Verification.WAITING, nobody)
                continue
            send_somebody(work, row)
            nobody = dispatch.nobody(work.fleet, unwanted=_looking_elsewhere(work))
        elif mission_id is not None:
            _give_up_unreached(work, missions.get(work.tx, mission_id))


def _give_up_unreached(work: Work, row: MissionRow) -> None:
    """An order the robot never took was not released to it: another may go. A later CANCEL keeps the two apart."""
    now = work.fleet[row.mission.robot_id]
    state = now.state
    never_took_it = state is None or state.order_epoch < row.start_epoch
    if row.mission.state is not MissionState.ASSIGNED or now.link is Link.ONLINE or not never_took_it:
        return
    incident = _incident_of(work, row.mission)
    if incident is None:
        return
    ordering.steer(work, row, OrderKind.CANCEL, phrases.NOT_REACHED)
    _next_robot(work, incident, row.mission, phrases.NOT_REACHED)


def _next_robot(work: Work, row: IncidentRow, mission: Mission, because: Text) -> None:
    robot = source_name(work.site, Source(kind=SourceKind.ROBOT, source_id=mission.robot_id))
    failed = phrases.look_failed(robot, because)
    incident_id = row.incident.incident_id
    tried_robots.add(work.tx, incident_id, mission.robot_id, because)
    incidents.add_entry(work.tx, incident_id, at=work.now, kind="look_failed", text=failed)
    if not row.incident.state.ended:
        send_somebody(work, row)


def _incident_of(work: Work, mission: Mission) -> IncidentRow | None:
    """The incident this mission is the newest look at, unless a picture is there already."""
    if mission.kind is not MissionKind.VERIFY or mission.incident_id is None:
        return None
    row = incidents.get(work.tx, mission.incident_id)
    newest = row.incident.verify_mission_id == mission.mission_id
    return row if newest and row.incident.verification is not Verification.SEEN else None


def _store(work: Work, row: IncidentRow, state: Verification, because: Text) -> IncidentRow:
    """Write the verification; browsers hear of it only when it changed."""
    changed = replace(
        row,
        incident=replace(row.incident, verification=state, verification_because=because.zh),
        verification_because=because,
    )
    if row.incident.verification is not state or incidents.find(work.tx, row.incident.incident_id) != changed:
        changed = replace(changed, incident=replace(changed.incident, changed_at=work.now))
        incidents.put(work.tx, changed)
        work.changed(Subject.INCIDENT, row.incident.incident_id)
    return changed


def _pose(work: Work, row: IncidentRow) -> Pose2 | None:
    target = row.incident.position_m
    if target is None:
        return None
    device = work.site.devices.get(row.source.source_id) if row.source.kind is SourceKind.DEVICE else None
    place = row.incident.place
    return work.standing.pose(target, device.height_m if device else 0.0, place.building_id if place else None)


def _somebody(work: Work) -> bool:
    """Whether a robot may be able to go, wherever it is to; the store is asked only where that is left to know."""
    if dispatch.nobody(work.fleet, unwanted={}) is not None:
        return False
    return dispatch.nobody(work.fleet, unwanted=_looking_elsewhere(work)) is None


def _looking_elsewhere(work: Work) -> Mapping[str, Text]:
    """Robots that hold a look that has not ended."""
    rows = missions.active(work.tx)
    return {r.mission.robot_id: VERIFYING for r in rows if r.mission.kind is MissionKind.VERIFY}


def _attach(work: Work, row: IncidentRow, digest: str) -> None:
    known = evidence.find(work.tx, digest) or EvidenceRow(digest=digest)
    evidence.put(work.tx, replace(known, incident_id=row.incident.incident_id))
