"""What a fixed sensor's message means: Ronda's own JSON to findings and a reading. Pure.

Topic `<site>/sensors/<device>/event`; payload, all but `state` optional:

    {"state": "alarm", "kind": "smoke", "value": 0.31, "unit": "%/m", "battery_pct": 88,
     "at": "2026-03-02T08:00:00Z", "boot": "7f3a", "seq": 17}

A wrong optional field is left out and named in `remarks`: a bad battery figure must not bury an alarm. A message that
cannot be understood at all says why, and whether it seems to claim an alarm; it is for the caller to keep it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec

from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.kind import IncidentKind
from patrol_core.site import Device, DeviceKind, Site, Text
from patrol_core.source import Source, SourceKind

RAISES: Mapping[DeviceKind, tuple[IncidentKind, ...]] = {
    # the first is what its alarm means when the message names no kind
    DeviceKind.SMOKE: (IncidentKind.SMOKE,),
    DeviceKind.GAS: (IncidentKind.GAS,),
    DeviceKind.CO: (IncidentKind.CO,),
    DeviceKind.ELECTRICAL_FIRE: (IncidentKind.ELECTRICAL_FIRE,),
    DeviceKind.WATER_METER: (IncidentKind.WATER_NO_USE,),
    DeviceKind.DOOR_MAGNET: (IncidentKind.DOOR,),
    DeviceKind.WRISTBAND_GATEWAY: (IncidentKind.WRISTBAND, IncidentKind.SOS, IncidentKind.PERSON_FALLEN),
    DeviceKind.SOS_BUTTON: (IncidentKind.SOS,),
    DeviceKind.MANHOLE: (IncidentKind.MANHOLE,),
    DeviceKind.FLOOD: (IncidentKind.FLOOD,),
    DeviceKind.SEPTIC_GAS: (IncidentKind.SEPTIC_GAS,),
    DeviceKind.ELEVATOR: (IncidentKind.ELEVATOR, IncidentKind.SOS),
}

CONFIDENCE = 0.9  # of a fixed sensor's word; not calibrated: no false-alarm figures of a site exist yet
CLOCK_AHEAD = timedelta(days=1)  # a device clock further off than these two is not believed
CLOCK_BEHIND = timedelta(days=30)

_NAMESPACE = UUID("8f1d6a52-0d0c-5b7e-9a50-3c1f3a1b7a11")  # of finding ids made from messages
_CLAIM = re.compile(rb"alarm|\bsos\b|\bhelp\b|\bfire\b|" + "报警|求助|告警".encode(), re.IGNORECASE)
_CALM = re.compile(rb"""["']state["']\s*:\s*["']normal["']""", re.IGNORECASE)


class DeviceState(StrEnum):
    """What a fixed sensor says of itself."""

    NORMAL = "normal"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReading:
    """The newest word of a fixed sensor."""

    device_id: str
    state: DeviceState
    value: float | None
    unit: str
    battery_pct: float | None  # 0..100
    observed_at: datetime  # UTC; the device's clock, or the time of receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A message that made sense."""

    findings: tuple[Finding, ...]
    reading: DeviceReading
    remarks: tuple[str, ...]  # one sentence for each field that was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A message that did not."""

    because: str  # expected and came, one sentence
    claims_alarm: bool  # it may be a cry for help: when in doubt, True
    device_id: str | None  # as the topic names it; may be unknown to the site


_FIELDS: Mapping[str, tuple[Any, str]] = {
    "kind": (str, "a text"),
    "value": (float, "a number"),
    "unit": (Annotated[str, msgspec.Meta(max_length=16)], "a text of at most 16 characters"),
    "battery_pct": (Annotated[float, msgspec.Meta(ge=0, le=100)], "a number from 0 to 100"),
    "at": (Annotated[datetime, msgspec.Meta(tz=True)], "an ISO 8601 time with its UTC offset"),
    "boot": (str | int, "a text or a whole number"),
    "seq": (int, "a whole number"),
}


def message_id(topic: str, payload: bytes) -> str | None:
    """What makes a message unique: 64 hex digits, the same when it is sent again. None when nothing in it does.

    (device, boot, seq) where it has both; else all of it, where it says when it was made. A `seq` without `boot` starts
    again at every restart of the device, so it makes nothing unique.
    """
    try:
        data = _object(payload)
    except InvalidInput:
        return None
    boot, seq, at = (_field(data, name, []) for name in ("boot", "seq", "at"))
    if boot is not None and seq is not None:
        return _digest("seq", topic, str(boot), str(seq))
    if at is not None:
        return _digest("body", topic, hashlib.sha256(payload).hexdigest())
    return None


