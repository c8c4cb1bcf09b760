"""Core types ↔ ROS messages. Every pair round-trips (tests/unit/patrol_wire)."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from builtin_interfaces.msg import Time

from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, MissionProgress, RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind
from patrol_interfaces import msg

E = TypeVar("E", bound=Enum)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SWITCH: dict[bool | None, int] = {None: -1, False: 0, True: 1}
_SWITCH_FROM = {number: on for on, number in _SWITCH.items()}


def time_to(moment: datetime) -> Time:
    """UTC datetime to a ROS time."""
    length = moment - _EPOCH
    return Time(sec=length.days * 86_400 + length.seconds, nanosec=length.microseconds * 1_000)


def time_from(stamp: Time) -> datetime:
    """ROS time to a UTC datetime (microseconds)."""
    return _EPOCH + timedelta(seconds=stamp.sec, microseconds=stamp.nanosec // 1_000)


def pose_to(pose: Pose2 | None) -> msg.Pose2:
    """None becomes `known = false`. Whole numbers are made floats, here and below: ROS setters take nothing else."""
    if pose is None:
        return msg.Pose2(known=False)
    return msg.Pose2(known=True, x_m=float(pose.x_m), y_m=float(pose.y_m), heading_rad=float(pose.heading_rad))


def pose_from(message: msg.Pose2) -> Pose2 | None:
    """Raises InvalidInput for a pose that is not finite."""
    if not message.known:
        return None
    values = (message.x_m, message.y_m, message.heading_rad)
    if not all(math.isfinite(v) for v in values):
        raise InvalidInput(f"expected finite numbers; came {values}", where="pose")
    return Pose2(x_m=message.x_m, y_m=message.y_m, heading_rad=message.heading_rad)


def order_to(order: Order) -> msg.Order:
    """Core order to message."""
    return msg.Order(
        order_id=str(order.order_id),
        robot_id=order.robot_id,
        epoch=order.epoch,
        issued_at=time_to(order.issued_at),
        kind=order.kind.value,
        because=order.because,
        mission_id=_optional_text(order.mission_id),
        mission_kind=order.mission_kind.value if order.mission_kind else "",
        name=order.name,
        checkpoints=[
            msg.Checkpoint(checkpoint_id=c.checkpoint_id, pose=pose_to(c.pose), name=c.name, dwell_s=float(c.dwell_s))
            for c in order.checkpoints
        ],
        speed_mps=float(order.speed_mps),
        incident_id=_optional_text(order.incident_id),
    )


def order_from(message: msg.Order) -> Order:
    """Message to core order.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return Order(
        order_id=_uuid(message.order_id, "order_id"),
        robot_id=message.robot_id,
        epoch=message.epoch,
        issued_at=time_from(message.issued_at),
        kind=_enum(OrderKind, message.kind, "kind"),
        because=message.because,
        mission_id=_optional(message.mission_id, "mission_id", _uuid),
        mission_kind=_enum(MissionKind, message.mission_kind, "mission_kind") if message.mission_kind else None,
        name=message.name,
        checkpoints=tuple(_checkpoint(c) for c in message.checkpoints),
        speed_mps=_length(message.speed_mps, "speed_mps"),
        incident_id=_optional(message.incident_id, "incident_id", _uuid),
    )


def state_to(state: RobotState) -> msg.RobotState:
    """Core robot state to message; unknown numbers become NaN."""
    return msg.RobotState(
        robot_id=state.robot_id,
        boot_id=str(state.boot_id),
        sequence=state.sequence,
        stamped_at=time_to(state.stamped_at),
        pose=pose_to(state.pose),
        speed_mps=_number_to(state.speed_mps),
        battery_pct=_number_to(state.battery_pct),
        charging=_SWITCH[state.charging],
        activity=state.activity.value,
        because=state.because,
        order_epoch=state.order_epoch,
        refused=state.refused,
        missions=[
            msg.MissionProgress(
                mission_id=str(p.mission_id),
                epoch=p.epoch,
                state=p.state.value,
                because=p.because,
                done=p.done,
                total=p.total,
                next_checkpoint_id=p.next_checkpoint_id or "",
            )
            for p in state.missions
        ],
        parts=[part_to(p) for p in state.parts],
        lights=_SWITCH[state.lights_on],
    )


