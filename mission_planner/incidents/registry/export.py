"""The registry as a file that an import takes: CSV with every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from mission_planner.incidents.registry.entry import Entry
from mission_planner.incidents.registry.registry import Registry
from mission_planner.incidents.registry.rows import COLUMNS

_WRITTEN = tuple(name for name in COLUMNS if name not in ("lat", "lon"))
_AT_ONCE = 1_000


def csv_of(registry: Registry) -> Iterator[str]:
    """Pieces of the file, devices by id; positions in site metres."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _WRITTEN, lineterminator="\n")
    writer.writeheader()
    for number, position in enumerate(registry.sorted_positions(), 1):
        writer.writerow(cells_of(registry.entry_at(int(position))))
        if number % _AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def cells_of(entry: Entry) -> dict[str, object]:
    """One device; None where there is nothing."""
    device, place = entry.device, entry.device.place
    return {
        "id": device.device_id,
        "kind": device.kind.value,
        "name_zh": device.name.zh,
        "name_en": device.name.en,
        "building": place.building_id,
        "unit": place.unit,
        "floor": place.floor,
        "flat": place.flat,
        "spot_zh": place.spot.zh if place.spot else None,
        "spot_en": place.spot.en if place.spot else None,
        "x_m": device.position_m.x_m,
        "y_m": device.position_m.y_m,
        "height_m": device.height_m,
        "external_id": entry.external_id or None,
        "gateway": entry.gateway or None,
        "silent_after_h": entry.silent_after_h,
        "unused_after_h": entry.unused_after_h,
    }


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
