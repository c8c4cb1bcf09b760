"""What other systems' JSON says of a device: which of its fields mean an alarm, a value, a battery. Tables, and pure.

Gathered from what Zigbee2MQTT exposes and from the payload decoders of common LoRaWAN sensors: names differ, meanings
are few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mission_planner.incidents.ingest.meaning import DeviceState
from mission_planner.incidents.registry.entry import RAISES
from patrol_core.kind import IncidentKind
from patrol_core.site import DeviceKind

_K = DeviceKind
ALARM_WORDS = frozenset(
    {"alarm", "on", "true", "1", "yes", "open", "opened", "leak", "leaking", "wet", "detected", "triggered"}
    | {"emergency", "fire", "sos", "fall", "fallen", "tilt", "tilted", "moved", "blocked", "occupied", "full"}
    | {"overflow", "active", "pressed", "press", "single", "double", "hold", "long"}
)
CALM_WORDS = frozenset(
    {"normal", "off", "false", "0", "no", "closed", "close", "clear", "none", "dry", "ok", "idle", "inactive"}
    | {"safe", "free", "empty", "undetected", "not_detected"}
)
ALARMS: Mapping[DeviceKind, tuple[str, ...]] = {  # fields that are an alarm where they are true
    _K.SMOKE: ("smoke", "smoke_status", "smoke_alarm", "fire", "fire_alarm"),
    _K.GAS: ("gas", "gas_status", "gas_alarm", "gas_leak"),
    _K.CO: ("carbon_monoxide", "co_status", "co_alarm"),
    _K.ELECTRICAL_FIRE: ("electrical_fire", "leakage_current_alarm", "over_temperature", "arc_alarm"),
    _K.DOOR_MAGNET: ("magnet_status", "door_status", "opening", "open"),
    _K.WRISTBAND: ("sos", "fall", "alarm_status"),
    _K.WRISTBAND_GATEWAY: ("sos", "fall"),
    _K.SOS_BUTTON: ("sos", "emergency", "panic", "button_event", "action", "press"),
    _K.HELP_BUTTON: ("sos", "emergency", "button_event", "action", "press"),
    _K.MANHOLE: ("tilt", "tilt_status", "manhole_status", "position_status", "vibration", "open"),
    _K.FLOOD: ("water_leak", "leakage_status", "water_status", "moisture", "leak", "flood"),
    _K.SEPTIC_GAS: ("gas", "gas_status", "methane_alarm"),
    _K.ELEVATOR: ("trapped", "fault"),
    _K.BIN_LEVEL: ("overflow", "full", "bin_status"),
    _K.EBIKE_CAMERA: ("ebike",),
    _K.CHARGING_PILE: ("fire", "smoke", "over_temperature"),
    _K.FENCE: ("intrusion", "fence_status"),
    _K.ACCESS_CONTROL: ("anomaly", "forced", "held_open"),
    _K.PRESENCE: ("fall", "fall_status", "fall_down_status"),
    _K.CHECK_IN: ("missed",),
    _K.POWER: ("power_cut", "power_outage", "outage"),
    _K.PARKING: ("occupancy", "parking_status", "occupied"),
    _K.LISTENER: ("cry", "scream"),
}
ALWAYS: tuple[str, ...] = ("alarm",)  # of any kind
INVERTED: Mapping[DeviceKind, tuple[str, ...]] = {_K.DOOR_MAGNET: ("contact",)}  # an alarm where they are false
MEANS: Mapping[str, IncidentKind] = {  # a field that names its own kind of incident
    "sos": IncidentKind.SOS,
    "fall": IncidentKind.PERSON_FALLEN,
    "fall_status": IncidentKind.PERSON_FALLEN,
    "fall_down_status": IncidentKind.PERSON_FALLEN,
    "trapped": IncidentKind.ELEVATOR_TRAPPED,
    "held_open": IncidentKind.DOOR,
}
VALUES: Mapping[DeviceKind, tuple[tuple[str, str], ...]] = {  # field and unit, the first that is there
    _K.SMOKE: (("smoke_density", "%/m"), ("smoke_concentration", "%/m")),
    _K.GAS: (("gas_value", "%LEL"), ("gas_concentration", "%LEL")),
    _K.CO: (("co", "ppm"), ("co_ppm", "ppm"), ("carbon_monoxide_value", "ppm")),
    _K.WATER_METER: (
        ("water_consumed", "m3"),
        ("total_m3", "m3"),
        ("volume", "m3"),
        ("water", "m3"),
        ("reading", "m3"),
    ),
    _K.FLOOD: (("water_level", "cm"), ("depth", "cm")),
    _K.MANHOLE: (("tilt_angle", "deg"), ("angle", "deg")),
    _K.BIN_LEVEL: (("fill_level", "%"), ("level", "%")),
    _K.CHARGING_PILE: (("temperature", "°C"),),
    _K.ELECTRICAL_FIRE: (("leakage_current", "mA"), ("temperature", "°C")),
    _K.WRISTBAND: (("heart_rate", "bpm"),),
    _K.POWER: (("voltage", "V"),),
    _K.SEPTIC_GAS: (("methane", "ppm"), ("h2s", "ppm")),
}
BATTERY: tuple[str, ...] = ("battery", "battery_pct", "battery_level", "batteryLevel", "battery_percentage")
BATTERY_LOW_MEANS_PCT = 15.0  # a device that only says "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What a payload says."""

    state: DeviceState | None  # None: nothing of it
    kind: IncidentKind | None  # what it means, where a field names it
    value: float | None
    unit: str
    battery_pct: float | None
    broken: bool  # it was opened, or says that it does not work


