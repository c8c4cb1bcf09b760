"""Core types ↔ ROS messages. Every pair round-trips (tests/unit/patrol_wire)."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, MissionProgress, RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Language
from patrol_core.source import Source, SourceKind
from patrol_core.speech import Speech, SpeechState
from patrol_interfaces import msg
from patrol_wire import values


def order_to(order: Order) -> msg.Order:
    """Core order to message."""
    return msg.Order(
        order_id=str(order.order_id),
        robot_id=order.robot_id,
        epoch=order.epoch,
        issued_at=values.time_to(order.issued_at),
        kind=order.kind.value,
        because=values.words_to(order.because),
        mission_id=values.optional_text(order.mission_id),
        mission_kind=order.mission_kind.value if order.mission_kind else "",
        name=values.words_to(order.name),
        checkpoints=[
            msg.Checkpoint(
                checkpoint_id=c.checkpoint_id,
                pose=values.pose_to(c.pose),
                name=values.words_to(c.name),
                dwell_s=float(c.dwell_s),
            )
            for c in order.checkpoints
        ],
        speed_mps=float(order.speed_mps),
        incident_id=values.optional_text(order.incident_id),
        words=values.words_to(order.words),
        language=order.language.value if order.language else "",
        urgent=order.urgent,
    )


def order_from(message: msg.Order) -> Order:
    """Message to core order.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return Order(
        order_id=values.uuid(message.order_id, "order_id"),
        robot_id=message.robot_id,
        epoch=message.epoch,
        issued_at=values.time_from(message.issued_at),
        kind=values.enum(OrderKind, message.kind, "kind"),
        because=values.words_from(message.because),
        mission_id=values.optional(message.mission_id, "mission_id", values.uuid),
        mission_kind=values.enum(MissionKind, message.mission_kind, "mission_kind") if message.mission_kind else None,
        name=values.words_from(message.name),
        checkpoints=tuple(_checkpoint(c) for c in message.checkpoints),
        speed_mps=values.length(message.speed_mps, "speed_mps"),
        incident_id=values.optional(message.incident_id, "incident_id", values.uuid),
        words=values.words_from(message.words),
        language=values.enum(Language, message.language, "language") if message.language else None,
        urgent=message.urgent,
    )


def state_to(state: RobotState) -> msg.RobotState:
    """Core robot state to message; unknown numbers become NaN."""
    return msg.RobotState(
        robot_id=state.robot_id,
        boot_id=str(state.boot_id),
        sequence=state.sequence,
        stamped_at=values.time_to(state.stamped_at),
        pose=values.pose_to(state.pose),
        speed_mps=values.number_to(state.speed_mps),
        battery_pct=values.number_to(state.battery_pct),
        charging=values.SWITCH[state.charging],
        activity=state.activity.value,
        because=values.words_to(state.because),
        order_epoch=state.order_epoch,
        refused=values.words_to(state.refused),
        missions=[
            msg.MissionProgress(
                mission_id=str(p.mission_id),
                epoch=p.epoch,
                state=p.state.value,
                because=values.words_to(p.because),
                done=p.done,
                total=p.total,
                next_checkpoint_id=p.next_checkpoint_id or "",
            )
            for p in state.missions
        ],
        parts=[part_to(p) for p in state.parts],
        lights=values.SWITCH[state.lights_on],
        speaks=[language.value for language in state.speaks],
        speech=[speech_to(state.speech)] if state.speech else [],
    )


