"""Fixed sensors, as the API shows them. One that never spoke is unknown, not normal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from mission_planner.api.views.common import Point, See, Text, View, words
from mission_planner.store.devices import DeviceRow
from patrol_core import site
from patrol_core.site import Device, DeviceKind

KIND_NAMES: Mapping[DeviceKind, site.Text] = {
    DeviceKind.SMOKE: site.Text(zh="烟感", en="Smoke detector"),
    DeviceKind.GAS: site.Text(zh="燃气探测器", en="Gas detector"),
    DeviceKind.CO: site.Text(zh="一氧化碳探测器", en="Carbon monoxide detector"),
    DeviceKind.ELECTRICAL_FIRE: site.Text(zh="电气火灾探测器", en="Electrical fire detector"),
    DeviceKind.WATER_METER: site.Text(zh="水表", en="Water meter"),
    DeviceKind.DOOR_MAGNET: site.Text(zh="门磁", en="Door magnet"),
    DeviceKind.WRISTBAND_GATEWAY: site.Text(zh="手环网关", en="Wristband gateway"),
    DeviceKind.SOS_BUTTON: site.Text(zh="一键求助按钮", en="SOS button"),
    DeviceKind.MANHOLE: site.Text(zh="井盖传感器", en="Manhole sensor"),
    DeviceKind.FLOOD: site.Text(zh="积水传感器", en="Flood sensor"),
    DeviceKind.SEPTIC_GAS: site.Text(zh="化粪池气体探测器", en="Septic gas detector"),
    DeviceKind.ELEVATOR: site.Text(zh="电梯", en="Elevator"),
    DeviceKind.WRISTBAND: site.Text(zh="手环", en="Wristband"),
    DeviceKind.HELP_BUTTON: site.Text(zh="求助柱", en="Help point"),
    DeviceKind.BIN_LEVEL: site.Text(zh="垃圾桶满溢传感器", en="Bin level sensor"),
    DeviceKind.EBIKE_CAMERA: site.Text(zh="电梯电动车识别", en="E-bike camera"),
    DeviceKind.CHARGING_PILE: site.Text(zh="充电桩", en="Charging pile"),
    DeviceKind.FENCE: site.Text(zh="电子围栏", en="Electronic fence"),
    DeviceKind.ACCESS_CONTROL: site.Text(zh="门禁", en="Access control"),
    DeviceKind.PRESENCE: site.Text(zh="人体存在传感器", en="Presence sensor"),
    DeviceKind.CHECK_IN: site.Text(zh="平安签到", en="Check-in button"),
    DeviceKind.POWER: site.Text(zh="供电监测", en="Power monitor"),
    DeviceKind.PARKING: site.Text(zh="车位地磁", en="Parking sensor"),
    DeviceKind.STREET_CAMERA: site.Text(zh="街面摄像头", en="Street camera"),
    DeviceKind.LISTENER: site.Text(zh="呼救拾音器", en="Cry-for-help listener"),
}


class DeviceView(View):
    """A fixed sensor."""

    device_id: str
    kind: DeviceKind
    kind_name: Text
    name: Text
    position: Point
    place: Text
    state: Literal["normal", "alarm", "unknown"]
    value: float | None
    unit: str | None
    battery_pct: float | None
    last_seen_at: datetime | None
    incident_id: UUID | None


def device_view(see: See, device: Device, row: DeviceRow | None) -> DeviceView:
    """One sensor and its last word."""
    return DeviceView(
        device_id=device.device_id,
        kind=device.kind,
        kind_name=words(KIND_NAMES[device.kind]),
        name=words(device.name),
        position=Point(x_m=device.position_m.x_m, y_m=device.position_m.y_m),
        place=words(device.place.text(see.site.buildings)),
        state="unknown" if row is None else "alarm" if row.state == "alarm" else "normal",
        value=row.value if row else None,
        unit=(row.unit or None) if row else None,
        battery_pct=row.battery_pct if row else None,
        last_seen_at=row.last_seen_at if row else None,
        incident_id=row.incident_id if row else None,
    )