def state_from(message: msg.RobotState) -> RobotState:
    """Message to core robot state.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return RobotState(
        robot_id=message.robot_id,
        boot_id=_uuid(message.boot_id, "boot_id"),
        sequence=message.sequence,
        stamped_at=time_from(message.stamped_at),
        pose=pose_from(message.pose),
        speed_mps=_number_from(message.speed_mps, "speed_mps"),
        battery_pct=_number_from(message.battery_pct, "battery_pct"),
        charging=_switch(message.charging, "charging"),
        activity=_enum(Activity, message.activity, "activity"),
        because=message.because,
        order_epoch=message.order_epoch,
        refused=message.refused,
        missions=tuple(
            MissionProgress(
                mission_id=_uuid(p.mission_id, "missions.mission_id"),
                epoch=p.epoch,
                state=_enum(MissionState, p.state, "missions.state"),
                because=p.because,
                done=p.done,
                total=p.total,
                next_checkpoint_id=p.next_checkpoint_id or None,
            )
            for p in message.missions
        ),
        parts=tuple(part_from(p) for p in message.parts),
        lights_on=_switch(message.lights, "lights"),
    )


def ledger_entry_to(entry: LedgerEntry) -> msg.LedgerEntry:
    """Core ledger entry to message."""
    return msg.LedgerEntry(
        report_id=str(entry.report_id),
        mission_id=str(entry.mission_id),
        robot_id=entry.robot_id,
        checkpoint_id=entry.checkpoint_id,
        outcome=entry.outcome.value,
        because=entry.because,
        at=time_to(entry.at),
        pose=pose_to(entry.pose),
        photos=list(entry.photos),
    )


def ledger_entry_from(message: msg.LedgerEntry) -> LedgerEntry:
    """Message to core ledger entry.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return LedgerEntry(
        report_id=_uuid(message.report_id, "report_id"),
        mission_id=_uuid(message.mission_id, "mission_id"),
        robot_id=message.robot_id,
        checkpoint_id=message.checkpoint_id,
        outcome=_enum(Outcome, message.outcome, "outcome"),
        because=message.because,
        at=time_from(message.at),
        pose=pose_from(message.pose),
        photos=tuple(_digest(d) for d in message.photos),
    )


def finding_to(finding: Finding) -> msg.Finding:
    """Core finding to message."""
    where = finding.position_m
    return msg.Finding(
        finding_id=str(finding.finding_id),
        source_kind=finding.source.kind.value,
        source_id=finding.source.source_id,
        kind=finding.kind.value,
        phase=finding.phase.value,
        position_known=where is not None,
        x_m=float(where.x_m) if where else 0.0,
        y_m=float(where.y_m) if where else 0.0,
        observed_at=time_to(finding.observed_at),
        confidence=float(finding.confidence),
        value=_number_to(finding.value),
        unit=finding.unit,
        note=finding.note,
        certainty=finding.certainty.value if finding.certainty else "",
        model=finding.model,
        evidence=list(finding.evidence),
    )


