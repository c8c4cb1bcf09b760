"""What each kind of device is called."""

from __future__ import annotations

from collections.abc import Mapping

from patrol_core.site import DeviceKind, Text

KIND_NAMES: Mapping[DeviceKind, Text] = {
    DeviceKind.SMOKE: Text(zh="烟感", en="Smoke detector"),
    DeviceKind.GAS: Text(zh="燃气探测器", en="Gas detector"),
    DeviceKind.CO: Text(zh="一氧化碳探测器", en="Carbon monoxide detector"),
    DeviceKind.ELECTRICAL_FIRE: Text(zh="电气火灾探测器", en="Electrical fire detector"),
    DeviceKind.WATER_METER: Text(zh="水表", en="Water meter"),
    DeviceKind.DOOR_MAGNET: Text(zh="门磁", en="Door magnet"),
    DeviceKind.WRISTBAND_GATEWAY: Text(zh="手环网关", en="Wristband gateway"),
    DeviceKind.SOS_BUTTON: Text(zh="一键求助按钮", en="SOS button"),
    DeviceKind.MANHOLE: Text(zh="井盖传感器", en="Manhole sensor"),
    DeviceKind.FLOOD: Text(zh="积水传感器", en="Flood sensor"),
    DeviceKind.SEPTIC_GAS: Text(zh="化粪池气体探测器", en="Septic gas detector"),
    DeviceKind.ELEVATOR: Text(zh="电梯", en="Elevator"),
    DeviceKind.WRISTBAND: Text(zh="手环", en="Wristband"),
    DeviceKind.HELP_BUTTON: Text(zh="求助柱", en="Help point"),
    DeviceKind.BIN_LEVEL: Text(zh="垃圾桶满溢传感器", en="Bin level sensor"),
    DeviceKind.EBIKE_CAMERA: Text(zh="电梯电动车识别", en="E-bike camera"),
    DeviceKind.CHARGING_PILE: Text(zh="充电桩", en="Charging pile"),
    DeviceKind.FENCE: Text(zh="电子围栏", en="Electronic fence"),
    DeviceKind.ACCESS_CONTROL: Text(zh="门禁", en="Access control"),
    DeviceKind.PRESENCE: Text(zh="人体存在传感器", en="Presence sensor"),
    DeviceKind.CHECK_IN: Text(zh="平安签到", en="Check-in button"),
    DeviceKind.POWER: Text(zh="供电监测", en="Power monitor"),
    DeviceKind.PARKING: Text(zh="车位地磁", en="Parking sensor"),
    DeviceKind.STREET_CAMERA: Text(zh="街面摄像头", en="Street camera"),
    DeviceKind.LISTENER: Text(zh="呼救拾音器", en="Cry-for-help listener"),
}
