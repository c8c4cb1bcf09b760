"""What is mounted on the demo site: bin points, manholes, gates, elevators, fixed sensors, cameras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from maps.demo.sheet import XY, Sheet, bearing_deg
from maps.demo.stops import BINS
from maps.demo.towers import FLOOR_HEIGHT_M, HOUSES, TOWERS, House, Tower

MANHOLES: dict[str, tuple[XY, str, str]] = {
    "manhole-1": ((98.5, 74.0), "西步道污水井", "Sewer on the west walk"),
    "manhole-2": ((70.0, 90.2), "1 栋北侧雨水井", "Storm drain north of building 1"),
    "manhole-3": ((156.0, 86.6), "南组团路雨水井", "Storm drain on the south inner road"),
    "manhole-4": ((250.0, 74.0), "东步道污水井", "Sewer on the east walk"),
    "manhole-5": ((320.2, 108.0), "环路东段雨水井", "Storm drain on the east ring road"),
    "manhole-6": ((29.6, 186.0), "环路西段雨水井", "Storm drain on the west ring road"),
    "manhole-7": ((177.8, 100.0), "中轴步道电力井", "Power shaft on the central walk"),
    "manhole-8": ((96.8, 208.0), "西步道通信井", "Telecom shaft on the west walk"),
    "manhole-9": ((254.8, 206.0), "东步道通信井", "Telecom shaft on the east walk"),
    "manhole-10": ((171.0, 30.6), "南门雨水井", "Storm drain at the south gate"),
}
GATES: dict[str, tuple[XY, str, str]] = {
    "gate-south": ((175.0, 4.2), "南门", "South gate"),
    "gate-east": ((345.8, 152.0), "东门", "East gate"),
}
SEPTIC: dict[str, tuple[XY, str, str]] = {
    "septic-1": ((44.0, 62.0), "1 号化粪池", "septic tank 1"),
    "septic-2": ((304.0, 116.0), "2 号化粪池", "septic tank 2"),
    "septic-3": ((110.0, 195.0), "3 号化粪池", "septic tank 3"),
}
FLOODS: dict[str, tuple[XY, str, str]] = {
    "flood-ramp-1": ((309.2, 47.0), "地下车库 1 号坡道口", "mouth of car-park ramp 1"),
    "flood-ramp-2": ((41.0, 110.2), "地下车库 2 号坡道口", "mouth of car-park ramp 2"),
    "flood-gate": ((179.8, 32.4), "南门低洼处", "low ground at the south gate"),
}
HELP_POINTS: dict[str, tuple[XY, str, str]] = {
    "sos-plaza": ((186.0, 130.0), "星河广场求助柱", "help point at Xinghe plaza"),
    "sos-playground": ((156.5, 122.0), "儿童乐园求助柱", "help point at the playground"),
    "sos-fitness": ((148.5, 157.0), "健身广场求助柱", "help point at the fitness plaza"),
    "sos-gate": ((168.0, 12.0), "南门求助柱", "help point at the south gate"),
}

# Flats with sensors: tower → (unit, floor, flat of the floor). Sensors tell of a flat, never of who lives there.
FLATS: dict[int, tuple[tuple[int, int, int], ...]] = {
    1: ((1, 3, 1), (1, 11, 2), (2, 7, 1)),
    2: ((1, 5, 2), (2, 14, 3), (2, 22, 1)),
    3: ((1, 7, 3), (1, 19, 1), (2, 12, 2)),
    4: ((1, 4, 2), (2, 9, 1), (2, 16, 2)),
    5: ((1, 8, 1), (1, 12, 3), (1, 27, 4)),
    6: ((1, 2, 2), (1, 17, 1), (1, 31, 3)),
    7: ((1, 6, 1), (1, 20, 2), (2, 13, 1)),
    8: ((1, 10, 1), (2, 3, 2), (3, 21, 1)),
    9: ((1, 15, 2), (2, 9, 1), (3, 18, 2)),
    10: ((1, 2, 1), (1, 14, 2), (2, 19, 1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A sort of sensor: its kind, what people call it, how high above its floor it hangs."""

    kind: str
    zh: str
    en: str
    up_m: float