def understand(
    topic: str, payload: bytes, *, site: Site, received_at: datetime, report_id: str | None = None
) -> Understood | NotUnderstood:
    """The meaning of one message.

    Args:
        received_at: UTC site time.
        report_id: what the inbox holds the message under; finding ids follow from it, so that a message taken through
            twice makes the same findings. Default: `message_id`, or the time of receipt where the message has none.
    """
    device_id = None
    try:
        device_id = _device_id(topic, site)
        data = _object(payload)
        state = _state(data)
        device = site.devices.get(device_id)
        if device is None:
            raise InvalidInput(f'expected a device of site "{site.site_id}"; came "{device_id}", which it has not')
        remarks: list[str] = []
        fields = {name: _field(data, name, remarks) for name in _FIELDS}
        kind = _kind(device, fields["kind"])
    except InvalidInput as error:
        return NotUnderstood(because=str(error), claims_alarm=claims_alarm(payload), device_id=device_id)
    unique = (
        report_id or message_id(topic, payload) or _digest("receipt", topic, received_at.isoformat(), payload.hex())
    )
    observed_at = _observed_at(fields["at"], received_at, remarks)
    finding = Finding(
        finding_id=uuid5(_NAMESPACE, unique),
        source=Source(kind=SourceKind.DEVICE, source_id=device.device_id),
        kind=kind,
        phase=Phase.RAISED if state is DeviceState.ALARM else Phase.CLEARED,
        position_m=device.position_m,
        observed_at=observed_at,
        confidence=CONFIDENCE,
        value=fields["value"],
        unit=fields["unit"] or "",
        note=Text.same(" ".join(remarks)),
    )
    reading = DeviceReading(
        device_id=device.device_id,
        state=state,
        value=fields["value"],
        unit=fields["unit"] or "",
        battery_pct=fields["battery_pct"],
        observed_at=observed_at,
    )
    return Understood(findings=(finding,), reading=reading, remarks=tuple(remarks))


def claims_alarm(payload: bytes) -> bool:
    """Whether bytes that nobody understands seem to cry for help. Errs towards yes."""
    try:
        return _state(_object(payload)) is DeviceState.ALARM
    except InvalidInput:
        return bool(_CLAIM.search(payload)) and not _CALM.search(payload)


def _device_id(topic: str, site: Site) -> str:
    match topic.split("/"):
        case [site_id, "sensors", device_id, "event"] if site_id == site.site_id and device_id:
            return device_id
    raise InvalidInput(f'expected topic "{site.site_id}/sensors/<device>/event"; came "{topic:.120}"')


def _object(payload: bytes) -> dict[str, Any]:
    try:
        data = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"expected a JSON object; came {payload[:60]!r} ({error})") from None
    if not isinstance(data, dict):
        raise InvalidInput(f"expected a JSON object; came {payload[:60]!r}")
    return data


def _state(data: Mapping[str, Any]) -> DeviceState:
    state = data.get("state")
    if isinstance(state, str) and state.lower() in {s.value for s in DeviceState}:
        return DeviceState(state.lower())
    came = repr(state)[:60] if "state" in data else "nothing there"
    raise InvalidInput(f'expected "alarm" or "normal"; came {came}', where="state")


def _field(data: Mapping[str, Any], name: str, remarks: list[str]) -> Any:
    """The field, or None; a wrong one leaves a remark."""
    came = data.get(name)
    if came is None:
        return None
    kind, expected = _FIELDS[name]
    try:
        return msgspec.convert(came, kind)
    except (msgspec.ValidationError, OverflowError):
        remarks.append(f"{name}: expected {expected}; came {came!r:.40}.")
        return None


def _kind(device: Device, named: str | None) -> IncidentKind:
    possible = RAISES[device.kind]
    if named is None or named == device.kind.value:
        return possible[0]
    if named in {kind.value for kind in possible}:
        return IncidentKind(named)
    expected = " or ".join(f'"{kind.value}"' for kind in possible)
    raise InvalidInput(f'expected {expected} from "{device.device_id}"; came "{named:.40}"', where="kind")


def _observed_at(at: datetime | None, received_at: datetime, remarks: list[str]) -> datetime:
    if at is None:
        return received_at
    if not received_at - CLOCK_BEHIND <= at <= received_at + CLOCK_AHEAD:
        remarks.append(f"at: expected a time near {received_at.isoformat()}; came {at.isoformat()}.")
        return received_at
    return at.astimezone(UTC)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
