"""Fixed sensors: quiet reports at a low rate, and an alarm that repeats until the scene is normal again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.site import Device, DeviceKind

HEARTBEAT_S = 600.0  # between two quiet reports of one device
FIRST_REPORTS_WITHIN_S = 45.0  # after the start each device has spoken once
ALARM_REPEAT_S = 20.0  # a detector that still alarms says so again


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a kind of sensor measures when all is well."""

    unit: str | None
    quiet: tuple[float, float] | None  # range of quiet values; None: it measures no number
    digits: int = 2


QUANTITIES: Mapping[DeviceKind, Quantity] = {
    DeviceKind.SMOKE: Quantity(unit="%/m", quiet=(0.0, 0.03)),
    DeviceKind.GAS: Quantity(unit="%LEL", quiet=(0.0, 1.0), digits=1),
    DeviceKind.CO: Quantity(unit="ppm", quiet=(0.0, 3.0), digits=1),
    DeviceKind.ELECTRICAL_FIRE: Quantity(unit="mA", quiet=(20.0, 90.0), digits=0),
    DeviceKind.WATER_METER: Quantity(unit="m3", quiet=(80.0, 900.0)),
    DeviceKind.DOOR_MAGNET: Quantity(unit=None, quiet=None),
    DeviceKind.WRISTBAND_GATEWAY: Quantity(unit="bands", quiet=(4.0, 30.0), digits=0),
    DeviceKind.SOS_BUTTON: Quantity(unit=None, quiet=None),
    DeviceKind.MANHOLE: Quantity(unit="deg", quiet=(0.0, 1.5), digits=1),
    DeviceKind.FLOOD: Quantity(unit="cm", quiet=(0.0, 0.5), digits=1),
    DeviceKind.SEPTIC_GAS: Quantity(unit="ppm", quiet=(0.0, 2.0), digits=1),
    DeviceKind.ELEVATOR: Quantity(unit="floor", quiet=(1.0, 18.0), digits=0),
    DeviceKind.WRISTBAND: Quantity(unit="bpm", quiet=(55.0, 95.0), digits=0),
    DeviceKind.HELP_BUTTON: Quantity(unit=None, quiet=None),
    DeviceKind.BIN_LEVEL: Quantity(unit="%", quiet=(5.0, 60.0), digits=0),
    DeviceKind.EBIKE_CAMERA: Quantity(unit=None, quiet=None),
    DeviceKind.CHARGING_PILE: Quantity(unit="°C", quiet=(18.0, 38.0), digits=1),
    DeviceKind.FENCE: Quantity(unit="V", quiet=(5.5, 6.5), digits=1),
    DeviceKind.ACCESS_CONTROL: Quantity(unit=None, quiet=None),
    DeviceKind.PRESENCE: Quantity(unit=None, quiet=None),
    DeviceKind.CHECK_IN: Quantity(unit=None, quiet=None),
    DeviceKind.POWER: Quantity(unit="V", quiet=(218.0, 236.0), digits=0),
    DeviceKind.PARKING: Quantity(unit=None, quiet=None),
    DeviceKind.STREET_CAMERA: Quantity(unit=None, quiet=None),
    DeviceKind.LISTENER: Quantity(unit="dB", quiet=(30.0, 55.0), digits=0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReport:
    """One message of one sensor. `seq` rises by one within a start of the simulator."""

    device_id: str
    kind: DeviceKind
    alarm: bool
    value: float | None
    unit: str | None
    battery_pct: int | None  # None: on mains
    seq: int


@dataclass(slots=True, kw_only=True)
class _Sensor:
    device: Device
    rng: random.Random
    battery_pct: int | None
    next_report_s: float
    alarm_value: float | None = None
    alarming: bool = False
    normal_at_s: float | None = None
    seq: int = 0


class SensorField:
    """All fixed sensors of a site."""

    def __init__(self, devices: Mapping[str, Device], *, seed: int) -> None:
        self._sensors: dict[str, _Sensor] = {}
        for device_id, device in devices.items():
            rng = random.Random(f"{seed}/device/{device_id}")  # noqa: S311 - a simulation, not a secret
            self._sensors[device_id] = _Sensor(
                device=device,
                rng=rng,
                battery_pct=None if device.kind in _ON_MAINS else rng.randrange(55, 101),
                next_report_s=rng.uniform(0.5, FIRST_REPORTS_WITHIN_S),
            )
        self._due_s = 0.0  # nothing is due before

    @property
    def alarming(self) -> tuple[str, ...]:
        """Devices in alarm, by id."""
        return tuple(key for key, sensor in self._sensors.items() if sensor.alarming)

    def alarm(self, device_id: str, *, value: float | None, normal_after_s: float | None, now_s: float) -> None:
        """The device alarms from now on, for `normal_after_s` seconds or for good."""
        sensor = self._sensors[device_id]
        sensor.alarming = True
        sensor.alarm_value = value
        sensor.normal_at_s = None if normal_after_s is None else now_s + normal_after_s
        sensor.next_report_s = now_s
        self._due_s = now_s

    def step(self, now_s: float) -> list[DeviceReport]:
        """The reports due by `now_s`, in the order of the site file."""
        if now_s < self._due_s:
            return []
        reports: list[DeviceReport] = []
        for sensor in self._sensors.values():
            if sensor.alarming and sensor.normal_at_s is not None and now_s >= sensor.normal_at_s:
                sensor.alarming, sensor.normal_at_s = False, None
                sensor.next_report_s = now_s
            if now_s >= sensor.next_report_s:
                reports.append(_report(sensor))
                wait_s = ALARM_REPEAT_S if sensor.alarming else HEARTBEAT_S * sensor.rng.uniform(0.95, 1.05)
                sensor.next_report_s = now_s + wait_s
        self._due_s = min(
            (min(s.next_report_s, s.normal_at_s or s.next_report_s) for s in self._sensors.values()),
            default=float("inf"),
        )
        return reports


_ON_MAINS = {DeviceKind.ELECTRICAL_FIRE, DeviceKind.WRISTBAND_GATEWAY, DeviceKind.ELEVATOR, DeviceKind.FLOOD}


def _report(sensor: _Sensor) -> DeviceReport:
    quantity = QUANTITIES[sensor.device.kind]
    sensor.seq += 1
    value: float | None
    if sensor.alarming:
        value = sensor.alarm_value
    elif quantity.quiet is None:
        value = None
    else:
        value = round(sensor.rng.uniform(*quantity.quiet), quantity.digits)
    return DeviceReport(
        device_id=sensor.device.device_id,
        kind=sensor.device.kind,
        alarm=sensor.alarming,
        value=value,
        unit=quantity.unit,
        battery_pct=sensor.battery_pct,
        seq=sensor.seq,
    )
