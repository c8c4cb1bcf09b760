"""Places as people say them: unit, floor and flat must exist in the building they are said to be in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from maps import shapes
from maps.directions import way
from maps.reading.draft import Draft
from patrol_core.geometry import Point2
from patrol_core.site import Building, Place

BESIDE_M = 6.0  # a device "of a building" hangs in it or on its wall


def check(draft: Draft) -> None:
    """Each device and spot that names a building, and each unit's entrance."""
    for feature_id, place, position_m in draft.placed():
        building = draft.buildings.get(place.building_id or "")
        if building is not None:
            _check_place(_Case(draft, feature_id, building), place, position_m)
        elif place.building_id is None and (place.unit or place.floor or place.flat):
            draft.wrong(feature_id, expected="a building with a unit, floor or flat", came="none")
    for device in draft.devices.values():
        building = draft.buildings.get(device.place.building_id or "")
        if building is not None and not -6.0 <= device.height_m <= building.height_m + 6.0:
            draft.wrong(
                device.device_id,
                expected=f'height_m within building "{building.building_id}" ({building.height_m:.1f} m high)',
                came=f"{device.height_m:g}",
            )
    for building in draft.buildings.values():
        for unit in building.units:
            _check_near(
                _Case(draft, building.building_id, building), f"the entrance of unit {unit.unit}", unit.entrance_m
            )


@dataclass(frozen=True, slots=True)
class _Case:
    """A feature held against the building it names."""

    draft: Draft
    feature_id: str
    building: Building

    def wrong(self, *, expected: str, came: str) -> None:
        self.draft.wrong(self.feature_id, expected=expected, came=came)

    @property
    def called(self) -> str:
        return f'building "{self.building.building_id}"'


def _check_place(case: _Case, place: Place, position_m: Point2) -> None:
    building = case.building
    units = {unit.unit: unit for unit in building.units}
    if place.unit is not None and place.unit not in units:
        known = f"({', '.join(sorted(units))})" if units else "(it has none)"
        case.wrong(expected=f"a unit of {case.called} {known}", came=f'"{place.unit}"')
        return
    if place.floor is not None and place.floor > building.floors:
        case.wrong(expected=f"floor 1 to {building.floors} of {case.called}", came=f"{place.floor}")
    if place.flat is not None:
        _check_flat(
            case, place, max((u.flats_per_floor for u in units.values() if place.unit in (None, u.unit)), default=0)
        )
    _check_near(case, "a point in or at it", position_m)


def _check_flat(case: _Case, place: Place, flats_per_floor: int) -> None:
    match = re.fullmatch(r"(\d{1,2})(\d{2})", place.flat or "")
    if match is None:
        case.wrong(expected='a flat as floor and two digits, such as "1203"', came=f'"{place.flat}"')
        return
    floor, number = int(match[1]), int(match[2])
    if place.floor is not None and floor != place.floor:
        case.wrong(expected=f"a flat of floor {place.floor}", came=f'"{place.flat}"')
    elif not 1 <= floor <= case.building.floors:
        case.wrong(expected=f"a flat on floor 1 to {case.building.floors} of {case.called}", came=f'"{place.flat}"')
    elif not 1 <= number <= flats_per_floor:
        case.wrong(expected=f"flat 01 to {flats_per_floor:02d} of a floor of {case.called}", came=f'"{place.flat}"')


def _check_near(case: _Case, what: str, position_m: Point2) -> None:
    wall = shapes.polygon(case.building.footprint)
    distance_m = wall.distance(shapes.pin(position_m))
    if distance_m > BESIDE_M:
        nearest = wall.exterior.interpolate(wall.exterior.project(shapes.pin(position_m)))
        case.wrong(
            expected=f"{what} within {BESIDE_M:g} m of {case.called}",
            came=f"a point {distance_m:.1f} m away; its wall is {way(position_m, Point2(nearest.x, nearest.y))}",
        )
