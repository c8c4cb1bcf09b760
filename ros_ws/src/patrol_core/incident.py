"""Incidents: what people work on until it is closed with proof. One table of states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from patrol_core.errors import IllegalTransition, InvalidInput
from patrol_core.geometry import Point2
from patrol_core.kind import KINDS, IncidentKind, Priority, Proof
from patrol_core.site import Place, Text
from patrol_core.source import Source, SourceKind


class IncidentState(StrEnum):
    """Where an incident stands: what people do about it."""

    OPEN = "open"  # nobody has it; the escalation runs
    ACKNOWLEDGED = "acknowledged"  # somebody has it
    VERIFYING = "verifying"  # somebody finds out whether it is real
    DISPATCHED = "dispatched"  # somebody was sent
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"  # the danger is over; the proof is still to be looked at
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"
    MERGED = "merged"  # it is part of another one

    @property
    def ended(self) -> bool:
        return self in _ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCommand:
    """Something a person does to an incident."""

    by: str  # account name
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(IncidentCommand):
    """Someone has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(IncidentCommand):
    """Someone finds out whether it is real: calls, looks through a camera, sends a robot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(IncidentCommand):
    """A person is sent there; once more sends another one."""

    to: str  # account name


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(IncidentCommand):
    """Somebody is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(IncidentCommand):
    """The danger is over; the note says what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(IncidentCommand):
    """It is over; needs proof: a photo of the place, a source normal for long enough, or a written reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFalseAlarm(IncidentCommand):
    """There was nothing; needs a written reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(IncidentCommand):
    """It is part of another one that has not ended."""

    into: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(IncidentCommand):
    """Undo of resolving, closing or merging: nobody has it, as at the beginning."""


_S = IncidentState
_ENDED = frozenset({_S.CLOSED, _S.FALSE_ALARM, _S.MERGED})
_IN_CHINESE: Mapping[IncidentState, str] = {
    _S.OPEN: "无人接手",
    _S.ACKNOWLEDGED: "处理中",
    _S.VERIFYING: "核实中",
    _S.DISPATCHED: "已派人",
    _S.ON_SCENE: "人已到场",
    _S.RESOLVED: "待关闭",
    _S.CLOSED: "已关闭",
    _S.FALSE_ALARM: "误报",
    _S.MERGED: "已并入",
}
_ALIVE = tuple(state for state in _S if state not in _ENDED)
_Row = tuple[IncidentState, type[IncidentCommand]]


def _from(states: Iterable[IncidentState], command: type[IncidentCommand], to: IncidentState) -> dict[_Row, _S]:
    return {(state, command): to for state in states}


TRANSITIONS: Mapping[tuple[IncidentState, type[IncidentCommand]], IncidentState] = {
    **_from([_S.OPEN], Acknowledge, _S.ACKNOWLEDGED),
    **_from([_S.OPEN, _S.ACKNOWLEDGED], Verify, _S.VERIFYING),
    **_from([_S.OPEN, _S.ACKNOWLEDGED, _S.VERIFYING, _S.DISPATCHED, _S.ON_SCENE], Dispatch, _S.DISPATCHED),
    **_from([_S.ACKNOWLEDGED, _S.VERIFYING, _S.DISPATCHED], Arrive, _S.ON_SCENE),
    **_from([_S.ACKNOWLEDGED, _S.VERIFYING, _S.DISPATCHED, _S.ON_SCENE], Resolve, _S.RESOLVED),
    **_from(_ALIVE, Close, _S.CLOSED),
    **_from(_ALIVE, MarkFalseAlarm, _S.FALSE_ALARM),
    **_from(_ALIVE, Merge, _S.MERGED),
    **_from([_S.RESOLVED, _S.CLOSED, _S.FALSE_ALARM, _S.MERGED], Reopen, _S.OPEN),
}


def possible(state: IncidentState) -> tuple[type[IncidentCommand], ...]:
    """What may be done to an incident in this state, in the order of the table."""
    return tuple(command for from_state, command in TRANSITIONS if from_state is state)


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
    via: UUID | None = None  # the incident it came with when that was merged into this one


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
    assignee: str | None = None  # account that was sent, or went by itself
    assigned_at: datetime | None = None
    arrived_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str = ""  # what was done, in the words of who resolved it
    merged_into: UUID | None = None

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


def proven(incident: Incident, note: str, now: datetime) -> bool:
    """Whether there is what closing asks for."""
    return bool(note or incident.resolution or incident.evidence or recovered(incident, now))


def decide(incident: Incident, command: IncidentCommand, now: datetime) -> Incident:
    """The incident after `command`.

    Raises:
        IllegalTransition: the table has no such row; names both.
        InvalidInput: closing without proof, calling it false without a note, or merging it into itself.
    """
    try:
        state = TRANSITIONS[incident.state, type(command)]
    except KeyError:
        stands = f"事件现在是“{_IN_CHINESE[incident.state]}”"
        raise IllegalTransition(incident.state, command, zh=stands) from None
    note = command.note.strip()
    if state is IncidentState.CLOSED and not proven(incident, note, now):
        raise InvalidInput(
            "closing needs proof: expected a photo of the place, a source that has been normal for "
            f"{RECOVERED_FOR.seconds // 60} minutes, or a written note; came none of them",
            zh=f"关闭需要凭据：现场照片、设备已恢复正常 {RECOVERED_FOR.seconds // 60} 分钟以上，或一句书面说明",
        )
    if state is IncidentState.FALSE_ALARM and not note:
        raise InvalidInput(
            "expected a written reason why this was a false alarm; came none", where="note", zh="请写明为什么是误报"
        )
    after = replace(
        incident,
        state=state,
        changed_at=now,
        because=note,
        owner=incident.owner or command.by,
        closed_at=now if state.ended else None,
    )
    match command:
        case Dispatch(to=to):
            return replace(after, assignee=to, assigned_at=now, arrived_at=None)
        case Arrive():
            went = incident.assignee or command.by
            return replace(after, assignee=went, assigned_at=incident.assigned_at or now, arrived_at=now)
        case Resolve():
            return replace(after, resolved_at=now, resolution=note)
        case Merge(into=into):
            if into == incident.incident_id:
                raise InvalidInput("expected another incident; came this one", where="into", zh="不能并入它自己")
            return replace(after, merged_into=into)
        case Reopen():
            return _as_at_the_beginning(after)
        case _:
            return after


def _as_at_the_beginning(incident: Incident) -> Incident:
    """Nobody has it and nobody is on the way; what was noticed stays."""
    return replace(
        incident,
        owner=None,
        assignee=None,
        assigned_at=None,
        arrived_at=None,
        resolved_at=None,
        resolution="",
        merged_into=None,
    )


def clear_since(loci: Iterable[Locus]) -> datetime | None:
    """When the last fixed sensor of these said that it is normal; None while one does not, or where there is none."""
    said = [locus.cleared_at for locus in loci if locus.source.kind is SourceKind.DEVICE]
    known = [at for at in said if at is not None]
    return max(known) if known and len(known) == len(said) else None
