"""Zigbee2MQTT: `zigbee2mqtt/<friendly name>` with what a device exposes, as JSON.

A device is registered by its friendly name or its IEEE address (`external_id`). `availability` and what the bridge says
of itself are taken note of and mean nothing; a device that falls silent is noticed by the clock.
"""

from __future__ import annotations

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

BASE = "zigbee2mqtt"
_NOT_A_WORD = ("availability", "set", "get")  # last levels that are no report of a device


class Zigbee2Mqtt:
    """Satisfies `Adapter`."""

    name = "Zigbee2MQTT"

    def takes(self, topic: str, site: Site) -> bool:
        return topic.startswith(f"{BASE}/")

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        return kind_called(site, topic.removeprefix(f"{BASE}/"))

    def unique(self, topic: str, payload: bytes) -> str | None:
        """Only where the bridge is set to add `last_seen`."""
        return digest("z2m", topic, payload.hex()) if b'"last_seen"' in payload else None

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        name = incoming.topic.removeprefix(f"{BASE}/")
        if name.startswith("bridge/") or name.rpartition("/")[2] in _NOT_A_WORD:
            return NOTHING
        claims = False
        try:
            data = json_object(incoming.payload)
            claims = cries(data)
            about = data.get("device")
            address = about.get("ieeeAddr") if isinstance(about, dict) else None
            device = device_called(site, name, address if isinstance(address, str) else "")
        except InvalidInput as error:
            return NotUnderstood(because=f"{self.name}: {error}", claims_alarm=claims, device_id=None)
        remarks: list[str] = []
        at = believed(time_in(data, "last_seen"), incoming.received_at, remarks)
        return understood(incoming, device, data, at=at, remarks=tuple(remarks))
