"""The ground of the demo site: fence, ring road, inner roads, walkways, gardens, pond, parking, closed zones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely import affinity

from maps.demo.sheet import XY, Sheet, outline, pieces, rectangle, rounded, smoothed
from maps.demo.towers import HOUSES, TOWERS

FENCE = rounded(shapely.box(4.0, 4.0, 346.0, 256.0), 16.0)
RING = rounded(shapely.box(28.0, 34.0, 322.0, 238.0), 24.0)
CENTRE: XY = (175.0, 136.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A road or walkway: what is paved, and the line robots drive."""

    id: str
    kind: str  # zone kind
    line: Sequence[XY]
    width_m: float
    speed_mps: float
    one_way: bool = False
    name: tuple[str, str] | None = None  # Chinese, English

    def paved(self) -> shapely.Polygon:
        strip = shapely.LineString(self.line).buffer(self.width_m / 2, quad_segs=4, cap_style="flat")
        return outline(strip, tolerance_m=0.05)


def _axis(*numbers: int) -> list[XY]:
    return [point for tower in TOWERS if tower.number in numbers for point in tower.fire_axis()]


def _loop() -> list[XY]:
    """The garden's oval path, a little wavy."""
    turn = [math.tau * n / 72 for n in range(73)]
    return [
        (CENTRE[0] + (58 + 2.5 * math.sin(3 * a)) * math.cos(a), CENTRE[1] + (37 + 2 * math.cos(2 * a)) * math.sin(a))
        for a in turn
    ]


def _upright(x_m: float, start: Sequence[XY], end: Sequence[XY]) -> list[XY]:
    """A path straight north or south from one line to another."""
    column = shapely.LineString([(x_m, 0.0), (x_m, 260.0)])
    ends = (shapely.LineString(line).intersection(column) for line in (start, end))
    return [(x, y) for x, y in shapely.get_coordinates(list(ends))]


def _ways() -> tuple[Way, ...]:
    loop = _loop()
    west, east = loop[36], loop[0]
    south, north = loop[54], loop[18]
    cross = smoothed([west, (134, 139), (150, 133), CENTRE])
    return (
        Way(id="lane-south", kind="road", width_m=5.0, speed_mps=1.2, name=("南组团路", "South inner road"),
            line=smoothed([(28, 88), *_axis(1, 2), (175, 86), *_axis(3, 4), (322, 86)])),
        Way(id="lane-west", kind="road", width_m=5.0, speed_mps=1.2, name=("西组团路", "West inner road"),
            line=smoothed([(28, 153), *_axis(5), (97, 157)])),
        Way(id="lane-east", kind="road", width_m=5.0, speed_mps=1.2, name=("东门路", "East gate road"),
            line=smoothed([(252, 156), *_axis(6), (322, 152), (342, 152)])),
        Way(id="lane-north", kind="road", width_m=5.0, speed_mps=1.2, name=("北组团路", "North inner road"),
            line=smoothed([(28, 224), *_axis(7, 8), *_axis(9, 10), (322, 223)])),
        Way(id="avenue", kind="road", width_m=8.0, speed_mps=1.0, name=("迎宾路", "Gate avenue"),
            line=[(175, 7.5), (175, 34)]),
        Way(id="walk-west", kind="walkway", width_m=3.2, speed_mps=1.2, name=("西景观步道", "West walk"),
            line=smoothed([(96, 34), (96, 62), (97, 86), (101, 122), (97, 157), (95, 190), (95, 224), (95, 238)])),
        Way(id="walk-east", kind="walkway", width_m=3.2, speed_mps=1.2, name=("东景观步道", "East walk"),
            line=smoothed([(252, 34), (252, 62), (252, 86), (248, 122), (252, 156), (253, 190), (253, 224),
                           (253, 238)])),
        Way(id="axis-south", kind="walkway", width_m=5.0, speed_mps=1.2, name=("中轴步道", "Central walk"),
            line=[(175, 34), (175, 86), south]),
        Way(id="axis-garden", kind="walkway", width_m=4.0, speed_mps=1.0,
            line=[south, (CENTRE[0], CENTRE[1] - 12), (CENTRE[0], CENTRE[1] + 12), north]),
        Way(id="axis-north", kind="walkway", width_m=4.0, speed_mps=1.2,
            line=smoothed([north, (175, 196), (172.5, 210), (172.5, 224), (172.5, 238)])),
        Way(id="garden-loop", kind="walkway", width_m=2.6, speed_mps=1.0, line=loop, name=("花园环路", "Garden loop")),
        Way(id="garden-west", kind="walkway", width_m=2.6, speed_mps=1.0, line=[(99.0, 136), west]),
        Way(id="garden-east", kind="walkway", width_m=2.6, speed_mps=1.0, line=[east, (249.5, 136)]),
        Way(id="garden-cross", kind="walkway", width_m=2.6, speed_mps=1.0, line=cross),
        Way(id="garden-fitness", kind="walkway", width_m=2.6, speed_mps=1.0, line=_upright(141.0, cross, loop[:37])),
        Way(id="garden-play", kind="walkway", width_m=2.6, speed_mps=1.0, line=_upright(152.0, cross, loop[36:])),
        Way(id="shop-walk", kind="walkway", width_m=4.0, speed_mps=1.0, name=("商铺步道", "Shop walk"),
            line=smoothed([(60, 34), (60, 24), (76, 23), (150, 23), (175, 23)])),
        Way(id="center-walk", kind="walkway", width_m=4.0, speed_mps=1.0,
            line=smoothed([(175, 23), (200, 24), (256, 24), (266, 26), (266, 34)])),
    )  # fmt: skip


