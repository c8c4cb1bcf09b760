"""Incidents: what people work on until it is closed with proof. One table of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from patrol_core.errors import IllegalTransition, InvalidInput
from patrol_core.geometry import Point2
from patrol_core.kind import KINDS, IncidentKind, Priority, Proof
from patrol_core.site import Place, Text
from patrol_core.source import Source


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
class Locus:
    """One source of an incident: where it is, and when it spoke last."""

    source: Source
    kind: IncidentKind
    place: Place | None  # inside a building; None outdoors
    position_m: Point2 | None  # frame `map`
    at: datetime  # UTC, its newest word that it is so
    cleared_at: datetime | None = None  # UTC, its word that it is normal; None while it is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one word adds to how sure one may be."""

    source: Source
    text: Text
    log_odds: float  # when it was said; most words fade
    at: datetime  # UTC


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
    source_cleared_at: datetime | None = None  # when the last of its sources said it is normal again
    verification: Verification = Verification.NOT_NEEDED
    verification_because: str = ""  # which robot and why it, or why none
    verify_mission_id: UUID | None = None
    findings: tuple[UUID, ...] = ()
    evidence: tuple[str, ...] = ()  # SHA-256 hex of each picture
    loci: tuple[Locus, ...] = ()  # its sources, the first one first; bounded
    weights: tuple[Weight, ...] = ()  # what speaks for and against it; bounded
    explained: int = 0  # findings that this incident explains, and that opened none of their own
    certainty: Certainty | None = None  # the best any source said; None where no source judges
    waiting_robot_id: str | None = None  # stands beside the person until it is released

    @property
    def active_at(self) -> datetime:
        """UTC, when a source said last that it is so."""
        return max((locus.at for locus in self.loci), default=self.opened_at)


RECOVERED_FOR = timedelta(minutes=10)  # normal for so long is proof, where the kind allows it


def recovered(incident: Incident, now: datetime) -> bool:
    """Whether every source has been normal for long enough to be proof."""
    cleared_at = incident.source_cleared_at
    allowed = Proof.RECOVERY in KINDS[incident.kind].proofs
    return allowed and cleared_at is not None and now - cleared_at >= RECOVERED_FOR


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
    if state is IncidentState.CLOSED and not (note or incident.evidence or recovered(incident, now)):
        raise InvalidInput(
            "closing needs proof: expected a photo of the place, a source that has been normal for "
            f"{RECOVERED_FOR.seconds // 60} minutes, or a written note; came none of them"
        )
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
