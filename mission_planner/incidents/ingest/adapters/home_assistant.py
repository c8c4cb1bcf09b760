"""Home Assistant's MQTT entities: discovery messages, and the state topics they name.

A device is registered by its state topic (`external_id`); what a device's own topic says is then understood with no
memory of a discovery message, which would be lost at a restart here. A discovery message of an entity that is not
registered is set aside with a sentence that says what to import; one that is registered means nothing more.
A state is a word (ON, OFF, open, wet, …), a number, or JSON with the fields of `signals`.
"""

from __future__ import annotations

import re

from mission_planner.incidents.ingest.adapters.foreign import told, understood
from mission_planner.incidents.ingest.meaning import (
    NOTHING,
    DeviceState,
    Incoming,
    NotUnderstood,
    Understood,
    device_called,
    digest,
    json_object,
    kind_called,
)
from mission_planner.incidents.ingest.signals import VALUES, Signals, word_truth
from mission_planner.incidents.registry.registry import Registry
from patrol_core.errors import InvalidInput
from patrol_core.site import Device, DeviceKind, Site

PREFIX = "homeassistant/"
_CONFIG = re.compile(r"homeassistant/(binary_sensor|sensor|event|device_automation|device)/(.+)/config")


class HomeAssistant:
    """Satisfies `Adapter`."""

    name = "Home Assistant"

    def takes(self, topic: str, site: Site) -> bool:
        return topic.startswith(PREFIX) or (
            isinstance(site.devices, Registry) and site.devices.by_external(topic) is not None
        )

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        return kind_called(site, topic)

    def unique(self, topic: str, payload: bytes) -> str | None:
        return digest("ha", topic, payload.hex()) if _CONFIG.fullmatch(topic) else None

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        try:
            if (config := _CONFIG.fullmatch(incoming.topic)) is not None:
                return self._discovered(incoming, site, config[2])
            device = device_called(site, incoming.topic)
            text = incoming.payload.decode(errors="replace").strip()
            if text.startswith("{"):
                return understood(incoming, device, json_object(incoming.payload), at=incoming.received_at)
            return told(incoming, device, _signals(device, text), at=incoming.received_at)
        except InvalidInput as error:
            claims = word_truth(incoming.payload.decode(errors="replace")) is True
            return NotUnderstood(because=f"{self.name}: {error}", claims_alarm=claims, device_id=None)

    def _discovered(self, incoming: Incoming, site: Site, object_id: str) -> Understood:
        """Raises InvalidInput where nothing of it is registered."""
        if not incoming.payload:
            return NOTHING  # the entity was taken away
        data = json_object(incoming.payload)
        base = data.get("~", "")
        topic = data.get("state_topic", data.get("stat_t", ""))
        if not isinstance(topic, str) or not isinstance(base, str) or not topic:
            return NOTHING  # it has no state to follow
        topic = topic.replace("~", base) if topic.startswith("~") or topic.endswith("~") else topic
        if isinstance(site.devices, Registry) and site.devices.by_external(topic) is not None:
            return NOTHING
        what = data.get("device_class", data.get("dev_cla", "no device class"))
        raise InvalidInput(
            f'"{object_id:.80}" ({what!s:.40}) speaks on "{topic:.120}", which is not registered: '
            f'import a device with external_id "{topic:.120}"'
        )


def _signals(device: Device, text: str) -> Signals:
    """A bare word or number.

    Raises:
        InvalidInput: it is neither.
    """
    values = VALUES.get(device.kind, ())
    said = word_truth(text)
    if said is not None and not (values and text in ("0", "1")):
        state = DeviceState.ALARM if said else DeviceState.NORMAL  # of an opening, ON is open
        return Signals(state=state, kind=None, value=None, unit="", battery_pct=None, broken=False)
    try:
        value = float(text)
    except ValueError:
        raise InvalidInput(f"expected ON, OFF, a number or JSON; came {text!r:.60}") from None
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - not a number
        raise InvalidInput(f"expected a finite number; came {text!r:.60}")
    unit = values[0][1] if values else ""
    return Signals(state=None, kind=None, value=value, unit=unit, battery_pct=None, broken=False)
