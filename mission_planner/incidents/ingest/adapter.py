"""What a fixed sensor's message means: the adapter that takes its topic says it. Pure."""

from __future__ import annotations

from datetime import datetime

from mission_planner.incidents.ingest.adapters import ADAPTERS
from mission_planner.incidents.ingest.adapters.ronda_json import RondaJson, claims_alarm
from mission_planner.incidents.ingest.meaning import (
    CLOCK_AHEAD,
    CLOCK_BEHIND,
    CONFIDENCE,
    DeviceReading,
    DeviceState,
    Incoming,
    NotUnderstood,
    PlainAlarm,
    Understood,
    digest,
    finding_of,
)
from mission_planner.incidents.registry.entry import RAISES
from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding
from patrol_core.site import Site

__all__ = [
    "CLOCK_AHEAD",
    "CLOCK_BEHIND",
    "CONFIDENCE",
    "RAISES",
    "DeviceReading",
    "DeviceState",
    "NotUnderstood",
    "PlainAlarm",
    "Understood",
    "claims_alarm",
    "glance",
    "message_id",
    "seen",
    "understand",
]


def message_id(topic: str, payload: bytes) -> str | None:
    """What makes a message unique: 32 hex digits, the same when it is sent again. None when nothing in it does."""
    if topic.startswith(_OTHER_BEGINNINGS):
        for adapter in _OTHERS:
            if topic.startswith(_BEGINNINGS[adapter.name]):
                return adapter.unique(topic, payload)
    return _OURS.unique(topic, payload)


def glance(topic: str, payload: bytes | str, *, site: Site, received_at: datetime) -> PlainAlarm | None:
    """What `understand` would say, where that is one plain alarm and quickly seen; None: ask `understand`."""
    return _OURS.glance(topic, payload, received_at, site) if _OURS.takes(topic, site) else None


def seen(alarm: PlainAlarm, *, site: Site, report_id: str) -> Finding:
    """The finding that `understand` would make of what `glance` saw."""
    device, reading = site.device(alarm.device_id), alarm.reading
    if reading is None:
        raise InvalidInput(f"expected an alarm that was seen in its message; came {alarm}")
    return finding_of(
        device,
        alarm.kind,
        DeviceState.ALARM,
        unique=report_id,
        observed_at=reading.observed_at,
        value=reading.value,
        unit=reading.unit,
        note=alarm.note,
    )


def understand(
    topic: str, payload: bytes, *, site: Site, received_at: datetime, report_id: str | None = None
) -> Understood | NotUnderstood:
    """The meaning of one message.

    Args:
        received_at: UTC site time.
        report_id: what the inbox holds the message under; finding ids follow from it, so that a message taken through
            twice makes the same findings. Default: `message_id`, or the time of receipt where the message has none.
    """
    unique = report_id or message_id(topic, payload) or digest("receipt", topic, received_at.isoformat(), payload.hex())
    incoming = Incoming(topic=topic, payload=payload, received_at=received_at, report_id=unique)
    adapter = next((a for a in ADAPTERS if a.takes(topic, site)), None)
    if adapter is not None:
        return adapter.understand(incoming, site)
    expected = f'"{site.site_id}/sensors/<device>/event", or one of {", ".join(a.name for a in ADAPTERS[1:])}'
    return NotUnderstood(
        because=f'expected topic {expected}; came "{topic:.120}"', claims_alarm=claims_alarm(payload), device_id=None
    )


_OURS, _OTHERS = RondaJson(), ADAPTERS[1:]
_BEGINNINGS = {
    "Zigbee2MQTT": "zigbee2mqtt/",
    "ChirpStack": "application/",
    "Frigate": "frigate/",
    "ThingsBoard": "thingsboard/",
    "Home Assistant": "homeassistant/",
}
_OTHER_BEGINNINGS = tuple(_BEGINNINGS.values())
