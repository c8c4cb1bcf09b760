"""What people do to incidents: take, verify, send somebody, resolve, close with proof, merge, reopen, write notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner import wording
from mission_planner.bus import Command, Work
from mission_planner.incidents import attendance, escalation, merging, phrases, sending, verification
from mission_planner.incidents.naming import named
from mission_planner.incidents.sending import Candidate
from mission_planner.store import assignments, devices, incidents, tried
from mission_planner.store.assignments import Assignment, Outcome
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from patrol_core.errors import InvalidInput, NotAllowed
from patrol_core.incident import (
    Acknowledge,
    Arrive,
    Close,
    Dispatch,
    IncidentCommand,
    IncidentState,
    MarkFalseAlarm,
    Merge,
    Reopen,
    Resolve,
    Verification,
    Verify,
    decide,
)
from patrol_core.kind import KINDS
from patrol_core.site import Text

LINES: Mapping[type[IncidentCommand], tuple[str, Text]] = {  # those without a line here write their own
    Acknowledge: ("acknowledged", phrases.ACKNOWLEDGED),
    Verify: ("verifying", phrases.VERIFYING_IT),
    Arrive: ("arrived", phrases.ARRIVED),
    Resolve: ("resolved", phrases.RESOLVED),
    Close: ("closed", phrases.CLOSED),
    MarkFalseAlarm: ("false_alarm", phrases.FALSE_ALARM),
    Reopen: ("reopened", phrases.REOPENED),
}
SYSTEM = "system"  # does what no person did


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideIncident(Command[UUID]):
    """Move an incident through its state table."""

    incident_id: UUID
    command: IncidentCommand
    only_own: bool = False  # the caller may do it to what they were sent to, or took, and to nothing else

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return self.command.note


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPerson(Command[UUID]):
    """Send somebody there."""

    incident_id: UUID
    by: str
    to: str | None  # None: the best of those on duty
    note: str = ""

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return f"{self.to or 'whoever is on duty'}: {self.note}" if self.note else self.to or "whoever is on duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Command[UUID]):
    """Write into the timeline."""

    incident_id: UUID
    by: str
    note: str

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return self.note


def decide_incident(work: Work, command: DecideIncident) -> UUID:
    """Handler of DecideIncident.

    Raises:
        NotFound: no such incident, or none to merge into.
        NotAllowed: it is another's.
        Conflict: what it is to be merged into has ended.
        what `patrol_core.incident.decide` raises.
    """
    row = incidents.get(work.tx, command.incident_id)
    if command.only_own:
        _check_own(row, command.command.by)
    _apply(work, row, command.command)
    return command.incident_id


def send_person(work: Work, command: SendPerson) -> UUID:
    """Handler of SendPerson.

    Raises:
        NotFound: no such incident.
        IllegalTransition: it is resolved or has ended.
        InvalidInput, Conflict: as `sending.choose` says.
    """
    row = incidents.get(work.tx, command.incident_id)
    person = sending.choose(work.tx, row, command.to, work.now)
    note = command.note.strip()
    _apply(work, row, Dispatch(by=command.by, to=person.username, note=note))
    sending.send(work, row, person, by=command.by, note=note)
    return command.incident_id


def hand_on(work: Work, row: IncidentRow, person: Candidate, untaken: Assignment) -> None:
    """Who was sent does not take the order: `person` is sent, with the same words."""
    row = _apply(work, row, Dispatch(by=SYSTEM, to=person.username))
    sending.send(work, row, person, by=None, note=untaken.note, instead_of=untaken)


def reopen_for_new_alarm(work: Work, row: IncidentRow) -> IncidentRow:
    """It was resolved, and alarms anew: nobody has it, and people are told from the beginning."""
    return _apply(work, row, Reopen(by=SYSTEM), line=phrases.RANG_AGAIN)


def add_note(work: Work, command: AddNote) -> UUID:
    """Handler of AddNote."""
    row = incidents.get(work.tx, command.incident_id)
    note = command.note.strip()
    if not note:
        raise InvalidInput("expected words; came none", where="note", zh="请先写一句话")
    incidents.put(work.tx, replace(row, incident=replace(row.incident, changed_at=work.now)))
    incidents.add_entry(work.tx, command.incident_id, at=work.now, kind="note", text=Text.same(note), by=command.by)
    work.changed(Subject.INCIDENT, command.incident_id)
    return command.incident_id


def _apply(work: Work, before: IncidentRow, command: IncidentCommand, line: Text | None = None) -> IncidentRow:
    """The one way an incident changes its state, with what follows from it."""
    proof = merging.pictures(work, before) if isinstance(command, Close) else ()
    judged = replace(before.incident, evidence=(*before.incident.evidence, *proof))
    row = replace(before, incident=replace(decide(judged, command, work.now), evidence=before.incident.evidence))
    incident_id = row.incident.incident_id
    if isinstance(command, Merge):
        line = phrases.merged(named(work.site, merging.target_of(work, before, row)))
    kind, usual = LINES.get(type(command), ("merged", None))
    said = line or usual
    row = _clock(work, row, command)
    incidents.put(work.tx, row)
    if said is not None:
        by = command.by if command.by != SYSTEM else None
        text = wording.with_note(said, command.note.strip())
        incidents.add_entry(work.tx, incident_id, at=work.now, kind=kind, text=text, by=by)
    row = _follow(work, before, row, command)
    work.changed(Subject.INCIDENT, incident_id)
    return row


def _clock(work: Work, row: IncidentRow, command: IncidentCommand) -> IncidentRow:
    if isinstance(command, Reopen):
        return escalation.begin_again(work, row)
    return escalation.note_decision(work, row)


def _follow(work: Work, before: IncidentRow, row: IncidentRow, command: IncidentCommand) -> IncidentRow:
    """What else happens because of it."""
    incident_id = row.incident.incident_id
    match command:
        case Verify():
            return _look_again(work, row)
        case Arrive():
            sending.note_arrival(work, row)
        case Resolve():
            assignments.end(work.tx, incident_id, work.now, Outcome.RESOLVED)
        case Merge():
            merging.follow(work, before, row, command.by)
            if before.incident.assignee is not None:
                assignments.end(work.tx, incident_id, work.now, Outcome.CALLED_OFF)  # unless it went along
        case Reopen():
            assignments.end(work.tx, incident_id, work.now, Outcome.CALLED_OFF)
            return _as_open(work, before, row, command.by)
        case Close() | MarkFalseAlarm():
            assignments.end(work.tx, incident_id, work.now, Outcome.CALLED_OFF)
            row = verification.call_off(work, row, command.by)
            row = attendance.end(work, row, command.by)
            for device_id in devices.release(work.tx, incident_id):
                work.changed(Subject.SENSOR, device_id)
    return row


def _as_open(work: Work, before: IncidentRow, row: IncidentRow, by: str) -> IncidentRow:
    """Its sources are its own again, and where a look was called off, somebody looks."""
    if before.incident.state is IncidentState.MERGED:
        row = merging.undo(work, before, row, by)
        incidents.put(work.tx, row)
    wanted = KINDS[row.incident.kind].robot_verifies and not row.incident.evidence
    if wanted and row.incident.verification is Verification.NOT_NEEDED:
        return verification.send_somebody(work, row)
    return row


def _look_again(work: Work, row: IncidentRow) -> IncidentRow:
    """A person wants to know: robots that failed before may try again."""
    failed = row.incident.verification is Verification.FAILED
    if not failed or not KINDS[row.incident.kind].robot_verifies:
        return row
    tried.forget(work.tx, row.incident.incident_id)
    return verification.send_somebody(work, row)


def _check_own(row: IncidentRow, username: str) -> None:
    incident = row.incident
    its = incident.assignee or incident.owner
    if its != username:
        who = f"{its} has it" if its else "nobody has it yet"
        said = f"由 {its} 负责" if its else "还没有人接手"
        raise NotAllowed(
            f"expected an incident that {username} was sent to or took; {who}", zh=f"没有派您去，您也没有接手：{said}"
        )
