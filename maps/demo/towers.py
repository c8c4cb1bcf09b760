"""The buildings of the demo site: ten residential towers, a shop row, gatehouses, community centre, substation."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely import affinity

from maps.demo.sheet import XY, Sheet, outline, rectangle

FLOOR_HEIGHT_M = 3.0
SLAB_DEPTH_M = 12.0
CORE_NORTH_M = 7.6  # the stair core stands out of the north wall; entrances are in its face
POINT_CORE_NORTH_M = 9.0
FIRE_LANE_M = (5.4, 11.4)  # near and far edge, from the stair core: Chinese code asks for 5 to 10 m from the wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Tower:
    """A residential building. Its own frame: x along the front, y north through the entrances."""

    number: int
    at: XY
    turned_deg: float  # counter-clockwise
    units: int
    unit_length_m: float
    floors: int
    flats: int  # on each floor of each unit

    @property
    def id(self) -> str:
        return f"b{self.number}"

    @property
    def length_m(self) -> float:
        return self.units * self.unit_length_m

    @property
    def core_north_m(self) -> float:
        return POINT_CORE_NORTH_M if self.units == 1 else CORE_NORTH_M

    def placed(self, shape: shapely.Polygon) -> shapely.Polygon:
        """A shape of the tower's frame, in the site frame."""
        turned = affinity.rotate(shape, self.turned_deg, origin=(0.0, 0.0))
        return affinity.translate(turned, *self.at)

    def spot(self, x_m: float, y_m: float) -> XY:
        """A point of the tower's frame, in the site frame."""
        point = affinity.translate(affinity.rotate(shapely.Point(x_m, y_m), self.turned_deg, origin=(0, 0)), *self.at)
        return point.x, point.y

    def unit_x_m(self, unit: int) -> float:
        """Middle of a unit (1, 2, …; unit 1 is the western one) in the tower's frame."""
        return (unit - 0.5) * self.unit_length_m - self.length_m / 2

    def entrance(self, unit: int) -> XY:
        return self.spot(self.unit_x_m(unit), self.core_north_m)

    def flat_spot(self, unit: int, flat: int, *, kitchen: bool = False) -> XY:
        """A point in a flat: the living room in the south, the kitchen in the north."""
        x_m = self.unit_x_m(unit) - self.unit_length_m / 2 + (flat - 0.5) * self.unit_length_m / self.flats
        return self.spot(x_m, 3.6 if kitchen else -3.2)

    def lift(self, unit: int) -> XY:
        return self.spot(self.unit_x_m(unit) - 1.4, 4.4)

    def footprint(self) -> shapely.Polygon:
        parts = []
        for unit in range(1, self.units + 1):
            x_m, half_m = self.unit_x_m(unit), self.unit_length_m / 2
            parts.append(shapely.box(x_m - half_m, -6.0, x_m + half_m, 6.0))
            parts.append(shapely.box(x_m - 0.82 * half_m, -7.4, x_m - 0.3 * half_m, -6.0))  # south balconies
            parts.append(shapely.box(x_m + 0.3 * half_m, -7.4, x_m + 0.82 * half_m, -6.0))
            wide_m = 7.0 if self.units == 1 else 3.2
            parts.append(shapely.box(x_m - wide_m, 6.0, x_m + wide_m, self.core_north_m))
        return self.placed(outline(shapely.union_all(parts), tolerance_m=0.01))

    def fire_lane(self) -> shapely.Polygon:
        near_m, far_m = (self.core_north_m + edge_m for edge_m in FIRE_LANE_M)
        return self.placed(shapely.box(-self.length_m / 2 - 1.0, near_m, self.length_m / 2 + 1.0, far_m))

    def fire_axis(self) -> list[XY]:
        """Middle of the fire lane, from west to east: the inner road runs along it."""
        y_m = self.core_north_m + sum(FIRE_LANE_M) / 2
        return [self.spot(-self.length_m / 2 - 3.0, y_m), self.spot(self.length_m / 2 + 3.0, y_m)]

    def doorstep(self, unit: int) -> shapely.Polygon:
        """The paved way from an entrance to the fire lane."""
        x_m = self.unit_x_m(unit)
        return self.placed(shapely.box(x_m - 1.6, self.core_north_m, x_m + 1.6, self.core_north_m + FIRE_LANE_M[0]))