WAYS = _ways()
RING_WIDTH_M = 6.0
RING_NAMES: Mapping[str, tuple[str, str]] = {
    "ring-west": ("环路西段", "Ring road, west"),
    "ring-north": ("环路北段", "Ring road, north"),
    "ring-east": ("环路东段", "Ring road, east"),
    "ring-south": ("环路南段", "Ring road, south"),
}


def ring_sections() -> dict[str, shapely.Polygon]:
    """The ring road in four pieces, each a plain outline."""
    band = shapely.LineString(RING.exterior.coords).buffer(RING_WIDTH_M / 2, quad_segs=4)
    middle, far = RING.centroid, 400.0
    corner = {"sw": (28.0, 34.0), "nw": (28.0, 238.0), "ne": (322.0, 238.0), "se": (322.0, 34.0)}
    ray = {
        name: (middle.x + (x - middle.x) * far / 175, middle.y + (y - middle.y) * far / 175)
        for name, (x, y) in corner.items()
    }
    cut = {"ring-west": ("sw", "nw"), "ring-north": ("nw", "ne"), "ring-east": ("ne", "se"), "ring-south": ("se", "sw")}
    return {
        name: outline(band.intersection(shapely.Polygon([(middle.x, middle.y), ray[a], ray[b]])), tolerance_m=0.03)
        for name, (a, b) in cut.items()
    }


def _blob(at: XY, rx: float, ry: float, waves: tuple[float, float], turned_deg: float) -> shapely.Polygon:
    points = []
    for n in range(48):
        a = math.tau * n / 48
        r = 1 + waves[0] * math.sin(2 * a + 0.7) + waves[1] * math.cos(3 * a)
        points.append((at[0] + rx * r * math.cos(a), at[1] + ry * r * math.sin(a)))
    return affinity.rotate(shapely.Polygon(points), turned_deg, origin=at)


POND = _blob((207.0, 137.0), 16.5, 12.5, (0.1, 0.09), 15.0)
SANDPIT = shapely.Point(142.8, 119.0).buffer(6.5, quad_segs=6)
PLAYGROUND = rounded(rectangle(146.0, 119.0, 26.0, 17.0), 5.0)
FITNESS = rounded(rectangle(141.0, 154.0, 20.0, 13.0), 4.0)
ROUND_PLAZA = shapely.Point(*CENTRE).buffer(12.5, quad_segs=8)
GATE_PLAZA = rounded(shapely.box(150.0, 7.0, 200.0, 31.5), 4.0)
CENTER_PLAZA = rounded(shapely.box(218.0, 20.5, 254.0, 27.5), 2.0)
RAMPS = {
    "ramp-south": (shapely.box(306.0, 46.0, 312.5, 64.0), shapely.box(305.5, 36.5, 313.0, 46.0)),
    "ramp-west": (shapely.box(40.0, 107.0, 58.0, 113.5), shapely.box(30.5, 106.5, 40.0, 114.0)),
}
GATEWAYS = {
    "gateway-south": (shapely.box(166.0, 3.0, 184.0, 7.5), "南门通道", "South gateway"),
    "gateway-east": (shapely.box(341.5, 147.5, 347.0, 156.5), "东门通道", "East gateway"),
}
PARKING = {
    "parking-w1": (shapely.box(19.4, 68.0, 24.9, 128.0), "西侧停车位一", "West parking 1"),
    "parking-w2": (shapely.box(19.4, 162.0, 24.9, 206.0), "西侧停车位二", "West parking 2"),
    "parking-n1": (shapely.box(60.0, 241.1, 150.0, 246.6), "北侧停车位一", "North parking 1"),
    "parking-n2": (shapely.box(196.0, 241.1, 286.0, 246.6), "北侧停车位二", "North parking 2"),
    "parking-e1": (shapely.box(325.1, 72.0, 330.6, 132.0), "东侧停车位一", "East parking 1"),
    "parking-e2": (shapely.box(325.1, 178.0, 330.6, 212.0), "东侧停车位二", "East parking 2"),
}


