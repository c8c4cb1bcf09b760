"""What is registered of one device beyond what the site knows: other names, gateway, how long it may be still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Device, DeviceKind

RAISES: Mapping[DeviceKind, tuple[IncidentKind, ...]] = {
    # the first is what its alarm means when the message names no kind
    DeviceKind.SMOKE: (IncidentKind.SMOKE,),
    DeviceKind.GAS: (IncidentKind.GAS,),
    DeviceKind.CO: (IncidentKind.CO,),
    DeviceKind.ELECTRICAL_FIRE: (IncidentKind.ELECTRICAL_FIRE,),
    DeviceKind.WATER_METER: (IncidentKind.WATER_NO_USE, IncidentKind.WATER_FLOW),
    DeviceKind.DOOR_MAGNET: (IncidentKind.DOOR,),
    DeviceKind.WRISTBAND_GATEWAY: (IncidentKind.WRISTBAND, IncidentKind.SOS, IncidentKind.PERSON_FALLEN),
    DeviceKind.SOS_BUTTON: (IncidentKind.SOS,),
    DeviceKind.MANHOLE: (IncidentKind.MANHOLE,),
    DeviceKind.FLOOD: (IncidentKind.FLOOD,),
    DeviceKind.SEPTIC_GAS: (IncidentKind.SEPTIC_GAS,),
    DeviceKind.ELEVATOR: (IncidentKind.ELEVATOR, IncidentKind.ELEVATOR_TRAPPED, IncidentKind.SOS),
    DeviceKind.WRISTBAND: (IncidentKind.WRISTBAND, IncidentKind.SOS, IncidentKind.PERSON_FALLEN),
    DeviceKind.HELP_BUTTON: (IncidentKind.HELP_BUTTON,),
    DeviceKind.BIN_LEVEL: (IncidentKind.BIN_OVERFLOW,),
    DeviceKind.EBIKE_CAMERA: (IncidentKind.EBIKE_IN_ELEVATOR,),
    DeviceKind.CHARGING_PILE: (IncidentKind.CHARGING_FIRE,),
    DeviceKind.FENCE: (IncidentKind.FENCE,),
    DeviceKind.ACCESS_CONTROL: (IncidentKind.ACCESS_ANOMALY, IncidentKind.DOOR),
    DeviceKind.PRESENCE: (IncidentKind.PERSON_FALLEN, IncidentKind.ELDER_NOT_SEEN),
    DeviceKind.CHECK_IN: (IncidentKind.CHECK_IN_MISSED,),
    DeviceKind.POWER: (IncidentKind.POWER_CUT,),
    DeviceKind.PARKING: (IncidentKind.FIRE_LANE_BLOCKED, IncidentKind.ILLEGAL_PARKING),
    DeviceKind.STREET_CAMERA: (
        IncidentKind.THROWN_OBJECT,
        IncidentKind.FIRE_LANE_BLOCKED,
        IncidentKind.ILLEGAL_PARKING,
        IncidentKind.WASTE_PILE,
        IncidentKind.BIN_OVERFLOW,
        IncidentKind.PERSON_FALLEN,
    ),
    DeviceKind.LISTENER: (IncidentKind.CRY_FOR_HELP,),
}
FROM_ANY: tuple[IncidentKind, ...] = (IncidentKind.DEVICE_FAULT,)  # a device may say that it is broken

SILENT_AFTER_H = 26.0  # a daily word, and two hours for it to come
SILENT_AFTER_H_OF: Mapping[DeviceKind, float] = {  # those on mains speak often
    DeviceKind.WRISTBAND_GATEWAY: 2.0,
    DeviceKind.ELEVATOR: 2.0,
    DeviceKind.EBIKE_CAMERA: 2.0,
    DeviceKind.STREET_CAMERA: 2.0,
    DeviceKind.POWER: 2.0,
    DeviceKind.WRISTBAND: 12.0,
}
UNUSED_AFTER_H = 48.0  # a water meter that has not moved


class Lane(StrEnum):
    """Which way a device's words are meant to come."""

    LIFE = "life"  # stored before they are acknowledged
    TELEMETRY = "telemetry"


class Origin(StrEnum):
    """Who registered a device."""

    SITE = "site"  # the site file
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One registered device."""

    device: Device
    origin: Origin
    external_id: str = ""  # what other systems call it: DevEUI, Zigbee name, entity id
    gateway: str = ""  # who may speak for it
    silent_after_h: float | None = None  # None: as its kind
    unused_after_h: float | None = None  # without a sign of use; 0: never; None: as its kind


def lane_of(kind: DeviceKind) -> Lane:
    """Life where anything it raises is about life."""
    return Lane.LIFE if any(KINDS[raised].life for raised in RAISES[kind]) else Lane.TELEMETRY


def silent_after_h(kind: DeviceKind, own: float | None) -> float:
    """Hours without a word after which a device is silent."""
    return own if own is not None else SILENT_AFTER_H_OF.get(kind, SILENT_AFTER_H)


def unused_after_h(kind: DeviceKind, own: float | None) -> float:
    """Hours without a sign of use after which somebody should look; 0: never."""
    if own is not None:
        return own
    return UNUSED_AFTER_H if kind is DeviceKind.WATER_METER else 0.0