def state_from(message: msg.RobotState) -> RobotState:
    """Message to core robot state.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return RobotState(
        robot_id=message.robot_id,
        boot_id=values.uuid(message.boot_id, "boot_id"),
        sequence=message.sequence,
        stamped_at=values.time_from(message.stamped_at),
        pose=values.pose_from(message.pose),
        speed_mps=values.number_from(message.speed_mps, "speed_mps"),
        battery_pct=values.number_from(message.battery_pct, "battery_pct"),
        charging=values.switch(message.charging, "charging"),
        activity=values.enum(Activity, message.activity, "activity"),
        because=values.words_from(message.because),
        order_epoch=message.order_epoch,
        refused=values.words_from(message.refused),
        missions=tuple(
            MissionProgress(
                mission_id=values.uuid(p.mission_id, "missions.mission_id"),
                epoch=p.epoch,
                state=values.enum(MissionState, p.state, "missions.state"),
                because=values.words_from(p.because),
                done=p.done,
                total=p.total,
                next_checkpoint_id=p.next_checkpoint_id or None,
            )
            for p in message.missions
        ),
        parts=tuple(part_from(p) for p in message.parts),
        lights_on=values.switch(message.lights, "lights"),
        speaks=languages_from(message.speaks, "speaks"),
        speech=speech_from(message.speech[-1]) if message.speech else None,
    )


def speech_to(speech: Speech) -> msg.Speech:
    """Core speech to message."""
    return msg.Speech(
        order_id=str(speech.order_id),
        robot_id=speech.robot_id,
        words=values.words_to(speech.words),
        language=speech.language.value,
        urgent=speech.urgent,
        incident_id=values.optional_text(speech.incident_id),
        asked_at=values.time_to(speech.asked_at),
        state=speech.state.value,
        because=values.words_to(speech.because),
        at=values.time_to(speech.at),
    )


def speech_from(message: msg.Speech) -> Speech:
    """Message to core speech; raises InvalidInput naming the field."""
    return Speech(
        order_id=values.uuid(message.order_id, "order_id"),
        robot_id=message.robot_id,
        words=values.words_from(message.words),
        language=values.enum(Language, message.language, "language"),
        urgent=message.urgent,
        incident_id=values.optional(message.incident_id, "incident_id", values.uuid),
        asked_at=values.time_from(message.asked_at),
        state=values.enum(SpeechState, message.state, "state"),
        because=values.words_from(message.because),
        at=values.time_from(message.at),
    )


def loudspeaker_to(languages: Sequence[Language]) -> msg.Loudspeaker:
    """What can be said, to message."""
    return msg.Loudspeaker(languages=[language.value for language in languages])


def languages_from(texts: Sequence[str], where: str = "languages") -> tuple[Language, ...]:
    """What can be said, from message; raises InvalidInput for a language nobody knows."""
    return tuple(values.enum(Language, text, where) for text in texts)


def ledger_entry_to(entry: LedgerEntry) -> msg.LedgerEntry:
    """Core ledger entry to message."""
    return msg.LedgerEntry(
        report_id=str(entry.report_id),
        mission_id=str(entry.mission_id),
        robot_id=entry.robot_id,
        checkpoint_id=entry.checkpoint_id,
        outcome=entry.outcome.value,
        because=values.words_to(entry.because),
        at=values.time_to(entry.at),
        pose=values.pose_to(entry.pose),
        photos=list(entry.photos),
    )


def ledger_entry_from(message: msg.LedgerEntry) -> LedgerEntry:
    """Message to core ledger entry.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return LedgerEntry(
        report_id=values.uuid(message.report_id, "report_id"),
        mission_id=values.uuid(message.mission_id, "mission_id"),
        robot_id=message.robot_id,
        checkpoint_id=message.checkpoint_id,
        outcome=values.enum(Outcome, message.outcome, "outcome"),
        because=values.words_from(message.because),
        at=values.time_from(message.at),
        pose=values.pose_from(message.pose),
        photos=tuple(values.digest(d) for d in message.photos),
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
        observed_at=values.time_to(finding.observed_at),
        confidence=float(finding.confidence),
        value=values.number_to(finding.value),
        unit=finding.unit,
        note=values.words_to(finding.note),
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
        finding_id=values.uuid(message.finding_id, "finding_id"),
        source=Source(kind=values.enum(SourceKind, message.source_kind, "source_kind"), source_id=message.source_id),
        kind=values.enum(IncidentKind, message.kind, "kind"),
        phase=values.enum(Phase, message.phase, "phase"),
        position_m=values.position(message) if message.position_known else None,
        observed_at=values.time_from(message.observed_at),
        confidence=values.metric(values.finite(message.confidence, "confidence")),
        value=None if math.isnan(message.value) else values.finite(message.value, "value"),
        unit=message.unit,
        note=values.words_from(message.note),
        evidence=tuple(values.digest(d) for d in message.evidence),
        certainty=values.enum(Certainty, message.certainty, "certainty") if message.certainty else None,
        model=message.model,
    )


def part_to(part: PartReport) -> msg.PartReport:
    """Core part report to message."""
    return msg.PartReport(
        name=part.name,
        state=part.state.value,
        because=values.words_to(part.because),
        version=part.version,
        stamped_at=values.time_to(part.stamped_at),
    )


def part_from(message: msg.PartReport) -> PartReport:
    """Message to core part report; raises InvalidInput naming the field."""
    return PartReport(
        name=message.name,
        state=values.enum(PartState, message.state, "state"),
        because=values.words_from(message.because),
        version=message.version,
        stamped_at=values.time_from(message.stamped_at),
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
        first_seen_at=values.time_to(sighting.first_seen_at),
        observed_at=values.time_to(sighting.observed_at),
        confidence=float(sighting.confidence),
        model=sighting.model,
        because=values.words_to(sighting.because),
        photo_jpeg=array("B", sighting.photo_jpeg),
    )


def sighting_from(message: msg.Sighting) -> Sighting:
    """Message to core sighting; raises InvalidInput naming the field."""
    return Sighting(
        sighting_id=values.uuid(message.sighting_id, "sighting_id"),
        camera_id=message.camera_id,
        kind=values.enum(IncidentKind, message.kind, "kind"),
        verdict=values.enum(Verdict, message.verdict, "verdict"),
        position_m=values.position(message) if message.position_known else None,
        first_seen_at=values.time_from(message.first_seen_at),
        observed_at=values.time_from(message.observed_at),
        confidence=values.metric(values.finite(message.confidence, "confidence")),
        model=message.model,
        because=values.words_from(message.because),
        photo_jpeg=bytes(message.photo_jpeg),
    )


def _checkpoint(message: msg.Checkpoint) -> Checkpoint:
    pose = values.pose_from(message.pose)
    if pose is None:
        raise InvalidInput("expected a known pose; came none", where=f"checkpoint {message.checkpoint_id}")
    return Checkpoint(
        checkpoint_id=message.checkpoint_id,
        pose=pose,
        name=values.words_from(message.name),
        dwell_s=values.length(message.dwell_s, "dwell_s"),
    )
