"""Compiles a site into the simulator's scene."""

from __future__ import annotations

from collections.abc import Iterable

from maps.bounds import bounds_m
from maps.scene.facades import facade_of
from maps.scene.fence import fence_of, gates_of
from maps.scene.model import (
    XY,
    Outline,
    Scene,
    SceneBuilding,
    SceneDock,
    SceneEntrance,
    SceneGround,
    SceneManhole,
)
from maps.scene.street import bin_points_of, cars_of, lamps_of
from maps.scene.trees import trees_of
from maps.zones import drawn_in_order
from patrol_core.geometry import Point2
from patrol_core.site import Site, ZoneKind


def scene_of(site: Site) -> Scene:
    """The scene of a site."""
    lamps = lamps_of(site)
    return Scene(
        site_id=site.site_id,
        bounds_m=bounds_m(site),
        buildings=tuple(
            SceneBuilding(
                building_id=b.building_id,
                kind=b.kind.value,
                name_zh=b.name.zh,
                outline_m=_outline(b.footprint),
                floors=b.floors,
                floor_height_m=b.floor_height_m,
                height_m=b.height_m,
                entrances=tuple(SceneEntrance(unit=u.unit, at_m=_xy(u.entrance_m)) for u in b.units),
                facade=facade_of(site.site_id, b),
            )
            for b in site.buildings.values()
        ),
        ground=tuple(
            SceneGround(zone_id=z.zone_id, kind=z.kind.value, outline_m=_outline(z.area))
            for z in drawn_in_order(site.zones)
            if z.kind is not ZoneKind.NO_FLY
        ),
        trees=trees_of(site, lamps),
        cars=cars_of(site),
        lamps=lamps,
        bin_points=bin_points_of(site),
        manholes=tuple(
            SceneManhole(spot_id=s.spot_id, at_m=_xy(s.position_m)) for s in site.spots.values() if s.kind == "manhole"
        ),
        docks=tuple(
            SceneDock(dock_id=d.dock_id, at_m=_xy(d.pose.point), heading_rad=d.pose.heading_rad)
            for d in site.docks.values()
        ),
        gates=gates_of(site),
        fence=fence_of(site),
    )


def _xy(point: Point2) -> XY:
    return (round(point.x_m, 3), round(point.y_m, 3))


def _outline(points: Iterable[Point2]) -> Outline:
    return tuple(_xy(point) for point in points)
