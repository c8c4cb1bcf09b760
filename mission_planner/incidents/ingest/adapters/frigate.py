"""Frigate (video recorder with object detection): `frigate/events`.

A camera is one of the site, or a registered device whose id or `external_id` is Frigate's camera name. An object is
news only where its label and the zone it stands in say so; zones named `fire_lane…`, `no_parking…`, `fence…` carry
their meaning in their name. Every update of an object is the same finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid5

from mission_planner.incidents.ingest.meaning import (
    NAMESPACE,
    NOTHING,
    DeviceReading,
    DeviceState,
    Incoming,
    NotUnderstood,
    Understood,
    believed,
    device_called,
    digest,
    json_object,
    time_in,
)
from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.kind import IncidentKind
from patrol_core.site import Device, DeviceKind, Site, Text
from patrol_core.source import Source, SourceKind

TOPIC = "frigate/events"
VEHICLES = frozenset({"car", "truck", "bus", "motorcycle", "van"})
TWO_WHEELERS = frozenset({"bicycle", "motorcycle", "ebike"})
LABELS: Mapping[str, IncidentKind] = {
    "fire": IncidentKind.SMOKE,
    "smoke": IncidentKind.SMOKE,
    "trash": IncidentKind.WASTE_PILE,
    "garbage": IncidentKind.WASTE_PILE,
    "waste_bin_full": IncidentKind.BIN_OVERFLOW,
    "fallen_person": IncidentKind.PERSON_FALLEN,
}
ZONES: Sequence[tuple[str, frozenset[str], IncidentKind]] = (  # beginning of its name, what must not be there
    ("fire_lane", VEHICLES, IncidentKind.FIRE_LANE_BLOCKED),
    ("no_parking", VEHICLES, IncidentKind.ILLEGAL_PARKING),
    ("fence", frozenset({"person"}), IncidentKind.FENCE),
)


class Frigate:
    """Satisfies `Adapter`."""

    name = "Frigate"

    def takes(self, topic: str, site: Site) -> bool:
        return topic == TOPIC or topic.startswith("frigate/")

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        return None  # one topic for all cameras

    def unique(self, topic: str, payload: bytes) -> str | None:
        return digest("frigate", payload.hex()) if topic == TOPIC else None

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        if incoming.topic != TOPIC:
            return NOTHING
        try:
            data = json_object(incoming.payload)
            after, what = data.get("after"), data.get("type")
            if not isinstance(after, dict) or what not in ("new", "update", "end"):
                raise InvalidInput('expected "type" new, update or end, and an object "after"; came another')
            event_id, camera = after.get("id"), after.get("camera")
            if not isinstance(event_id, str) or not isinstance(camera, str):
                raise InvalidInput('expected "id" and "camera" in "after"; came none')
            source, position, device = _source(site, camera)
        except InvalidInput as error:
            return NotUnderstood(because=f"{self.name}: {error}", claims_alarm=_burns(incoming), device_id=None)
        remarks: list[str] = []
        at = believed(time_in(after, "end_time" if what == "end" else "frame_time"), incoming.received_at, remarks)
        kind = _kind(after, device)
        state = DeviceState.NORMAL if what == "end" else DeviceState.ALARM
        reading = None
        if device is not None:
            told = state if kind is not None else None
            reading = DeviceReading(
                device_id=device.device_id, state=told, value=None, unit="", battery_pct=None, observed_at=at
            )
        if kind is None or after.get("false_positive") is True:
            return Understood(findings=(), reading=reading, remarks=tuple(remarks))
        phase = Phase.CLEARED if what == "end" else Phase.RAISED
        finding = Finding(
            finding_id=uuid5(NAMESPACE, f"frigate/{event_id}/{kind.value}/{phase.value}"),
            source=source,
            kind=kind,
            phase=phase,
            position_m=position,
            observed_at=at,
            confidence=_score(after),
            note=Text.same(f"{after.get('label')}"[:200]),
            model="Frigate",
        )
        return Understood(findings=(finding,), reading=reading, remarks=tuple(remarks))


def _source(site: Site, camera: str) -> tuple[Source, Point2, Device | None]:
    fixed = site.cameras.get(camera)
    if fixed is not None:
        at = Point2(fixed.pose.x_m, fixed.pose.y_m)
        return Source(kind=SourceKind.CAMERA, source_id=fixed.camera_id), at, None
    device = device_called(site, camera)
    return Source(kind=SourceKind.DEVICE, source_id=device.device_id), device.position_m, device


def _kind(after: Mapping[str, Any], device: Device | None) -> IncidentKind | None:
    label = after.get("label")
    zones = after.get("current_zones")
    if device is not None and device.kind is DeviceKind.EBIKE_CAMERA and label in TWO_WHEELERS:
        return IncidentKind.EBIKE_IN_ELEVATOR
    for zone in zones if isinstance(zones, list) else ():
        for begins, labels, kind in ZONES:
            if isinstance(zone, str) and zone.startswith(begins) and label in labels:
                return kind
    return LABELS.get(label) if isinstance(label, str) else None


def _score(after: Mapping[str, Any]) -> float:
    score = after.get("top_score", after.get("score"))
    known = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return float(score) if known and score is not None else 0.5


def _burns(incoming: Incoming) -> bool:
    return b'"fire"' in incoming.payload or b'"smoke"' in incoming.payload or b"fallen" in incoming.payload
