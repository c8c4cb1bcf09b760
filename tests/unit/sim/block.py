"""A block of four houses with lanes around them, two docks and two robots: enough of a site to drive in."""

from __future__ import annotations

from datetime import UTC, datetime

from patrol_core.geometry import GeoOrigin, Point2, Pose2
from patrol_core.lanes import Lane, LaneGraph
from patrol_core.site import (
    Building,
    Device,
    DeviceKind,
    Dock,
    Place,
    RobotKind,
    Site,
    SiteRobot,
    Text,
    Unit,
    Viewpoint,
)

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def _text(name: str) -> Text:
    return Text(zh=name, en=name)


def block_site() -> Site:
    """Lanes on a grid of 30 m, a house of 20 m by 20 m in the middle of each of the four fields."""
    nodes = {f"n{i}{j}": Point2(30.0 * i, 30.0 * j) for i in range(3) for j in range(3)}
    lanes: list[Lane] = []
    for i in range(3):
        for j in range(3):
            for di, dj in ((1, 0), (0, 1)):
                a, b = f"n{i}{j}", f"n{i + di}{j + dj}"
                if b in nodes:
                    for start, end in ((a, b), (b, a)):
                        lanes.append(
                            Lane(lane_id=f"{start}-{end}", start=start, end=end, line=(nodes[start], nodes[end]))
                        )
    buildings = {}
    for i in range(2):
        for j in range(2):
            x_m, y_m = 30.0 * i + 5, 30.0 * j + 5
            key = f"b{2 * i + j + 1}"
            buildings[key] = Building(
                building_id=key,
                name=_text(key),
                footprint=(
                    Point2(x_m, y_m),
                    Point2(x_m + 20, y_m),
                    Point2(x_m + 20, y_m + 20),
                    Point2(x_m, y_m + 20),
                ),
                floors=18,
                floor_height_m=2.9,
                units=(Unit(unit="1", flats_per_floor=4, entrance_m=Point2(x_m + 10, y_m)),),
            )
    return Site(
        site_id="block",
        name=_text("block"),
        timezone="Asia/Shanghai",
        origin=GeoOrigin(lat_deg=31.2, lon_deg=121.4),
        buildings=buildings,
        zones=(),
        lanes=LaneGraph(nodes=nodes, lanes=tuple(lanes)),
        viewpoints={
            "vp-1": Viewpoint(
                viewpoint_id="vp-1", name=_text("1"), pose=Pose2(x_m=45.0, y_m=2.0, heading_rad=1.57), looks_at="b3"
            )
        },
        docks={
            "dock-1": Dock(dock_id="dock-1", name=_text("1"), pose=Pose2(x_m=-2.0, y_m=15.0, heading_rad=3.14)),
            "dock-2": Dock(dock_id="dock-2", name=_text("2"), pose=Pose2(x_m=-2.0, y_m=18.0, heading_rad=3.14)),
        },
        devices={
            f"smoke-{key}": Device(
                device_id=f"smoke-{key}",
                kind=DeviceKind.SMOKE,
                name=_text(key),
                position_m=Point2(building.footprint[0].x_m + 3, building.footprint[0].y_m + 1),
                height_m=7.0,
                place=Place(building_id=key, unit="1", floor=3, flat="0301"),
            )
            for key, building in buildings.items()
        },
        cameras={},
        spots={},
        robots={
            f"r{i}": SiteRobot(robot_id=f"r{i}", name=_text(f"r{i}"), kind=RobotKind.GROUND, dock_id=f"dock-{i}")
            for i in (1, 2)
        },
    )
