"""What stands where: robots keep clear of buildings, water and no-go zones, and all is inside the fence."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.ops import nearest_points

from maps import shapes
from maps.checks.obstacles import Obstacles, sidestep
from maps.directions import way
from maps.reading.draft import Draft
from patrol_core.geometry import Point2

OVERLAP_M2 = 0.05  # buildings that share a wall touch by rounding
OUTSIDE_M = 0.5  # things hang on the fence


def check(draft: Draft, closed: Obstacles) -> None:
    """Overlapping buildings, viewpoints and docks in closed ground, lanes through it, anything beyond the fence."""
    _check_buildings(draft)
    for feature_id, position_m in _stands(draft):
        obstacle = closed.around(position_m)
        if obstacle is not None:
            draft.wrong(
                feature_id,
                expected=f"a point outside {'buildings' if obstacle.is_building else 'water and no-go zones'}",
                came=f"one inside {obstacle.label}{closed.way_out(position_m)}",
            )
    for lane in draft.lanes.values():
        for obstacle in closed.across(lane.line):
            inside = shapes.linestring(lane.line).intersection(obstacle.area)
            if inside.length > 0.0:
                draft.wrong(
                    lane.lane_id,
                    expected="a lane clear of buildings, water and no-go zones",
                    came=f"{inside.length:.1f} m of it through {obstacle.label}{sidestep(obstacle, inside)}",
                )
    _check_fence(draft)


def _check_buildings(draft: Draft) -> None:
    buildings = list(draft.buildings.values())
    areas = [shapes.polygon(building.footprint) for building in buildings]
    tree = shapely.STRtree(areas)
    for n, (building, area) in enumerate(zip(buildings, areas, strict=True)):
        for other in sorted(tree.query(area, predicate="intersects")):
            shared_m2 = area.intersection(areas[other]).area if other < n else 0.0
            if shared_m2 > OVERLAP_M2:
                draft.wrong(
                    building.building_id,
                    expected="ground of its own",
                    came=f'{shared_m2:.1f} m² shared with building "{buildings[other].building_id}"',
                )


def _check_fence(draft: Draft) -> None:
    if draft.boundary is None:
        return
    fence = shapes.polygon(draft.boundary)
    shapely.prepare(fence)
    points: list[tuple[str, Point2]] = [
        *_stands(draft),
        *draft.nodes.items(),
        *((d.device_id, d.position_m) for d in draft.devices.values()),
        *((c.camera_id, c.pose.point) for c in draft.cameras.values()),
        *((s.spot_id, s.position_m) for s in draft.spots.values()),
        *((b.building_id, corner) for b in draft.buildings.values() for corner in b.footprint),
    ]
    noted: set[str] = set()
    for feature_id, position_m in points:
        pin = shapes.pin(position_m)
        if feature_id in noted or fence.contains(pin) or fence.distance(pin) <= OUTSIDE_M:
            continue
        noted.add(feature_id)
        inside = nearest_points(fence, pin)[0]
        draft.wrong(
            feature_id,
            expected="a place inside the boundary",
            came=f"one outside; the boundary is {way(position_m, Point2(inside.x, inside.y))}",
        )


def _stands(draft: Draft) -> Iterable[tuple[str, Point2]]:
    yield from ((v.viewpoint_id, v.pose.point) for v in draft.viewpoints.values())
    yield from ((d.dock_id, d.pose.point) for d in draft.docks.values())
