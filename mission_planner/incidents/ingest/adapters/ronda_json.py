"""Ronda's own JSON: `<site>/sensors/<device>/event`; all but `state` optional.

    {"state": "alarm", "kind": "smoke", "value": 0.31, "unit": "%/m", "battery_pct": 88,
     "at": "2026-03-02T08:00:00Z", "boot": "7f3a", "seq": 17}

A wrong optional field is left out and named in `remarks`: a bad battery figure must not bury an alarm. A message that
cannot be understood at all says why, and whether it seems to claim an alarm; it is for the caller to keep it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from mission_planner.incidents.ingest.meaning import (
    DeviceReading,
    DeviceState,
    Incoming,
    NotUnderstood,
    PlainAlarm,
    Understood,
    believed,
    digest,
    finding_of,
    json_object,
    kind_called,
)
from mission_planner.incidents.registry.entry import FROM_ANY, RAISES
from patrol_core.errors import InvalidInput
from patrol_core.kind import IncidentKind
from patrol_core.site import Device, DeviceKind, Site

_LEVELS = 4  # of a topic
_CLAIM = re.compile(rb"alarm|\bsos\b|\bhelp\b|\bfire\b|" + "报警|求助|告警".encode(), re.IGNORECASE)
_CALM = re.compile(rb"""["']state["']\s*:\s*["']normal["']""", re.IGNORECASE)

_STATES: Mapping[str, DeviceState] = {state.value: state for state in DeviceState}
_Unit = Annotated[str, msgspec.Meta(max_length=16)]
_Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_FIELDS: Mapping[str, tuple[Any, str]] = {
    "kind": (str, "a text"),
    "value": (float, "a number"),
    "unit": (_Unit, "a text of at most 16 characters"),
    "battery_pct": (_Percent, "a number from 0 to 100"),
    "at": (_Moment, "an ISO 8601 time with its UTC offset"),
    "boot": (str | int, "a text or a whole number"),
    "seq": (int, "a whole number"),
}


class _Fields(msgspec.Struct, frozen=True, gc=False):
    """What a message says; None where it says nothing, or nothing that can be used."""

    state: str
    kind: str | None = None
    value: float | None = None
    unit: _Unit | None = None
    battery_pct: _Percent | None = None
    at: _Moment | None = None
    boot: str | int | None = None
    seq: int | None = None


_ABSENT: Any = object()
_whole = msgspec.json.Decoder(_Fields).decode  # of a message in which nothing is wrong


class RondaJson:
    """Satisfies `Adapter`."""

    name = "Ronda"

    def takes(self, topic: str, site: Site) -> bool:
        return topic.startswith(f"{site.site_id}/")

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        parts = topic.split("/")
        return kind_called(site, parts[2]) if len(parts) == _LEVELS else None

    def unique(self, topic: str, payload: bytes) -> str | None:
        """(device, boot, seq) where it has both; else all of it, where it says when it was made.

        A `seq` without `boot` starts again at every restart of the device, so it makes nothing unique.
        """
        try:
            fields = _fields(payload, [])
        except InvalidInput:
            return None
        if fields.boot is not None and fields.seq is not None:
            return digest("seq", topic, str(fields.boot), str(fields.seq))
        if fields.at is not None:
            return digest("body", topic, hashlib.sha256(payload).hexdigest())
        return None

    def glance(self, topic: str, payload: bytes | str, received_at: datetime, site: Site) -> PlainAlarm | None:
        """The alarm that `understand` would find; None where it would find another thing, or something is wrong."""
        try:
            fields = _whole(payload)
            if _state(fields.state) is not DeviceState.ALARM:
                return None
            device = site.devices.get(_device_id(topic, site))
            if device is None:
                return None
            kind = _kind(device, fields.kind)
        except (InvalidInput, msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        remarks: list[str] = []
        at = believed(fields.at, received_at, remarks)
        reading = _reading(device, kind, DeviceState.ALARM, fields, at)
        return PlainAlarm(device.device_id, kind, reading, " ".join(remarks))

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        device_id = None
        try:
            device_id = _device_id(incoming.topic, site)
            remarks: list[str] = []
            fields = _fields(incoming.payload, remarks)
            state = _state(fields.state)
            device = site.devices.get(device_id)
            if device is None:
                raise InvalidInput(f'expected a device of site "{site.site_id}"; came "{device_id}", which it has not')
            kind = _kind(device, fields.kind)
        except InvalidInput as error:
            return NotUnderstood(because=str(error), claims_alarm=claims_alarm(incoming.payload), device_id=device_id)
        at = believed(fields.at, incoming.received_at, remarks)
        reading = _reading(device, kind, state, fields, at)
        finding = finding_of(
            device,
            kind,
            state,
            unique=incoming.report_id,
            observed_at=at,
            value=reading.value,
            unit=reading.unit,
            note=" ".join(remarks),
        )
        return Understood(findings=(finding,), reading=reading, remarks=tuple(remarks))


def claims_alarm(payload: bytes) -> bool:
    """Whether bytes that nobody understands seem to cry for help. Errs towards yes."""
    try:
        return _state(json_object(payload).get("state", _ABSENT)) is DeviceState.ALARM
    except InvalidInput:
        return bool(_CLAIM.search(payload)) and not _CALM.search(payload)


def _reading(device: Device, kind: IncidentKind, state: DeviceState, fields: _Fields, at: datetime) -> DeviceReading:
    return DeviceReading(
        device_id=device.device_id,
        state=state if kind not in FROM_ANY else None,
        value=fields.value,
        unit=fields.unit or "",
        battery_pct=fields.battery_pct,
        observed_at=at,
    )


def _device_id(topic: str, site: Site) -> str:
    match topic.split("/"):
        case [site_id, "sensors", device_id, "event"] if site_id == site.site_id and device_id:
            return device_id
    raise InvalidInput(f'expected topic "{site.site_id}/sensors/<device>/event"; came "{topic:.120}"')


def _fields(payload: bytes, remarks: list[str]) -> _Fields:
    """Field by field where something is wrong; its state may then be anything.

    Raises:
        InvalidInput: it is no object.
    """
    try:
        return _whole(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        data = json_object(payload)
    return _Fields(data.get("state", _ABSENT), **{name: _field(data, name, remarks) for name in _FIELDS})


def _state(state: Any) -> DeviceState:
    if isinstance(state, str) and (known := _STATES.get(state.lower())) is not None:
        return known
    came = repr(state)[:60] if state is not _ABSENT else "nothing there"
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
    usual = RAISES[device.kind]
    if named is None or named == device.kind.value:
        return usual[0]
    if named in {kind.value for kind in (*usual, *FROM_ANY)}:
        return IncidentKind(named)
    expected = " or ".join(f'"{kind.value}"' for kind in RAISES[device.kind])
    raise InvalidInput(f'expected {expected} from "{device.device_id}"; came "{named:.40}"', where="kind")