LIVING_SMOKE = Model(kind="smoke", zh="客厅烟感", en="Living-room smoke detector", up_m=2.7)
KITCHEN_GAS = Model(kind="gas", zh="厨房燃气探测器", en="Kitchen gas detector", up_m=2.4)
KITCHEN_CO = Model(kind="co", zh="厨房一氧化碳探测器", en="Kitchen carbon monoxide detector", up_m=1.6)
WATER_METER = Model(kind="water_meter", zh="智能水表", en="Water meter", up_m=0.6)
BED_SOS = Model(kind="sos_button", zh="床头一键求助", en="Bedside SOS button", up_m=0.9)
DOOR_MAGNET = Model(kind="door_magnet", zh="入户门磁", en="Flat door magnet", up_m=2.0)
METER_ROOM = Model(kind="electrical_fire", zh="配电间电气火灾探测器", en="Electrical fire detector", up_m=1.6)
GATEWAY = Model(kind="wristband_gateway", zh="门厅手环网关", en="Wristband gateway", up_m=2.6)
LIFT_MONITOR = Model(kind="elevator", zh="电梯运行监测", en="Elevator monitor", up_m=2.0)
HOUSE_SMOKE = Model(kind="smoke", zh="烟感", en="Smoke detector", up_m=2.9)
COVER = Model(kind="manhole", zh="井盖传感器", en="Manhole sensor", up_m=-0.3)
SEPTIC_GAS = Model(kind="septic_gas", zh="化粪池气体探测器", en="Septic gas detector", up_m=-1.0)
FLOOD = Model(kind="flood", zh="积水传感器", en="Flood sensor", up_m=0.1)
HELP_POINT = Model(kind="sos_button", zh="一键求助柱", en="SOS help point", up_m=1.2)


def draw_things(sheet: Sheet) -> None:
    """The spots, devices and cameras layers."""
    _draw_spots(sheet)
    for tower in TOWERS:
        for n, home in enumerate(FLATS[tower.number]):
            _draw_flat(sheet, tower, home, n)
        _draw_hall(sheet, tower)
    for house in HOUSES:
        _draw_house(sheet, house)
    for name, (at, zh, en) in MANHOLES.items():
        _device(sheet, COVER, f"{name}-cover", at, spot_zh=zh, spot_en=en)
    for model, things in ((SEPTIC_GAS, SEPTIC), (FLOOD, FLOODS), (HELP_POINT, HELP_POINTS)):
        for name, (at, zh, en) in things.items():
            _device(sheet, model, name, at, spot_zh=zh, spot_en=en)
    _draw_cameras(sheet)


def _device(sheet: Sheet, model: Model, device_id: str, at: XY, *, floor: int | None = None, **place: Any) -> None:
    """One sensor. On a floor, its height counts from there; outdoors, from the ground."""
    height_m = round(((floor or 1) - 1) * FLOOR_HEIGHT_M + model.up_m, 2)
    names = {"name_zh": model.zh, "name_en": model.en}
    sheet.point("devices", at, id=device_id, kind=model.kind, **names, height_m=height_m, **place, floor=floor)


def _draw_spots(sheet: Sheet) -> None:
    for kind, things in (("bin", BINS), ("manhole", MANHOLES), ("gate", GATES)):
        for spot_id, (at, zh, en) in things.items():
            sheet.point("spots", at, id=spot_id, kind=kind, name_zh=zh, name_en=en)
    for tower in TOWERS:
        for unit in range(1, tower.units + 1):
            zh = f"{tower.number} 栋 {unit} 单元电梯"
            en = f"Elevator of building {tower.number}, unit {unit}"
            names = {"name_zh": zh, "name_en": en}
            place = {"building": tower.id, "unit": str(unit)}
            sheet.point("spots", tower.lift(unit), id=f"elevator-{tower.id}-{unit}", kind="elevator", **names, **place)


