"""What a message can mean: findings and a reading, or that nobody understands it. Shared by all adapters. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec

from mission_planner.incidents.registry.registry import Registry
from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.kind import IncidentKind
from patrol_core.site import Device, DeviceKind, Site, Text
from patrol_core.source import Source, SourceKind

CONFIDENCE = 0.9  # of a fixed sensor's word; not calibrated: no false-alarm figures of a site exist yet
CLOCK_AHEAD = timedelta(days=1)  # a device clock further off than these two is not believed
CLOCK_BEHIND = timedelta(days=30)
NAMESPACE = UUID("8f1d6a52-0d0c-5b7e-9a50-3c1f3a1b7a11")  # of finding ids made from messages


class DeviceState(StrEnum):
    """What a fixed sensor says of itself."""

    NORMAL = "normal"
    ALARM = "alarm"


class DeviceReading(NamedTuple):  # one for every message: made five times as fast as a frozen dataclass
    """The newest word of a fixed sensor."""

    device_id: str
    state: DeviceState | None  # None: it gave a sign of life, and said nothing of it
    value: float | None
    unit: str
    battery_pct: float | None  # 0..100
    observed_at: datetime  # UTC; the device's clock, or the time of receipt


class PlainAlarm(NamedTuple):
    """An alarm of a fixed sensor that brings nothing but itself: all that is to be known of one said again."""

    device_id: str
    kind: IncidentKind
    reading: DeviceReading | None  # None: told of it by another
    note: str = ""  # what of it was not believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A message that made sense."""

    findings: tuple[Finding, ...]
    reading: DeviceReading | None  # None where no device of ours speaks
    remarks: tuple[str, ...] = ()  # one sentence for each field that was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A message that did not."""

    because: str  # expected and came, one sentence
    claims_alarm: bool  # it may be a cry for help: when in doubt, True
    device_id: str | None  # as the topic names it; may be unknown to the site


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message on its way to be understood."""

    topic: str
    payload: bytes
    received_at: datetime  # UTC site time
    report_id: str  # finding ids follow from it: taken through twice, it makes the same findings


class Adapter(Protocol):
    """One way in which devices speak. Pure: what it needs to know is in the message and the site."""

    name: str

    def takes(self, topic: str, site: Site) -> bool:
        """Whether messages of this topic are its own."""

    def kind_of(self, topic: str, site: Site) -> DeviceKind | None:
        """What kind of device speaks, as far as the topic says."""

    def unique(self, topic: str, payload: bytes) -> str | None:
        """What makes a message unique, the same when it is sent again; None when nothing in it does."""

    def understand(self, incoming: Incoming, site: Site) -> Understood | NotUnderstood:
        """The meaning. What is wrong comes as NotUnderstood, never as an exception."""


NOTHING = Understood(findings=(), reading=None)


def json_object(payload: bytes) -> dict[str, Any]:
    """The object in a payload.

    Raises:
        InvalidInput: it is none.
    """
    try:
        data = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"expected a JSON object; came {payload[:60]!r} ({error})") from None
    if not isinstance(data, dict):
        raise InvalidInput(f"expected a JSON object; came {payload[:60]!r}")
    return data


def kind_called(site: Site, name: str) -> DeviceKind | None:
    """The kind of the device that this name belongs to, as in `device_called`; None for a stranger."""
    if not isinstance(site.devices, Registry):
        device = site.devices.get(name)
        return None if device is None else device.kind
    position = site.devices.position(site.devices.by_external(name) or name)
    return None if position is None else site.devices.kind_at(position)


def device_called(site: Site, *names: str) -> Device:
    """The device that one of these names belongs to: as external id, or as its own id.

    Raises:
        InvalidInput: with a hint how to register it.
    """
    for name in filter(None, names):
        device_id = site.devices.by_external(name) if isinstance(site.devices, Registry) else None
        device = site.devices.get(device_id or name)
        if device is not None:
            return device
    called = " or ".join(f'"{name:.120}"' for name in names if name) or "without a name"
    hint = next((name for name in names if name), "")
    raise InvalidInput(
        f'expected a device of site "{site.site_id}"; came one called {called}, which is not registered: '
        f'import one with external_id "{hint:.120}"'
    )


def finding_of(
    device: Device,
    kind: IncidentKind,
    state: DeviceState,
    *,
    unique: str,
    observed_at: datetime,
    value: float | None = None,
    unit: str = "",
    note: str = "",
) -> Finding:
    """What a device's alarm, or its end, is to the center."""
    return Finding(
        finding_id=uuid5(NAMESPACE, unique),
        source=Source(kind=SourceKind.DEVICE, source_id=device.device_id),
        kind=kind,
        phase=Phase.RAISED if state is DeviceState.ALARM else Phase.CLEARED,
        position_m=device.position_m,
        observed_at=observed_at,
        confidence=CONFIDENCE,
        value=value,
        unit=unit,
        note=Text.same(note),
    )


def believed(at: datetime | None, received_at: datetime, remarks: list[str]) -> datetime:
    """When it was observed: the device's clock where it is near ours, else the time of receipt."""
    if at is None:
        return received_at
    if at.tzinfo is None or not received_at - CLOCK_BEHIND <= at <= received_at + CLOCK_AHEAD:
        remarks.append(f"at: expected a time near {received_at.isoformat()}; came {at.isoformat()}.")
        return received_at
    return at.astimezone(UTC)


def time_in(data: Mapping[str, Any], name: str) -> datetime | None:
    """An ISO 8601 text, or Unix time in seconds or milliseconds; None where it is neither."""
    came = data.get(name)
    try:
        if isinstance(came, str):
            return msgspec.convert(came, datetime)
        if isinstance(came, int | float) and not isinstance(came, bool) and came > 0:
            return datetime.fromtimestamp(came / 1000 if came > 1e11 else came, UTC)
    except (msgspec.ValidationError, OverflowError, OSError, ValueError):
        return None
    return None


def digest(*parts: str) -> str:
    """32 hex digits of texts: none are ever alike by chance, and the inbox's index of them fits into memory longer."""
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
