"""Which zone counts where several lie over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patrol_core.site import Zone, ZoneKind

# A later kind lies on an earlier one: a fire lane is painted on a road, a no-go zone closes whatever it covers.
ORDER: Mapping[ZoneKind, int] = {
    kind: rank
    for rank, kind in enumerate(
        (
            ZoneKind.GREEN,
            ZoneKind.PARKING,
            ZoneKind.ROAD,
            ZoneKind.WALKWAY,
            ZoneKind.PLAZA,
            ZoneKind.FIRE_LANE,
            ZoneKind.WATER,
            ZoneKind.NO_GO,
            ZoneKind.NO_FLY,
        )
    )
}
DRIVABLE = (ZoneKind.WALKWAY, ZoneKind.ROAD, ZoneKind.PLAZA, ZoneKind.FIRE_LANE)
CLOSED = (ZoneKind.NO_GO, ZoneKind.WATER)  # to robots on wheels


def drawn_in_order(zones: Iterable[Zone]) -> list[Zone]:
    """Zones from the lowest to the topmost."""
    return sorted(zones, key=lambda zone: ORDER[zone.kind])