def signals_in(kind: DeviceKind, data: Mapping[str, Any]) -> Signals:
    """What the fields say, for a device of this kind."""
    state: DeviceState | None = None
    means: IncidentKind | None = None
    for name in (*ALARMS.get(kind, ()), *ALWAYS):
        said = _truth(data.get(name))
        if said:
            state, means = DeviceState.ALARM, MEANS.get(name)
            break
        if said is False:
            state = DeviceState.NORMAL
    for name in INVERTED.get(kind, ()):
        said = _truth(data.get(name))
        if said is not None and state is not DeviceState.ALARM:
            state = DeviceState.NORMAL if said else DeviceState.ALARM
    if means is not None and means not in RAISES[kind]:
        means = None
    value, unit = _value(kind, data)
    broken = any(_truth(data.get(name)) for name in ("tamper", "tamper_status", "fault", "device_fault"))
    return Signals(
        state=state, kind=means, value=value, unit=unit, battery_pct=_battery(data), broken=broken and state is None
    )


def cries(data: Mapping[str, Any]) -> bool:
    """Whether the fields would be an alarm of some kind of device: for devices nobody has registered."""
    names = {name for fields in ALARMS.values() for name in fields} - {"occupancy", "action", "open", "press"}
    return any(_truth(data.get(name)) for name in (*names, *ALWAYS))


def _truth(came: Any) -> bool | None:
    if isinstance(came, bool):
        return came
    if isinstance(came, int | float):
        return {0: False, 1: True}.get(int(came)) if came in (0, 1) else None
    if isinstance(came, str):
        word = came.strip().lower()
        return True if word in ALARM_WORDS else False if word in CALM_WORDS else None
    return None


def word_truth(word: str) -> bool | None:
    """Whether a bare word is an alarm; None where it is no word of ours."""
    return _truth(word)


def _value(kind: DeviceKind, data: Mapping[str, Any]) -> tuple[float | None, str]:
    for name, unit in VALUES.get(kind, ()):
        came = data.get(name)
        if isinstance(came, int | float) and not isinstance(came, bool) and math.isfinite(came):
            return float(came), unit
    return None, ""


def _battery(data: Mapping[str, Any]) -> float | None:
    for name in BATTERY:
        came = data.get(name)
        if isinstance(came, int | float) and not isinstance(came, bool) and 0 <= came <= 100:
            return float(came)
    return BATTERY_LOW_MEANS_PCT if data.get("battery_low") is True else None
