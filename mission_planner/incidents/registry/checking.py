"""A row of a file as a registered device, or everything that is wrong with it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from mission_planner.incidents.registry import phrases
from mission_planner.incidents.registry.entry import Entry, Origin
from mission_planner.incidents.registry.problems import Problem
from mission_planner.incidents.registry.rows import MAX_CELL_CHARS, Row
from patrol_core.geometry import Point2
from patrol_core.site import Building, Device, DeviceKind, Place, Site, Text

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
EXTERNAL_ID = re.compile(r"[^\x00-\x1f+#]{1,128}")
FARTHEST_M = 20_000.0  # from the site's origin: further away is a typing error
DEFAULT_HEIGHT_M = 0.0
_KINDS = {kind.value: kind for kind in DeviceKind}
_MAX_H = 24.0 * 366


class Checker:
    """Checks row after row, and remembers ids, so that none comes twice."""

    def __init__(self, site: Site, taken_external: Callable[[str], str | None]) -> None:
        """`taken_external` says whose an external id is in the registry, None for nobody's."""
        self._site = site
        self._taken_external = taken_external
        self._lines: dict[str, int] = {}
        self._externals: dict[str, int] = {}
        self._centres = {b.building_id: _centre(b) for b in site.buildings.values()}

    def entry(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """The device of a row, or what is wrong with it."""
        wrong: list[Problem] = []
        cells = row.cells

        def bad(column: str, expected: Text, came: Text | None = None) -> None:
            shown = phrases.shown(cells[column]) if came is None and column in cells else came or phrases.NOTHING
            wrong.append(Problem(row.line_of(column), column, expected, shown))

        for column, cell in cells.items():
            if len(cell) > MAX_CELL_CHARS or not cell.isprintable():
                bad(column, phrases.at_most_characters(MAX_CELL_CHARS), phrases.characters(len(cell)))
        if wrong:
            return None, wrong
        device_id = cells.get("id", "")
        if not ID.fullmatch(device_id):
            bad("id", phrases.ID)
        elif (first := self._lines.setdefault(device_id, row.line)) != row.line:
            bad("id", phrases.ID_ONCE, phrases.also_in(device_id, first))
        kind = _KINDS.get(cells.get("kind", ""))
        if kind is None:
            bad("kind", phrases.one_of(tuple(_KINDS), cells.get("kind", "")))
        zh, en = cells.get("name_zh", ""), cells.get("name_en", "")
        if not zh and not en:
            bad("name_zh", phrases.NAME)
        external_id = cells.get("external_id", "")
        if external_id:
            self._check_external(row, device_id, external_id, bad)
        gateway = cells.get("gateway", "")
        if gateway and not ID.fullmatch(gateway):
            bad("gateway", phrases.GATEWAY)
        place = self._place(cells.get, bad)
        position = self._position(cells.get, place, bad)
        height = _number(cells.get, "height_m", bad, low=-50, high=500)
        silent = _number(cells.get, "silent_after_h", bad, low=0.1, high=_MAX_H)
        unused = _number(cells.get, "unused_after_h", bad, low=0, high=_MAX_H)
        if wrong or kind is None or position is None:
            return None, wrong
        device = Device(
            device_id=device_id,
            kind=kind,
            name=Text(zh=zh or en, en=en or zh),
            position_m=position,
            height_m=self._height(place) if height is None else height,
            place=place,
        )
        return (
            Entry(
                device=device,
                origin=Origin.IMPORT,
                external_id=external_id,
                gateway=gateway,
                silent_after_h=silent,
                unused_after_h=unused,
            ),
            wrong,
        )

    def _check_external(self, row: Row, device_id: str, external_id: str, bad: Callable[..., None]) -> None:
        if not EXTERNAL_ID.fullmatch(external_id):
            bad("external_id", phrases.EXTERNAL_ID)
        elif (first := self._externals.setdefault(external_id, row.line)) != row.line:
            bad("external_id", phrases.EXTERNAL_ID_ONCE, phrases.also_in(external_id, first))
        elif (owner := self._taken_external(external_id)) is not None and owner != device_id:
            bad("external_id", phrases.EXTERNAL_ID_OWN, phrases.owned(external_id, owner))

    def _place(self, cell: Callable[[str], str | None], bad: Callable[..., None]) -> Place:
        building_id, unit, flat = cell("building"), cell("unit"), cell("flat")
        floor = _number(cell, "floor", bad, low=-20, high=200, whole=True)
        building = self._site.buildings.get(building_id) if building_id else None
        if building_id and building is None:
            bad("building", phrases.building_of(self._site.site_id, self._site.buildings))
        if building is None and not building_id:
            for column in ("unit", "flat"):
                if cell(column):
                    bad(column, phrases.WITH_BUILDING, phrases.NONE)
        if building is not None and unit and building.units and unit not in {u.unit for u in building.units}:
            bad("unit", phrases.unit_of(building.building_id, (u.unit for u in building.units)))
        if building is not None and floor is not None and floor > building.floors:
            bad("floor", phrases.floor_of(building.building_id, building.floors))
        spot_zh, spot_en = cell("spot_zh") or "", cell("spot_en") or ""
        spot = Text(zh=spot_zh or spot_en, en=spot_en or spot_zh) if spot_zh or spot_en else None
        if floor is None and flat and flat[:-2].isdigit():
            floor = int(flat[:-2])  # "1203" is on floor 12
        return Place(
            building_id=building_id, unit=unit, floor=None if floor is None else int(floor), flat=flat, spot=spot
        )

    def _position(self, cell: Callable[[str], str | None], place: Place, bad: Callable[..., None]) -> Point2 | None:
        """As given; else the middle of its building."""
        x_m, y_m = _number(cell, "x_m", bad), _number(cell, "y_m", bad)
        lat, lon = _number(cell, "lat", bad, low=-90, high=90), _number(cell, "lon", bad, low=-180, high=180)
        if (x_m is None) != (y_m is None):
            bad("x_m" if x_m is None else "y_m", phrases.BOTH_METRES, phrases.ONE_OF_THEM)
        if (lat is None) != (lon is None):
            bad("lat" if lat is None else "lon", phrases.BOTH_DEGREES, phrases.ONE_OF_THEM)
        if x_m is not None and lat is not None:
            bad("lat", phrases.EITHER, phrases.BOTH)
        point: Point2 | None = None
        if x_m is not None and y_m is not None:
            point = Point2(x_m, y_m)
        elif lat is not None and lon is not None:
            point = self._site.origin.to_map(lon, lat)
        elif place.building_id in self._centres:
            return self._centres[place.building_id]
        elif not place.building_id and not any(cell(c) for c in ("x_m", "y_m", "lat", "lon")):
            bad("lat", phrases.POSITION, phrases.NEITHER)
        if point is not None and math.hypot(point.x_m, point.y_m) > FARTHEST_M:
            bad("x_m" if x_m is not None else "lat", phrases.within(FARTHEST_M / 1000))
            return None
        return point

    def _height(self, place: Place) -> float:
        building = self._site.buildings.get(place.building_id or "")
        if building is None or place.floor is None:
            return DEFAULT_HEIGHT_M
        return max(0.0, (place.floor - 1) * building.floor_height_m)


def _number(
    cell: Callable[[str], str | None],
    column: str,
    bad: Callable[..., None],
    *,
    low: float = -math.inf,
    high: float = math.inf,
    whole: bool = False,
) -> float | None:
    text = cell(column)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not low <= value <= high or (whole and value != int(value)):
        ends = (low, high) if math.isfinite(low) else (None, None)
        bad(column, phrases.number(whole=whole, low=ends[0], high=ends[1]))
        return None
    return value


def _centre(building: Building) -> Point2:
    outline = building.footprint
    return Point2(sum(p.x_m for p in outline) / len(outline), sum(p.y_m for p in outline) / len(outline))
