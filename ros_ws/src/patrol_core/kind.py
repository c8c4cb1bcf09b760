"""Kinds of incidents, one table: how grave, which hazard, how it is fused, who hears of it, what ends it.

The figures are starting points from practice (NFPA 72, EN 54, ISA-18.2 and what grid workers ask for), not calibrated on
any site's record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from patrol_core.site import Text


class Priority(StrEnum):
    """ISA-18.2 style: what a delay costs. 1 is life."""

    LIFE = "1"
    HIGH = "2"
    MEDIUM = "3"
    LOW = "4"


class IncidentKind(StrEnum):
    """What happened."""

    SMOKE = "smoke"
    ELECTRICAL_FIRE = "electrical_fire"
    CHARGING_FIRE = "charging_fire"
    CO = "co"
    GAS = "gas"
    SEPTIC_GAS = "septic_gas"
    FLOOD = "flood"
    WATER_FLOW = "water_flow"
    WATER_NO_USE = "water_no_use"
    SOS = "sos"
    HELP_BUTTON = "help_button"
    CRY_FOR_HELP = "cry_for_help"
    PERSON_FALLEN = "person_fallen"
    WRISTBAND = "wristband"
    ELDER_NOT_SEEN = "elder_not_seen"
    CHECK_IN_MISSED = "check_in_missed"
    ELEVATOR_TRAPPED = "elevator_trapped"
    ELEVATOR = "elevator"
    EBIKE_IN_ELEVATOR = "ebike_in_elevator"
    THROWN_OBJECT = "thrown_object"
    MANHOLE = "manhole"
    FIRE_LANE_BLOCKED = "fire_lane_blocked"
    ILLEGAL_PARKING = "illegal_parking"
    BIN_OVERFLOW = "bin_overflow"
    WASTE_PILE = "waste_pile"
    FENCE = "fence"
    DOOR = "door"
    ACCESS_ANOMALY = "access_anomaly"
    POWER_CUT = "power_cut"
    DEVICE_FAULT = "device_fault"
    ROBOT_TROUBLE = "robot_trouble"
    SNAPSHOT_REPORT = "snapshot_report"
    STAFF_REPORT = "staff_report"
    UNKNOWN = "unknown"  # a report that could not be understood still becomes an incident


class Family(StrEnum):
    """One hazard. Only findings of one family are ever one incident."""

    COMBUSTION = "combustion"
    GAS = "gas"
    WATER = "water"
    PERSON = "person"
    ELEVATOR = "elevator"
    STREET = "street"  # what lies, stands or falls where it must not
    ENTRY = "entry"
    POWER = "power"
    EQUIPMENT = "equipment"
    REPORT = "report"


class Reach(StrEnum):
    """How far one incident of a kind reaches inside a building; outdoors it is `reach_m` around its place."""

    SOURCE = "source"  # what one device or one report says is one incident
    FLAT = "flat"
    NEIGHBOURS = "neighbours"  # same staircase, this floor and those next to it
    STAIRCASE = "staircase"
    BUILDING = "building"


class Proof(StrEnum):
    """What may end an incident; a written reason always may."""

    PHOTO = "photo"  # of the place
    RECOVERY = "recovery"  # its source says normal, and stays so
    WORDS = "words"


class Duty(StrEnum):
    """Who hears of it when it opens."""

    DESK = "desk"
    FIELD = "field"  # the grid worker of the place
    FAMILY = "family"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPolicy:
    """What a kind of incident asks for."""

    priority: Priority
    family: Family
    name: Text
    robot_verifies: bool  # the nearest able robot is sent to look
    robot_calms: bool  # by itself says a calming sentence, once, to whom it waits beside
    reach: Reach
    reach_m: float  # outdoors
    window_s: float  # a finding joins if the incident was active so short a time before it
    debounce_s: float  # a source says it again so soon: nothing new. Never delays the first word
    dwell_s: float  # it must last so long before an incident opens; 0 opens at once
    tell: frozenset[Duty]
    proofs: frozenset[Proof]

    @property
    def life(self) -> bool:
        """Whether nothing may ever hold it back: no dwell, no shelving, no inhibition."""
        return self.priority is Priority.LIFE

    @property
    def calls(self) -> bool:
        """Whether somebody needs a person: in a storm of alarms this goes before the others."""
        return self.life and self.family in CALLING


CALLING = frozenset({Family.PERSON, Family.ELEVATOR})  # hazards in which somebody may call for a person
_DESK = frozenset({Duty.DESK})
_CREW = frozenset({Duty.DESK, Duty.FIELD})
_HOME = frozenset({Duty.DESK, Duty.FIELD, Duty.FAMILY})
_FIX = frozenset({Duty.DESK, Duty.MAINTENANCE})
_SEEN = frozenset({Proof.PHOTO, Proof.WORDS})
_WELL = frozenset({Proof.PHOTO, Proof.RECOVERY, Proof.WORDS})
_SAID = frozenset({Proof.WORDS})
_HOUR, _DAY = 3600.0, 86_400.0

_K, _F, _R = IncidentKind, Family, Reach
_LIFE, _HIGH, _MEDIUM, _LOW = Priority.LIFE, Priority.HIGH, Priority.MEDIUM, Priority.LOW
_TABLE: tuple[tuple[IncidentKind, Priority, Family, str, str, bool, Reach, float, float, float, float, frozenset[Duty], frozenset[Proof]], ...] = (
    # kind, priority, family, names, robot looks, reach, outdoors m, window s, debounce s, dwell s, told, ended by
    (_K.SMOKE, _LIFE, _F.COMBUSTION, "烟感报警", "Smoke alarm", True, _R.NEIGHBOURS, 25, 1800, 10, 0, _HOME, _WELL),
    (_K.ELECTRICAL_FIRE, _LIFE, _F.COMBUSTION, "电气火灾报警", "Electrical fire alarm", True, _R.NEIGHBOURS, 25, 1800, 10, 0, _HOME, _WELL),
    (_K.CHARGING_FIRE, _LIFE, _F.COMBUSTION, "充电桩起火", "Charging point on fire", True, _R.NEIGHBOURS, 25, 1800, 10, 0, _CREW, _WELL),
    (_K.CO, _LIFE, _F.COMBUSTION, "一氧化碳报警", "Carbon monoxide alarm", True, _R.NEIGHBOURS, 25, 1800, 10, 0, _HOME, _WELL),
    (_K.GAS, _LIFE, _F.GAS, "燃气泄漏", "Gas alarm", True, _R.NEIGHBOURS, 15, 1800, 10, 0, _HOME, _WELL),
    (_K.SEPTIC_GAS, _HIGH, _F.GAS, "化粪池气体超标", "Septic gas alarm", True, _R.SOURCE, 15, _HOUR, 60, 30, _CREW, _WELL),
    (_K.FLOOD, _HIGH, _F.WATER, "积水报警", "Flood alarm", True, _R.STAIRCASE, 30, _HOUR, 30, 5, _CREW, _WELL),
    (_K.WATER_FLOW, _MEDIUM, _F.WATER, "持续用水", "Water keeps running", False, _R.FLAT, 5, _HOUR, 60, 0, _HOME, _WELL),
    (_K.WATER_NO_USE, _MEDIUM, _F.PERSON, "长时间未用水", "No water use", False, _R.FLAT, 5, _DAY, 60, 0, _HOME, _SAID),
    (_K.SOS, _LIFE, _F.PERSON, "一键求助", "SOS call", True, _R.FLAT, 3, 900, 2, 0, _HOME, _SEEN),
    (_K.HELP_BUTTON, _LIFE, _F.PERSON, "机器人求助按钮", "Help button", False, _R.FLAT, 3, 900, 2, 0, _CREW, _SEEN),
    (_K.CRY_FOR_HELP, _LIFE, _F.PERSON, "呼救", "Cry for help", True, _R.FLAT, 5, 900, 2, 0, _CREW, _SEEN),
    (_K.PERSON_FALLEN, _LIFE, _F.PERSON, "人员摔倒", "Person fallen", True, _R.FLAT, 3, 1800, 2, 0, _HOME, _SEEN),
    (_K.WRISTBAND, _LIFE, _F.PERSON, "手环告警", "Wristband alarm", True, _R.FLAT, 3, 900, 5, 0, _HOME, _SEEN),
    (_K.ELDER_NOT_SEEN, _HIGH, _F.PERSON, "独居老人多日未见", "Lone elder not seen", False, _R.FLAT, 5, 3 * _DAY, 60, 0, _HOME, _SAID),
    (_K.CHECK_IN_MISSED, _MEDIUM, _F.PERSON, "平安签到未完成", "Check-in missed", False, _R.FLAT, 5, _DAY, 60, 0, _HOME, _SAID),
    (_K.ELEVATOR_TRAPPED, _LIFE, _F.ELEVATOR, "电梯困人", "People trapped in elevator", False, _R.SOURCE, 5, _HOUR, 5, 0, _CREW, _SEEN),
    (_K.ELEVATOR, _HIGH, _F.ELEVATOR, "电梯故障", "Elevator fault", False, _R.SOURCE, 5, _HOUR, 30, 0, _FIX, _WELL),
    (_K.EBIKE_IN_ELEVATOR, _HIGH, _F.ELEVATOR, "电动车进电梯", "E-bike in elevator", False, _R.SOURCE, 5, 600, 30, 2, _CREW, _SEEN),
    (_K.THROWN_OBJECT, _HIGH, _F.STREET, "高空抛物", "Thrown object", True, _R.SOURCE, 15, 300, 5, 0, _CREW, _SEEN),
    (_K.MANHOLE, _HIGH, _F.STREET, "井盖异常", "Manhole moved", True, _R.SOURCE, 5, _HOUR, 30, 5, _CREW, _WELL),
    (_K.FIRE_LANE_BLOCKED, _HIGH, _F.STREET, "消防通道堵塞", "Fire lane blocked", True, _R.SOURCE, 10, _HOUR, 60, 120, _CREW, _SEEN),
    (_K.ILLEGAL_PARKING, _LOW, _F.STREET, "违章停车", "Illegal parking", False, _R.SOURCE, 5, _HOUR, 60, 300, _CREW, _SEEN),
    (_K.BIN_OVERFLOW, _LOW, _F.STREET, "垃圾满溢", "Bin overflowing", False, _R.SOURCE, 8, _DAY, 300, 0, _CREW, _SEEN),
    (_K.WASTE_PILE, _LOW, _F.STREET, "垃圾堆放", "Waste pile", False, _R.SOURCE, 8, _DAY, 300, 0, _CREW, _SEEN),
    (_K.FENCE, _HIGH, _F.ENTRY, "电子围栏告警", "Fence alarm", True, _R.SOURCE, 15, 600, 10, 0, _CREW, _WELL),
    (_K.DOOR, _LOW, _F.ENTRY, "门磁告警", "Door alarm", False, _R.SOURCE, 5, 600, 10, 30, _DESK, _WELL),
    (_K.ACCESS_ANOMALY, _MEDIUM, _F.ENTRY, "门禁异常", "Access anomaly", False, _R.SOURCE, 5, 600, 10, 0, _DESK, _SAID),
    (_K.POWER_CUT, _HIGH, _F.POWER, "停电", "Power cut", False, _R.BUILDING, 50, _HOUR, 30, 5, _FIX, _WELL),
    (_K.DEVICE_FAULT, _LOW, _F.EQUIPMENT, "设备故障", "Device fault", False, _R.SOURCE, 5, _DAY, 300, 0, _FIX, _WELL),
    (_K.ROBOT_TROUBLE, _MEDIUM, _F.EQUIPMENT, "机器人异常", "Robot in trouble", False, _R.SOURCE, 5, _HOUR, 60, 0, _FIX, _WELL),
    (_K.SNAPSHOT_REPORT, _LOW, _F.REPORT, "居民随手拍", "Resident's snapshot", False, _R.SOURCE, 5, _HOUR, 5, 0, _CREW, _SEEN),
    (_K.STAFF_REPORT, _MEDIUM, _F.REPORT, "巡查上报", "Staff report", False, _R.SOURCE, 5, _HOUR, 5, 0, _DESK, _SEEN),
    (_K.UNKNOWN, _MEDIUM, _F.REPORT, "未识别的报告", "Report not understood", False, _R.SOURCE, 5, _DAY, 0, 0, _DESK, _SAID),
)  # fmt: skip

_CALMED = frozenset({_K.PERSON_FALLEN, _K.SOS, _K.WRISTBAND, _K.CRY_FOR_HELP})  # somebody lies or calls there

KINDS: Mapping[IncidentKind, KindPolicy] = {
    kind: KindPolicy(
        priority=priority,
        family=family,
        name=Text(zh=zh, en=en),
        robot_verifies=looks,
        robot_calms=kind in _CALMED,
        reach=reach,
        reach_m=float(reach_m),
        window_s=float(window_s),
        debounce_s=float(debounce_s),
        dwell_s=float(dwell_s),
        tell=tell,
        proofs=proofs,
    )
    for kind, priority, family, zh, en, looks, reach, reach_m, window_s, debounce_s, dwell_s, tell, proofs in _TABLE
}
