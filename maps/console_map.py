"""The console's map: one GeoJSON FeatureCollection in WGS84 for MapLibre; `properties.layer` says what is what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from maps.bounds import bounds_m
from maps.directions import bearing_deg
from maps.zones import ORDER, drawn_in_order
from patrol_core.geometry import Point2, Pose2
from patrol_core.site import Place, Site, Text

DIGITS = 7  # 1.1 cm

Feature = dict[str, Any]


def console_map_of(site: Site) -> dict[str, Any]:
    """A FeatureCollection with `bbox` (west, south, east, north) and a member `site`.

    Each feature has `id` and `properties`: `layer` (boundary, building, zone, lane, viewpoint, dock, device, camera,
    spot, robot_home), `id`, `name_zh`, `name_en` where it has a name, and what belongs to its layer. Both lanes of a
    two-way pair are one feature with `two_way` true. Headings are `bearing_deg`, clockwise from north, as MapLibre's
    `icon-rotate` has them.
    """
    west_m, south_m, east_m, north_m = bounds_m(site)
    west, south = _position(site, Point2(west_m, south_m))
    east, north = _position(site, Point2(east_m, north_m))
    return {
        "type": "FeatureCollection",
        "bbox": [west, south, east, north],
        "site": {
            "id": site.site_id,
            **_names(site.name),
            "timezone": site.timezone,
            "origin": {"lat": site.origin.lat_deg, "lon": site.origin.lon_deg},
        },
        "features": [*_areas(site), *_lanes(site), *_stops(site), *_things(site)],
    }


def _areas(site: Site) -> Iterable[Feature]:
    if site.boundary is not None:
        yield _feature("boundary", "boundary", "Polygon", [_ring(site, site.boundary)])
    for zone in drawn_in_order(site.zones):
        more: dict[str, Any] = {"kind": zone.kind.value, "order": ORDER[zone.kind], "ceiling_m": zone.ceiling_m}
        yield _feature(zone.zone_id, "zone", "Polygon", [_ring(site, zone.area)], zone.name, **more)
    for building in site.buildings.values():
        yield _feature(
            building.building_id,
            "building",
            "Polygon",
            [_ring(site, building.footprint)],
            building.name,
            kind=building.kind.value,
            floors=building.floors,
            height_m=building.height_m,
            units=[
                {
                    "unit": unit.unit,
                    "flats_per_floor": unit.flats_per_floor,
                    "entrance": _position(site, unit.entrance_m),
                }
                for unit in building.units
            ],
        )


def _lanes(site: Site) -> Iterable[Feature]:
    ways = {(lane.start, lane.end, lane.line): lane for lane in site.lanes.lanes}
    drawn: set[str] = set()
    for lane in site.lanes.lanes:
        back = ways.get((lane.end, lane.start, lane.line[::-1]))
        if back is not None and back.lane_id in drawn:
            continue
        drawn.add(lane.lane_id)
        line = [_position(site, point) for point in lane.line]
        more: dict[str, Any] = {"two_way": back is not None, "speed_limit_mps": lane.speed_limit_mps}
        yield _feature(lane.lane_id, "lane", "LineString", line, start=lane.start, end=lane.end, **more)


def _stops(site: Site) -> Iterable[Feature]:
    for viewpoint in site.viewpoints.values():
        yield _posed(site, viewpoint.viewpoint_id, "viewpoint", viewpoint.pose, viewpoint.name,
                     looks_at=viewpoint.looks_at)  # fmt: skip
    for dock in site.docks.values():
        yield _posed(site, dock.dock_id, "dock", dock.pose, dock.name)
    for robot in site.robots.values():
        home = site.docks[robot.dock_id]
        yield _posed(site, robot.robot_id, "robot_home", home.pose, robot.name, kind=robot.kind.value,
                     dock=robot.dock_id)  # fmt: skip


def _things(site: Site) -> Iterable[Feature]:
    for device in site.devices.values():
        yield _feature(
            device.device_id,
            "device",
            "Point",
            _position(site, device.position_m),
            device.name,
            kind=device.kind.value,
            height_m=device.height_m,
            **_place(site, device.place),
        )
    for camera in site.cameras.values():
        yield _posed(site, camera.camera_id, "camera", camera.pose, camera.name, height_m=camera.height_m)
    for spot in site.spots.values():
        more = _place(site, spot.place) if spot.place else {}
        yield _feature(spot.spot_id, "spot", "Point", _position(site, spot.position_m), spot.name,
                       kind=spot.kind, **more)  # fmt: skip


def _posed(site: Site, feature_id: str, layer: str, pose: Pose2, name: Text, **more: Any) -> Feature:
    turned = round(bearing_deg(pose.heading_rad), 1)
    return _feature(feature_id, layer, "Point", _position(site, pose.point), name, bearing_deg=turned, **more)


def _feature(
    feature_id: str, layer: str, shape: str, coordinates: Sequence[Any], name: Text | None = None, **more: Any
) -> Feature:
    known = {key: value for key, value in more.items() if value is not None}
    properties = {"layer": layer, "id": feature_id, **(_names(name) if name else {}), **known}
    return {
        "type": "Feature",
        "id": feature_id,
        "properties": properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def _names(name: Text) -> dict[str, str]:
    return {"name_zh": name.zh, "name_en": name.en}


def _place(site: Site, place: Place) -> dict[str, Any]:
    words = place.text(site.buildings)
    return {
        "place_zh": words.zh,
        "place_en": words.en,
        "building": place.building_id,
        "unit": place.unit,
        "floor": place.floor,
        "flat": place.flat,
    }


def _position(site: Site, point: Point2) -> list[float]:
    lon_deg, lat_deg = site.origin.to_lon_lat(point)
    return [round(lon_deg, DIGITS), round(lat_deg, DIGITS)]


def _ring(site: Site, outline: Sequence[Point2]) -> list[list[float]]:
    positions = [_position(site, point) for point in outline]
    return [*positions, positions[0]]