def draw_ground(sheet: Sheet) -> None:
    """The boundary and zones layers."""
    sheet.polygon("boundary", FENCE, id="boundary")
    paved = _draw_paved(sheet)
    land = FENCE.buffer(-0.8).difference(shapely.union_all(paved).buffer(0.35, join_style="mitre"))
    gardens = pieces(land.buffer(-0.5).buffer(0.5, quad_segs=4), 6.0)
    for n, garden in enumerate(gardens, start=1):
        big = garden.contains(shapely.Point(207.0, 115.0))
        names = ("中心花园", "Central garden") if big else (None, None)
        sheet.polygon(
            "zones", outline(garden, tolerance_m=0.12), id=f"green-{n:02d}", kind="green",
            name_zh=names[0], name_en=names[1],
        )  # fmt: skip
    _draw_closed(sheet)


def _draw_paved(sheet: Sheet) -> list[shapely.Polygon]:
    paved: list[shapely.Polygon] = []

    def zone(zone_id: str, kind: str, shape: shapely.Polygon, zh: str | None = None, en: str | None = None) -> None:
        paved.append(shape)
        sheet.polygon("zones", shape, id=zone_id, kind=kind, name_zh=zh, name_en=en)

    for name, section in ring_sections().items():
        zone(name, "road", section, *RING_NAMES[name])
    for way in WAYS:
        if way.id == "garden-loop":  # a ring has a hole: two halves
            for half, part in (("south", way.line[36:]), ("north", way.line[:37])):
                strip = shapely.LineString(part).buffer(way.width_m / 2, cap_style="flat")
                zone(f"{way.id}-{half}", way.kind, outline(strip, tolerance_m=0.05), *(way.name or ()))
        else:
            zone(way.id, way.kind, way.paved(), *(way.name or ()))
    for name, (_, apron) in RAMPS.items():
        zone(f"{name}-apron", "road", apron)
    for name, (opening, zh, en) in GATEWAYS.items():
        zone(name, "road", outline(opening.intersection(FENCE)), zh, en)
    for name, (bays, zh, en) in PARKING.items():
        zone(name, "parking", bays, zh, en)
    zone("plaza-gate", "plaza", GATE_PLAZA, "南门广场", "South gate plaza")
    zone("plaza-round", "plaza", ROUND_PLAZA, "星河广场", "Xinghe plaza")
    zone("plaza-center", "plaza", CENTER_PLAZA, "社区中心广场", "Community center plaza")
    zone("plaza-play", "plaza", PLAYGROUND, "儿童乐园", "Playground")
    zone("plaza-fitness", "plaza", FITNESS, "健身广场", "Fitness plaza")
    zone("plaza-shops", "plaza", shapely.box(66.0, 19.5, 141.0, 25.0), "商铺门前", "Shop front")
    for tower in TOWERS:
        zone(f"fire-{tower.id}", "fire_lane", tower.fire_lane(), f"{tower.number} 栋北侧消防通道",
             f"North fire lane of building {tower.number}")  # fmt: skip
        for unit in range(1, tower.units + 1):
            zone(f"door-{tower.id}-{unit}", "walkway", tower.doorstep(unit))
    return paved


def _draw_closed(sheet: Sheet) -> None:
    sheet.polygon("zones", POND, id="pond", kind="water", name_zh="星月湖", name_en="Moon pond")
    sheet.polygon(
        "zones", outline(POND.buffer(1.0), tolerance_m=0.05), id="no-go-pond", kind="no_go",
        name_zh="湖岸", name_en="Pond edge",
    )  # fmt: skip
    sheet.polygon("zones", SANDPIT, id="no-go-sandpit", kind="no_go", name_zh="沙坑", name_en="Sandpit")
    for n, (name, (ramp, _)) in enumerate(RAMPS.items(), start=1):
        sheet.polygon("zones", ramp, id=f"no-go-{name}", kind="no_go", name_zh=f"地下车库 {n} 号坡道",
                      name_en=f"Car-park ramp {n}")  # fmt: skip
    yard = next(house for house in HOUSES if house.id == "substation").footprint().buffer(2.0, join_style="mitre")
    sheet.polygon("zones", yard, id="no-go-substation", kind="no_go", name_zh="配电房围栏", name_en="Substation yard")
    sheet.polygon("zones", yard.buffer(6.0, quad_segs=4), id="no-fly-substation", kind="no_fly",
                  name_zh="配电房禁飞区", name_en="No flight over the substation")  # fmt: skip
    sheet.polygon("zones", PLAYGROUND.buffer(6.0, quad_segs=4), id="no-fly-playground",
                  kind="no_fly", name_zh="儿童乐园禁飞区", name_en="No flight over the playground")  # fmt: skip
    sheet.polygon("zones", GATE_PLAZA, id="no-fly-gate", kind="no_fly", ceiling_m=30.0, name_zh="南门广场限高区",
                  name_en="Stay above 30 m over the gate plaza")  # fmt: skip
