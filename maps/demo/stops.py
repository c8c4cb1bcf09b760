"""Where the demo site's robots stop: viewpoints in the order of three tours, and docks."""

from __future__ import annotations

from dataclasses import dataclass

from maps.demo.ground import POND
from maps.demo.network import Network
from maps.demo.sheet import XY, Sheet, bearing_deg
from maps.demo.towers import TOWERS, Tower


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A viewpoint: near which point of a lane to stop, what to look at."""

    near: XY
    at: XY
    about: str
    zh: str
    en: str


def _tower(number: int) -> Tower:
    return next(tower for tower in TOWERS if tower.number == number)


def _fire(number: int, *, eastward: bool) -> Look:
    """Along a tower's fire lane, from one end."""
    west, east = _tower(number).fire_axis()
    near, at = (west, east) if eastward else (east, west)
    return Look(near=near, at=at, about=f"fire-b{number}", zh=f"{number} 栋北侧消防通道",
                en=f"North fire lane of building {number}")  # fmt: skip


def _door(number: int, unit: int) -> Look:
    """The entrance of a unit, from the fire lane, a little from the side."""
    tower = _tower(number)
    return Look(
        near=tower.spot(tower.unit_x_m(unit) + 2.0, tower.core_north_m + 8.4), at=tower.entrance(unit),
        about=f"b{number}", zh=f"{number} 栋 {unit} 单元入口", en=f"Entrance of building {number}, unit {unit}",
    )  # fmt: skip


BINS: dict[str, tuple[XY, str, str]] = {
    "bin-1": ((37.5, 91.6), "1 栋垃圾投放点", "Waste point at building 1"),
    "bin-2": ((150.0, 88.6), "2 栋垃圾投放点", "Waste point at building 2"),
    "bin-3": ((197.0, 87.6), "3 栋垃圾投放点", "Waste point at building 3"),
    "bin-4": ((310.5, 90.5), "4 栋垃圾投放点", "Waste point at building 4"),
    "bin-5": ((86.0, 161.5), "5 栋垃圾投放点", "Waste point at building 5"),
    "bin-6": ((262.0, 160.5), "6 栋垃圾投放点", "Waste point at building 6"),
    "bin-7": ((88.0, 224.6), "7 栋垃圾投放点", "Waste point at building 7"),
    "bin-8": ((165.0, 229.2), "8 栋垃圾投放点", "Waste point at building 8"),
    "bin-9": ((260.0, 223.8), "10 栋垃圾投放点", "Waste point at building 10"),
}

