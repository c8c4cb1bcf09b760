"""ThingsBoard alarms: a rule chain's MQTT node publishes the alarm object to `thingsboard/alarms`, or a topic below.

The originator is registered by its name or id (`external_id`). The alarm's type names the incident where it reads like
one of those the device may raise ("Gas", "person fallen"); "low battery" and "inactivity" are faults of the device;
any other type is what the device's kind stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mission_planner.incidents.ingest.meaning import (
    DeviceReading,
    DeviceState,
    Incoming,
    NotUnderstood,
    Understood,
    believed,
    device_called,
    digest,
    finding_of,
    json_object,
    time_in,
)
from mission_planner.incidents.registry.entry import RAISES
from patrol_core.errors import InvalidInput
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Device, DeviceKind, Site

TOPIC = "thingsboard/alarms"
_FAULTS = ("battery", "inactiv", "offline", "disconnect", "tamper", "connectivity", "fault")


class ThingsBoard:
    """Satisfies `Adapter`."""

    name = "ThingsBoard"

    def takes(self, topic: str, site: Site) -> bool:
        return topic == TOPIC or topic.startswith(f"{TOPIC}/")

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        return None  # one topic for all devices

    def unique(self, topic: str, payload: bytes) -> str | None:
        return digest("thingsboard", payload.hex()) if b'"originator' in payload else None

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        active = True  # when in doubt
        try:
            data = json_object(incoming.payload)
            active = _active(data)
            originator = data.get("originator")
            entity = originator.get("id") if isinstance(originator, dict) else None
            names = [n for n in (data.get("originatorName"), entity) if isinstance(n, str)]
            device = device_called(site, *names)
            type_ = data.get("type")
            if not isinstance(type_, str) or not type_:
                raise InvalidInput('expected the alarm\'s "type"; came none')
        except InvalidInput as error:
            return NotUnderstood(because=f"{self.name}: {error}", claims_alarm=active, device_id=None)
        remarks: list[str] = []
        when = time_in(data, "endTs") if active else time_in(data, "clearTs")
        at = believed(when or time_in(data, "startTs"), incoming.received_at, remarks)
        kind = _kind(device, type_)
        state = DeviceState.ALARM if active else DeviceState.NORMAL
        finding = finding_of(device, kind, state, unique=incoming.report_id, observed_at=at, note=type_[:200])
        own = kind is not IncidentKind.DEVICE_FAULT
        reading = DeviceReading(
            device_id=device.device_id,
            state=state if own else None,
            value=None,
            unit="",
            battery_pct=None,
            observed_at=at,
        )
        return Understood(findings=(finding,), reading=reading, remarks=tuple(remarks))


def _active(data: Mapping[str, Any]) -> bool:
    """By `status` (ACTIVE_UNACK, CLEARED_ACK, …), or by `cleared`.

    Raises:
        InvalidInput: neither is there.
    """
    status, cleared = data.get("status"), data.get("cleared")
    if isinstance(status, str) and status.split("_")[0] in ("ACTIVE", "CLEARED"):
        return status.startswith("ACTIVE")
    if isinstance(cleared, bool):
        return not cleared
    raise InvalidInput(f'expected "status" ACTIVE_… or CLEARED_…, or "cleared"; came {status!r:.40}')


def _kind(device: Device, type_: str) -> IncidentKind:
    words = type_.casefold()
    for kind in RAISES[device.kind]:
        name = KINDS[kind].name
        if kind.value.replace("_", " ") in words.replace("_", " ") or name.zh in type_ or name.en.casefold() in words:
            return kind
    if any(fault in words for fault in _FAULTS):
        return IncidentKind.DEVICE_FAULT
    return RAISES[device.kind][0]
