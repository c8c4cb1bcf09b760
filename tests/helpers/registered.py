"""Fixed sensors as the registry knows them: imported, named as their ids, somewhere in one building."""

from __future__ import annotations

from mission_planner.incidents.registry.entry import Entry, Origin
from mission_planner.incidents.registry.registry import Registry
from patrol_core.geometry import Point2
from patrol_core.site import Device, DeviceKind, Place, Text


def registered(
    device_id: str,
    kind: DeviceKind,
    *,
    building_id: str = "b1",
    gateway: str = "",
    external_id: str = "",
    unused_after_h: float | None = None,
) -> Entry:
    """One sensor."""
    device = Device(
        device_id=device_id,
        kind=kind,
        name=Text(zh=device_id, en=device_id),
        position_m=Point2(0, 0),
        height_m=0,
        place=Place(building_id=building_id),
    )
    return Entry(
        device=device,
        origin=Origin.IMPORT,
        gateway=gateway,
        external_id=external_id,
        unused_after_h=unused_after_h,
    )


def meters(names: str) -> Registry:
    """A registry of water meters, `m-` and each letter of `names`, in that order."""
    return Registry(registered(f"m-{name}", DeviceKind.WATER_METER) for name in names)
