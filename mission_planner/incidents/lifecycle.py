"""What people do to incidents: acknowledge, close with proof, call it false, reopen, write a note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner import phrases
from mission_planner.bus import Command, Work
from mission_planner.incidents import attendance, escalation, verification
from mission_planner.store import devices, incidents
from mission_planner.store.events import Subject
from patrol_core.errors import InvalidInput
from patrol_core.incident import Acknowledge, Close, IncidentCommand, MarkFalseAlarm, Reopen, decide
from patrol_core.site import Text

LINES = {
    Acknowledge: ("acknowledged", phrases.ACKNOWLEDGED),
    Close: ("closed", phrases.CLOSED),
    MarkFalseAlarm: ("false_alarm", phrases.FALSE_ALARM),
    Reopen: ("reopened", phrases.REOPENED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideIncident(Command[UUID]):
    """Move an incident through its state table."""

    incident_id: UUID
    command: IncidentCommand

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return self.command.note


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
    """Handler of DecideIncident; raises what `patrol_core.incident.decide` raises."""
    row = incidents.get(work.tx, command.incident_id)
    row = replace(row, incident=decide(row.incident, command.command, work.now))
    kind, line = LINES[type(command.command)]
    note = command.command.note.strip()
    incidents.put(work.tx, row)
    incidents.add_entry(
        work.tx,
        command.incident_id,
        at=work.now,
        kind=kind,
        text=phrases.with_note(line, note),
        by=command.command.by,
    )
    escalation.note_decision(work, row)
    if row.incident.state.ended:
        row = verification.call_off(work, row, command.command.by)
        attendance.end(work, row, command.command.by)
        for device_id in devices.release(work.tx, command.incident_id):
            work.changed(Subject.SENSOR, device_id)
    work.changed(Subject.INCIDENT, command.incident_id)
    return command.incident_id


def add_note(work: Work, command: AddNote) -> UUID:
    """Handler of AddNote."""
    row = incidents.get(work.tx, command.incident_id)
    note = command.note.strip()
    if not note:
        raise InvalidInput("expected words; came none", where="note")
    incidents.put(work.tx, replace(row, incident=replace(row.incident, changed_at=work.now)))
    incidents.add_entry(work.tx, command.incident_id, at=work.now, kind="note", text=Text.same(note), by=command.by)
    work.changed(Subject.INCIDENT, command.incident_id)
    return command.incident_id
