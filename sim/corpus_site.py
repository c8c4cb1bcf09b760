"""A community of 400,000 fixed sensors: towers, staircases, floors, flats, and what hangs in each. Pure.

No table of them is kept: an id says what a sensor is and where, so that a whole community costs no memory.
Id: `<tower>-<staircase>-<floor>-<flat>-<what>`, "t03-2-17-04-smoke1"; flat 00 is the landing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from patrol_core.geometry import GeoOrigin, Point2
from patrol_core.lanes import LaneGraph
from patrol_core.site import Building, Device, DeviceKind, Place, Site, Text, Unit

FLOOR_M = 3.0
ROOM_M, FLAT_M, STAIRCASE_M, TOWER_M = 4.0, 10.0, 40.0, 140.0  # from one to the next
_K = DeviceKind
IN_A_FLAT: Mapping[str, DeviceKind] = {
    "smoke1": _K.SMOKE,
    "smoke2": _K.SMOKE,
    "smoke3": _K.SMOKE,
    "smoke4": _K.SMOKE,
    "co1": _K.CO,
    "gas1": _K.GAS,
    "fuse1": _K.ELECTRICAL_FIRE,
    "water1": _K.WATER_METER,
    "leak1": _K.FLOOD,
    "leak2": _K.FLOOD,
    "leak3": _K.FLOOD,
    "door1": _K.DOOR_MAGNET,
    "door2": _K.DOOR_MAGNET,
    "door3": _K.DOOR_MAGNET,
    "sos1": _K.SOS_BUTTON,
    "sos2": _K.SOS_BUTTON,
    "band1": _K.WRISTBAND_GATEWAY,
    "band2": _K.WRISTBAND_GATEWAY,
}
ON_A_LANDING: Mapping[str, DeviceKind] = {"smoke1": _K.SMOKE, "leak1": _K.FLOOD}
IN_A_STAIRCASE: Mapping[str, DeviceKind] = {"lift1": _K.ELEVATOR}  # floor 0
IN_A_TOWER: Mapping[str, DeviceKind] = {"mains1": _K.POWER}  # staircase 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """How large it is; the default has 400,000 sensors and some."""

    towers: int = 19
    staircases: int = 6
    floors: int = 33
    flats: int = 6  # on each floor of a staircase

    @property
    def sensors(self) -> int:
        """How many there are."""
        a_staircase = self.floors * (self.flats * len(IN_A_FLAT) + len(ON_A_LANDING)) + len(IN_A_STAIRCASE)
        return self.towers * (self.staircases * a_staircase + len(IN_A_TOWER))


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One flat; flat 0 is the landing of its floor."""

    tower: int  # all from 1
    staircase: int
    floor: int
    flat: int

    def sensor(self, what: str) -> str:
        """The id of one of its sensors."""
        return f"t{self.tower:02d}-{self.staircase}-{self.floor:02d}-{self.flat:02d}-{what}"


class Sensors(Mapping[str, Device]):
    """Every sensor of an estate, made when it is asked for."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def __getitem__(self, device_id: str) -> Device:
        found = device_of(device_id, self._estate)
        if found is None:
            raise KeyError(device_id)
        return found

    def __len__(self) -> int:
        return self._estate.sensors

    def __iter__(self) -> Iterator[str]:
        e = self._estate
        for tower in range(1, e.towers + 1):
            yield from (Home(tower=tower, staircase=0, floor=0, flat=0).sensor(w) for w in IN_A_TOWER)
            for staircase in range(1, e.staircases + 1):
                yield from (Home(tower=tower, staircase=staircase, floor=0, flat=0).sensor(w) for w in IN_A_STAIRCASE)
                for floor in range(1, e.floors + 1):
                    for flat in range(e.flats + 1):
                        home = Home(tower=tower, staircase=staircase, floor=floor, flat=flat)
                        yield from (home.sensor(w) for w in (IN_A_FLAT if flat else ON_A_LANDING))


def device_of(device_id: str, estate: Estate) -> Device | None:
    """The sensor of this id; None where the estate has no such place or thing."""
    try:
        tower_text, staircase_text, floor_text, flat_text, what = device_id.split("-")
        home = Home(
            tower=int(tower_text.removeprefix("t")),
            staircase=int(staircase_text),
            floor=int(floor_text),
            flat=int(flat_text),
        )
    except ValueError:
        return None
    kind = _things(home, estate).get(what)
    if kind is None or home.sensor(what) != device_id:
        return None
    return Device(
        device_id=device_id,
        kind=kind,
        name=Text(zh=what, en=what),
        position_m=_position(home, what),
        height_m=home.floor * FLOOR_M,
        place=Place(
            building_id=f"t{home.tower:02d}",
            unit=str(home.staircase) if home.staircase else None,
            floor=home.floor or None,
            flat=f"{home.floor}{home.flat:02d}" if home.flat else None,
        ),
    )


def estate_site(estate: Estate, *, site_id: str = "corpus") -> Site:
    """The estate as a site: buildings and sensors, nothing that drives."""
    towers = {f"t{n:02d}": _tower(n, estate) for n in range(1, estate.towers + 1)}
    return Site(
        site_id=site_id,
        name=Text(zh="语料小区", en="Corpus estate"),
        timezone="Asia/Shanghai",
        origin=GeoOrigin(lat_deg=31.2, lon_deg=121.4),
        buildings=towers,
        zones=(),
        lanes=LaneGraph(nodes={}, lanes=()),
        viewpoints={},
        docks={},
        devices=Sensors(estate),
        cameras={},
        spots={},
    )


def _things(home: Home, estate: Estate) -> Mapping[str, DeviceKind]:
    if not 1 <= home.tower <= estate.towers:
        return {}
    if home.staircase == 0:
        return IN_A_TOWER if home.floor == home.flat == 0 else {}
    if not 1 <= home.staircase <= estate.staircases:
        return {}
    if home.floor == 0:
        return IN_A_STAIRCASE if home.flat == 0 else {}
    if not 1 <= home.floor <= estate.floors or not 0 <= home.flat <= estate.flats:
        return {}
    return IN_A_FLAT if home.flat else ON_A_LANDING


def _position(home: Home, what: str) -> Point2:
    """Flats in two rows beside the landing; rooms lie nearer to the next flat than to the far end of their own."""
    across = math.ceil(home.flat / 2)
    side = -1.0 if home.flat % 2 else 1.0
    room = sum(map(ord, what)) % 3
    return Point2(
        x_m=(home.tower % 5) * TOWER_M * 2 + home.staircase * STAIRCASE_M + across * FLAT_M + room * ROOM_M,
        y_m=(home.tower // 5) * TOWER_M + (side * FLAT_M / 2 if home.flat else 0.0),
    )


def _tower(number: int, estate: Estate) -> Building:
    corner = _position(Home(tower=number, staircase=0, floor=0, flat=0), "")
    long_m = (estate.staircases + 1) * STAIRCASE_M
    corners = ((0.0, -8.0), (long_m, -8.0), (long_m, 8.0), (0.0, 8.0))
    footprint = tuple(Point2(corner.x_m + dx, corner.y_m + dy) for dx, dy in corners)
    return Building(
        building_id=f"t{number:02d}",
        name=Text(zh=f"{number} 栋", en=f"Building {number}"),
        footprint=footprint,
        floors=estate.floors,
        floor_height_m=FLOOR_M,
        units=tuple(
            Unit(
                unit=str(n),
                flats_per_floor=estate.flats,
                entrance_m=Point2(corner.x_m + n * STAIRCASE_M, corner.y_m - 8),
            )
            for n in range(1, estate.staircases + 1)
        ),
    )