# Tours: from one stop to the next it is 15 to 45 m, so that a patrol at walking speed has a picture every half minute.
_WEST = (
    _fire(1, eastward=False),
    _door(1, 1),
    Look(near=(38.5, 87.0), at=BINS["bin-1"][0], about="bin-1", zh="1 栋垃圾投放点", en="Waste point at building 1"),
    Look(near=(28.0, 106.0), at=(48.0, 110.2), about="no-go-ramp-west", zh="地下车库 2 号坡道", en="Car-park ramp 2"),
    Look(near=(28.0, 132.0), at=(22.0, 124.0), about="parking-w1", zh="西侧停车位", en="West parking"),
    _fire(5, eastward=True),
    _door(5, 1),
    Look(near=(88.0, 156.5), at=BINS["bin-5"][0], about="bin-5", zh="5 栋垃圾投放点", en="Waste point at building 5"),
    Look(near=(96.5, 186.0), at=(78.0, 198.0), about="b7", zh="7 栋南侧绿地", en="Green south of building 7"),
    _fire(7, eastward=False),
    _door(7, 2),
    _fire(8, eastward=True),
    _door(8, 2),
)
_EAST = (
    _fire(4, eastward=True),
    _door(4, 2),
    Look(near=(308.0, 86.5), at=BINS["bin-4"][0], about="bin-4", zh="4 栋垃圾投放点", en="Waste point at building 4"),
    Look(near=(322.0, 60.0), at=(337.0, 52.0), about="substation", zh="配电房", en="Substation"),
    Look(near=(309.0, 36.0), at=(309.0, 52.0), about="no-go-ramp-south", zh="地下车库 1 号坡道", en="Car-park ramp 1"),
    Look(near=(272.0, 34.0), at=(279.0, 63.0), about="b4", zh="4 栋南立面", en="South face of building 4"),
    Look(near=(236.0, 24.4), at=(236.0, 20.5), about="center", zh="社区服务中心门口", en="Community center door"),
    Look(near=(199.0, 24.0), at=(176.0, 15.0), about="plaza-gate", zh="南门广场", en="South gate plaza"),
    Look(near=(175.0, 20.0), at=(175.0, 4.5), about="gate-south", zh="南门", en="South gate"),
    Look(near=(146.0, 23.0), at=(122.0, 20.0), about="shop-5", zh="商铺东段", en="Shops, east end"),
    Look(near=(110.0, 23.0), at=(85.2, 19.5), about="shop-2", zh="商铺西段", en="Shops, west end"),
)
_SOUTH = (
    _door(2, 1),
    _fire(2, eastward=False),
    Look(near=(175.0, 92.0), at=(204.0, 68.0), about="b3", zh="中轴步道南段", en="Central walk, south"),
    _fire(3, eastward=True),
    _door(3, 2),
)
_GARDEN = (
    Look(near=(175.0, 116.0), at=(POND.centroid.x - 5, POND.centroid.y), about="pond", zh="星月湖", en="Moon pond"),
    Look(near=(175.0, 148.0), at=(172.0, 136.0), about="plaza-round", zh="星河广场", en="Xinghe plaza"),
    Look(near=(141.0, 145.5), at=(141.0, 156.0), about="plaza-fitness", zh="健身广场", en="Fitness plaza"),
    Look(near=(152.0, 129.0), at=(142.8, 119.0), about="no-go-sandpit", zh="儿童乐园", en="Playground"),
    Look(near=(174.6, 196.0), at=(156.0, 202.0), about="b8", zh="8 栋东侧", en="East side of building 8"),
    _fire(9, eastward=True),
    _door(9, 2),
    _fire(10, eastward=True),
    _door(10, 1),
    Look(near=(252.0, 186.0), at=(268.0, 196.0), about="b10", zh="10 栋南侧绿地", en="Green south of building 10"),
    Look(near=(258.0, 156.0), at=BINS["bin-6"][0], about="bin-6", zh="6 栋垃圾投放点", en="Waste point at building 6"),
    _door(6, 1),
    Look(near=(331.0, 152.0), at=(345.0, 152.0), about="gate-east", zh="东门", en="East gate"),
    Look(near=(112.0, 238.0), at=(104.0, 244.0), about="parking-n1", zh="北侧停车位", en="North parking"),
)

DOCKS: dict[str, tuple[XY, float, str, str]] = {  # place, bearing of the nose in degrees, names
    "dock-1": ((100.5, 92.0), 90.0, "西步道充电桩", "Dock at the west walk"),
    "dock-2": ((248.0, 92.0), 270.0, "东步道充电桩", "Dock at the east walk"),
    "dock-3": ((183.5, 144.5), 45.0, "星河广场充电桩", "Dock at Xinghe plaza"),
}


def draw_stops(sheet: Sheet, network: Network) -> None:
    """The viewpoints and docks layers."""
    for n, look in enumerate((*_WEST, *_EAST, *_SOUTH, *_GARDEN), start=1):
        stop = network.stop_near(look.near)
        sheet.point(
            "viewpoints", stop, id=f"vp-{n:02d}", name_zh=look.zh, name_en=look.en,
            bearing_deg=bearing_deg(stop, look.at), looks_at=look.about,
        )  # fmt: skip
    for dock_id, (at, bearing, zh, en) in DOCKS.items():
        network.spur(at)
        sheet.point("docks", at, id=dock_id, name_zh=zh, name_en=en, bearing_deg=bearing)