def finding_from(message: msg.Finding) -> Finding:
    """Message to core finding.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return Finding(
        finding_id=_uuid(message.finding_id, "finding_id"),
        source=Source(kind=_enum(SourceKind, message.source_kind, "source_kind"), source_id=message.source_id),
        kind=_enum(IncidentKind, message.kind, "kind"),
        phase=_enum(Phase, message.phase, "phase"),
        position_m=_position(message) if message.position_known else None,
        observed_at=time_from(message.observed_at),
        confidence=_metric(_finite(message.confidence, "confidence")),
        value=None if math.isnan(message.value) else _finite(message.value, "value"),
        unit=message.unit,
        note=message.note,
        evidence=tuple(_digest(d) for d in message.evidence),
        certainty=_enum(Certainty, message.certainty, "certainty") if message.certainty else None,
        model=message.model,
    )


def part_to(part: PartReport) -> msg.PartReport:
    """Core part report to message."""
    return msg.PartReport(
        name=part.name,
        state=part.state.value,
        because_zh=part.because.zh,
        because_en=part.because.en,
        version=part.version,
        stamped_at=time_to(part.stamped_at),
    )


def part_from(message: msg.PartReport) -> PartReport:
    """Message to core part report; raises InvalidInput naming the field."""
    return PartReport(
        name=message.name,
        state=_enum(PartState, message.state, "state"),
        because=Text(zh=message.because_zh, en=message.because_en),
        version=message.version,
        stamped_at=time_from(message.stamped_at),
    )


def sighting_to(sighting: Sighting) -> msg.Sighting:
    """Core sighting to message."""
    where = sighting.position_m
    return msg.Sighting(
        sighting_id=str(sighting.sighting_id),
        camera_id=sighting.camera_id,
        kind=sighting.kind.value,
        verdict=sighting.verdict.value,
        position_known=where is not None,
        x_m=float(where.x_m) if where else 0.0,
        y_m=float(where.y_m) if where else 0.0,
        first_seen_at=time_to(sighting.first_seen_at),
        observed_at=time_to(sighting.observed_at),
        confidence=float(sighting.confidence),
        model=sighting.model,
        because=sighting.because,
        photo_jpeg=array("B", sighting.photo_jpeg),
    )


def sighting_from(message: msg.Sighting) -> Sighting:
    """Message to core sighting; raises InvalidInput naming the field."""
    return Sighting(
        sighting_id=_uuid(message.sighting_id, "sighting_id"),
        camera_id=message.camera_id,
        kind=_enum(IncidentKind, message.kind, "kind"),
        verdict=_enum(Verdict, message.verdict, "verdict"),
        position_m=_position(message) if message.position_known else None,
        first_seen_at=time_from(message.first_seen_at),
        observed_at=time_from(message.observed_at),
        confidence=_metric(_finite(message.confidence, "confidence")),
        model=message.model,
        because=message.because,
        photo_jpeg=bytes(message.photo_jpeg),
    )


def _checkpoint(message: msg.Checkpoint) -> Checkpoint:
    pose = pose_from(message.pose)
    if pose is None:
        raise InvalidInput("expected a known pose; came none", where=f"checkpoint {message.checkpoint_id}")
    return Checkpoint(
        checkpoint_id=message.checkpoint_id, pose=pose, name=message.name, dwell_s=_length(message.dwell_s, "dwell_s")
    )


def _number_to(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _number_from(value: float, where: str) -> float | None:
    return None if math.isnan(value) else _metric(_finite(value, where))


def _finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise InvalidInput(f"expected a finite number; came {value}", where=where)
    return value


def _length(value: float, where: str) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise InvalidInput(f"expected a finite number of at least 0; came {value}", where=where)
    return _metric(value)


def _position(message: msg.Finding | msg.Sighting) -> Point2:
    values = (message.x_m, message.y_m)
    if not all(math.isfinite(v) for v in values):
        raise InvalidInput(f"expected finite numbers; came {values}", where="position")
    return Point2(*values)


def _switch(number: int, where: str) -> bool | None:
    if number not in _SWITCH_FROM:
        raise InvalidInput(f"expected -1, 0 or 1; came {number}", where=where)
    return _SWITCH_FROM[number]


def _metric(value: float) -> float:
    """A float32 back as the number a person wrote: seven digits are all it carries."""
    return float(f"{value:.7g}")


def _uuid(text: str, where: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(f"expected a UUID; came {text!r:.60}", where=where) from None


def _enum(kind: type[E], text: str, where: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise InvalidInput(f"expected one of {[m.value for m in kind]}; came {text!r:.60}", where=where) from None


def _digest(text: str) -> str:
    if len(text) != 64 or any(c not in "0123456789abcdef" for c in text):
        raise InvalidInput(f"expected 64 hexadecimal digits (SHA-256); came {text!r:.80}", where="photos")
    return text


def _optional_text(value: Any | None) -> str:
    return "" if value is None else str(value)


def _optional(text: str, where: str, parse: Callable[[str, str], UUID]) -> UUID | None:
    return parse(text, where) if text else None