def _draw_flat(sheet: Sheet, tower: Tower, home: tuple[int, int, int], n: int) -> None:
    unit, floor, number = home
    living, kitchen = tower.flat_spot(unit, number), tower.flat_spot(unit, number, kitchen=True)

    def add(model: Model, at: XY) -> None:
        name = f"{model.kind.replace('_', '-')}-{tower.id}-{unit}-{floor:02d}{number:02d}"
        flat = f"{floor}{number:02d}"
        _device(sheet, model, name, at, floor=floor, building=tower.id, unit=str(unit), flat=flat)

    add(LIVING_SMOKE, living)
    if n == 0:
        add(KITCHEN_GAS, kitchen)
        add(WATER_METER, (kitchen[0] + 0.8, kitchen[1]))
    if n == 1:
        add(KITCHEN_CO, kitchen)
        add(BED_SOS, (living[0] + 0.8, living[1]))
    if n == 2:
        add(DOOR_MAGNET, kitchen)


def _draw_hall(sheet: Sheet, tower: Tower) -> None:
    x_m, north_m = tower.unit_x_m(1), tower.core_north_m
    for model, name, at, zh, en in (
        (METER_ROOM, "electrical-fire", tower.spot(x_m + 2.2, north_m - 2.2), "一层配电间", "ground-floor meter room"),
        (GATEWAY, "gateway", tower.spot(x_m, north_m - 0.4), "门厅", "entrance hall"),
        (LIFT_MONITOR, "elevator-box", tower.lift(1), "电梯", "elevator"),
    ):
        place = {"building": tower.id, "unit": "1", "spot_zh": zh, "spot_en": en}
        _device(sheet, model, f"{name}-{tower.id}-1", at, floor=1, **place)


def _draw_house(sheet: Sheet, house: House) -> None:
    x, y = house.at
    _device(sheet, HOUSE_SMOKE, f"smoke-{house.id}", (x - 1.5, y), floor=1, building=house.id)
    if house.id in ("substation", "center"):
        _device(sheet, METER_ROOM, f"electrical-fire-{house.id}", (x + 1.5, y), floor=1, building=house.id)
    if house.id == "shop-2":
        _device(sheet, KITCHEN_GAS, "gas-shop-2", (x + 2.0, y - 3.0), floor=1, building=house.id)


def _draw_cameras(sheet: Sheet) -> None:
    for camera_id, at, target, height_m, tilt_deg, zh, en in (
        ("cam-gate-south", (182.0, 13.0), (175.0, 4.0), 4.0, 18.0, "南门摄像机", "South gate camera"),
        ("cam-gate-east", (337.0, 159.8), (344.0, 152.0), 4.0, 20.0, "东门摄像机", "East gate camera"),
        ("cam-plaza", (164.0, 147.0), (178.0, 132.0), 6.0, 22.0, "星河广场摄像机", "Xinghe plaza camera"),
        ("cam-playground", (159.0, 128.0), (143.0, 118.0), 5.0, 18.0, "儿童乐园摄像机", "Playground camera"),
        ("cam-ramp", (303.5, 37.5), (309.0, 50.0), 4.0, 16.0, "1 号坡道摄像机", "Car-park ramp camera"),
        (
            "cam-facade-b8",
            (131.0, 176.0),
            (131.0, 201.0),
            2.5,
            -52.0,
            "8 栋高空抛物摄像机",
            "Facade camera, building 8",
        ),
    ):
        look = {"bearing_deg": bearing_deg(at, target), "height_m": height_m, "tilt_deg": tilt_deg}
        sheet.point("cameras", at, id=camera_id, name_zh=zh, name_en=en, **look)
