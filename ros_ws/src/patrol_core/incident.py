"""Incidents: what people work on until it is closed with proof. One table of kinds, one table of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.errors import IllegalTransition, InvalidInput
from patrol_core.geometry import Point2
from patrol_core.site import Place, Text


class IncidentKind(StrEnum):
    """What happened."""

    SMOKE = "smoke"
    GAS = "gas"
    CO = "co"
    ELECTRICAL_FIRE = "electrical_fire"
    WATER_NO_USE = "water_no_use"
    DOOR = "door"
    WRISTBAND = "wristband"
    SOS = "sos"
    MANHOLE = "manhole"
    FLOOD = "flood"
    SEPTIC_GAS = "septic_gas"
    ELEVATOR = "elevator"
    PERSON_FALLEN = "person_fallen"
    ROBOT_TROUBLE = "robot_trouble"
    UNKNOWN = "unknown"  # a report that could not be understood still becomes an incident


class Priority(StrEnum):
    """ISA-18.2 style: what a delay costs. 1 is life."""

    LIFE = "1"
    HIGH = "2"
    MEDIUM = "3"
    LOW = "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPolicy:
    """What a kind of incident asks for."""

    priority: Priority
    robot_verifies: bool  # the nearest able robot is sent to look
    name: Text


KINDS: Mapping[IncidentKind, KindPolicy] = {
    kind: KindPolicy(priority=priority, robot_verifies=verifies, name=Text(zh=zh, en=en))
    for kind, priority, verifies, zh, en in (
        (IncidentKind.SMOKE, Priority.LIFE, True, "烟感报警", "Smoke alarm"),
        (IncidentKind.GAS, Priority.LIFE, True, "燃气泄漏", "Gas alarm"),
        (IncidentKind.CO, Priority.LIFE, True, "一氧化碳报警", "Carbon monoxide alarm"),
        (IncidentKind.ELECTRICAL_FIRE, Priority.LIFE, True, "电气火灾报警", "Electrical fire alarm"),
        (IncidentKind.SOS, Priority.LIFE, True, "一键求助", "SOS call"),
        (IncidentKind.PERSON_FALLEN, Priority.LIFE, True, "人员摔倒", "Person fallen"),
        (IncidentKind.WRISTBAND, Priority.LIFE, True, "手环告警", "Wristband alarm"),
        (IncidentKind.ELEVATOR, Priority.HIGH, False, "电梯故障", "Elevator fault"),
        (IncidentKind.SEPTIC_GAS, Priority.HIGH, True, "化粪池气体超标", "Septic gas alarm"),
        (IncidentKind.FLOOD, Priority.HIGH, True, "积水报警", "Flood alarm"),
        (IncidentKind.MANHOLE, Priority.HIGH, True, "井盖异常", "Manhole moved"),
        (IncidentKind.ROBOT_TROUBLE, Priority.MEDIUM, False, "机器人异常", "Robot in trouble"),
        (IncidentKind.WATER_NO_USE, Priority.MEDIUM, False, "长时间未用水", "No water use"),
        (IncidentKind.DOOR, Priority.LOW, False, "门磁告警", "Door alarm"),
        (IncidentKind.UNKNOWN, Priority.MEDIUM, False, "未识别的报告", "Report not understood"),
    )
}


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"

    @property
    def ended(self) -> bool:
        return self in (IncidentState.CLOSED, IncidentState.FALSE_ALARM)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCommand:
    """Something a person does to an incident."""

    by: str  # account name
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(IncidentCommand):
    """Someone has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(IncidentCommand):
    """It is over; needs proof: a photo of the place, or a written reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFalseAlarm(IncidentCommand):
    """There was nothing; needs a written reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(IncidentCommand):
    """Undo of closing."""


TRANSITIONS: Mapping[tuple[IncidentState, type[IncidentCommand]], IncidentState] = {
    (IncidentState.OPEN, Acknowledge): IncidentState.ACKNOWLEDGED,
    (IncidentState.OPEN, Close): IncidentState.CLOSED,
    (IncidentState.OPEN, MarkFalseAlarm): IncidentState.FALSE_ALARM,
    (IncidentState.ACKNOWLEDGED, Close): IncidentState.CLOSED,
    (IncidentState.ACKNOWLEDGED, MarkFalseAlarm): IncidentState.FALSE_ALARM,
    (IncidentState.CLOSED, Reopen): IncidentState.ACKNOWLEDGED,
    (IncidentState.FALSE_ALARM, Reopen): IncidentState.ACKNOWLEDGED,
}


class Certainty(StrEnum):
    """How sure a source that judges is."""

    SUSPECTED = "suspected"  # it could not be seen well enough; people must look
    CONFIRMED = "confirmed"


class Verification(StrEnum):
    """How far looking at the place has come."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"  # no robot can go yet; the reason says why
    SENT = "sent"
    SEEN = "seen"  # a photo of the place is there
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One thing that happened at one place."""

    incident_id: UUID
    kind: IncidentKind
    priority: Priority
    state: IncidentState
    opened_at: datetime  # UTC site time
    changed_at: datetime  # UTC site time
    position_m: Point2 | None  # frame `map`
    place: Place | None
    because: str  # why it is in this state, a sentence
    owner: str | None = None  # account that acknowledged it
    closed_at: datetime | None = None
    source_cleared_at: datetime | None = None  # the device said it is normal again
    verification: Verification = Verification.NOT_NEEDED
    verification_because: str = ""  # which robot and why it, or why none
    verify_mission_id: UUID | None = None
    findings: tuple[UUID, ...] = ()
    evidence: tuple[str, ...] = ()  # SHA-256 hex of each picture
    certainty: Certainty | None = None  # the best any source said; None where no source judges
    waiting_robot_id: str | None = None  # stands beside the person until it is released


def decide(incident: Incident, command: IncidentCommand, now: datetime) -> Incident:
    """The incident after `command`.

    Raises:
        IllegalTransition: the table has no such row; names both.
        InvalidInput: closing without a photo or a note, or calling it false without a note.
    """
    try:
        state = TRANSITIONS[incident.state, type(command)]
    except KeyError:
        raise IllegalTransition(incident.state, command) from None
    note = command.note.strip()
    if state is IncidentState.CLOSED and not note and not incident.evidence:
        raise InvalidInput("closing needs proof: expected a photo of the place or a written note; came neither")
    if state is IncidentState.FALSE_ALARM and not note:
        raise InvalidInput("expected a written reason why this was a false alarm; came none", where="note")
    return replace(
        incident,
        state=state,
        changed_at=now,
        because=note,
        owner=incident.owner if state.ended and incident.owner else command.by,
        closed_at=now if state.ended else None,
    )