TOWERS = (
    Tower(number=1, at=(66.0, 71.0), turned_deg=5.0, units=2, unit_length_m=19.0, floors=18, flats=2),
    Tower(number=2, at=(127.0, 66.0), turned_deg=2.0, units=2, unit_length_m=20.0, floors=26, flats=3),
    Tower(number=3, at=(222.0, 65.0), turned_deg=-1.5, units=2, unit_length_m=20.0, floors=28, flats=3),
    Tower(number=4, at=(281.0, 70.0), turned_deg=-6.0, units=2, unit_length_m=18.0, floors=18, flats=2),
    Tower(number=5, at=(65.0, 139.0), turned_deg=3.0, units=1, unit_length_m=25.0, floors=33, flats=4),
    Tower(number=6, at=(285.0, 137.0), turned_deg=-3.0, units=1, unit_length_m=25.0, floors=33, flats=4),
    Tower(number=7, at=(63.0, 203.0), turned_deg=-4.0, units=2, unit_length_m=19.0, floors=24, flats=2),
    Tower(number=8, at=(131.0, 209.0), turned_deg=-1.0, units=3, unit_length_m=17.0, floors=27, flats=2),
    Tower(number=9, at=(214.0, 208.0), turned_deg=1.5, units=3, unit_length_m=17.0, floors=25, flats=2),
    Tower(number=10, at=(284.0, 202.0), turned_deg=5.0, units=2, unit_length_m=19.0, floors=22, flats=2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A building that nobody lives in."""

    id: str
    kind: str
    zh: str
    en: str
    at: XY
    size: XY  # along x, along y, metres
    floors: int = 1
    floor_height_m: float = 3.6
    door_north: bool = True

    def footprint(self) -> shapely.Polygon:
        return rectangle(*self.at, *self.size)

    def door(self) -> XY:
        return self.at[0], self.at[1] + self.size[1] / 2 * (1 if self.door_north else -1)


_SHOPS = (
    ("便民超市", "Convenience store"),
    ("早餐铺", "Breakfast shop"),
    ("大药房", "Pharmacy"),
    ("理发店", "Barber"),
    ("鲜果店", "Fruit shop"),
    ("快递驿站", "Parcel station"),
)

HOUSES = (
    *(
        House(id=f"shop-{n}", kind="shop", zh=zh, en=en, at=(73.0 + 12.2 * (n - 1), 14.5), size=(12.0, 10.0))
        for n, (zh, en) in enumerate(_SHOPS, start=1)
    ),
    House(id="gatehouse-s", kind="gatehouse", zh="南门岗亭", en="South gatehouse", at=(184.5, 9.5), size=(5.0, 4.4)),
    House(id="gatehouse-e", kind="gatehouse", zh="东门岗亭", en="East gatehouse", at=(339.0, 163.5), size=(4.4, 5.0),
          door_north=False),
    House(id="center", kind="center", zh="社区服务中心", en="Community center", at=(236.0, 14.5), size=(42.0, 12.0),
          floors=3, floor_height_m=4.0),
    House(id="substation", kind="service", zh="配电房", en="Substation", at=(337.0, 52.0), size=(7.0, 9.0),
          floor_height_m=4.2),
)  # fmt: skip


def draw_buildings(sheet: Sheet) -> None:
    """The buildings layer."""
    for tower in TOWERS:
        units = [
            {"unit": str(unit), "flats_per_floor": tower.flats, "entrance": sheet.lon_lat(*tower.entrance(unit))}
            for unit in range(1, tower.units + 1)
        ]
        sheet.polygon(
            "buildings", tower.footprint(), id=tower.id, kind="tower", name_zh=f"{tower.number} 栋",
            name_en=f"Building {tower.number}", floors=tower.floors, floor_height_m=FLOOR_HEIGHT_M, units=units,
        )  # fmt: skip
    for house in HOUSES:
        door = [{"unit": "1", "flats_per_floor": 0, "entrance": sheet.lon_lat(*house.door())}]
        sheet.polygon(
            "buildings", house.footprint(), id=house.id, kind=house.kind, name_zh=house.zh, name_en=house.en,
            floors=house.floors, floor_height_m=house.floor_height_m,
            units=door if house.kind == "center" else None,
        )  # fmt: skip
