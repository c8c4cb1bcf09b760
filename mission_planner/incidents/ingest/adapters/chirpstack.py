"""ChirpStack v4 (LoRaWAN): `application/<id>/device/<DevEUI>/event/<event>`, JSON encoding.

A device is registered by its DevEUI, in lower case (`external_id`). `up` needs a codec in the device profile: without
one there is only `data`, which nobody here can read. `status` brings the battery; other events are signs of life.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mission_planner.incidents.ingest.adapters.foreign import understood
from mission_planner.incidents.ingest.meaning import (
    NOTHING,
    Incoming,
    NotUnderstood,
    Understood,
    believed,
    device_called,
    digest,
    json_object,
    kind_called,
    time_in,
)
from mission_planner.incidents.ingest.signals import cries
from patrol_core.errors import InvalidInput
from patrol_core.site import DeviceKind, Site

_LEVELS = 6


class ChirpStack:
    """Satisfies `Adapter`."""

    name = "ChirpStack"

    def takes(self, topic: str, site: Site) -> bool:
        return _parts(topic) is not None

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        parts = _parts(topic)
        return kind_called(site, parts[0].lower()) if parts is not None else None

    def unique(self, topic: str, payload: bytes) -> str | None:
        """Each uplink is one event, however many gateways heard it."""
        try:
            came = json_object(payload).get("deduplicationId")
        except InvalidInput:
            return None
        return digest("chirpstack", topic, came) if isinstance(came, str) and came else None

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        parts = _parts(incoming.topic)
        if parts is None:
            return NOTHING
        eui, event = parts
        claims = False
        try:
            data = json_object(incoming.payload)
            decoded = _fields(data, event)
            claims = cries(decoded)
            about = data.get("deviceInfo")
            name = about.get("deviceName") if isinstance(about, dict) else None
            device = device_called(site, eui.lower(), name if isinstance(name, str) else "")
            if event == "up" and not decoded:
                raise InvalidInput(f'expected "object" from {eui}: give its device profile a codec; came only "data"')
        except InvalidInput as error:
            return NotUnderstood(because=f"{self.name}: {error}", claims_alarm=claims, device_id=None)
        remarks: list[str] = []
        at = believed(time_in(data, "time"), incoming.received_at, remarks)
        return understood(incoming, device, decoded, at=at, remarks=tuple(remarks))


def _parts(topic: str) -> tuple[str, str] | None:
    match topic.split("/"):
        case ["application", _, "device", eui, "event", event] if eui and event:
            return eui, event
    return None


def _fields(data: Mapping[str, Any], event: str) -> Mapping[str, Any]:
    """What the device said; of a status, its battery, unless it hangs on the mains."""
    if event == "up":
        decoded = data.get("object")
        return decoded if isinstance(decoded, dict) else {}
    if event == "status" and not data.get("externalPowerSource") and not data.get("batteryLevelUnavailable"):
        return {"battery": data.get("batteryLevel")}
    return {}
