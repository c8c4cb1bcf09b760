"""Draws a site from above, with the scene's trees and cars: to see at a glance whether the files say what one meant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from maps.bounds import bounds_m
from maps.scene import Scene, scene_of
from maps.scene.things import Car
from maps.zones import drawn_in_order
from patrol_core.geometry import Point2, Pose2, centroid
from patrol_core.site import BuildingKind, Site, ZoneKind

Colour = tuple[int, int, int]

GROUND: Mapping[ZoneKind, Colour] = {
    ZoneKind.GREEN: (203, 224, 190),
    ZoneKind.ROAD: (222, 222, 224),
    ZoneKind.WALKWAY: (240, 235, 224),
    ZoneKind.PLAZA: (238, 226, 205),
    ZoneKind.PARKING: (208, 211, 216),
    ZoneKind.FIRE_LANE: (240, 214, 200),
    ZoneKind.WATER: (160, 200, 226),
    ZoneKind.NO_GO: (226, 170, 164),
    ZoneKind.NO_FLY: (170, 140, 200),
}
BUILDINGS: Mapping[BuildingKind, Colour] = {
    BuildingKind.TOWER: (150, 160, 176),
    BuildingKind.SHOP: (196, 164, 120),
    BuildingKind.GATEHOUSE: (140, 140, 140),
    BuildingKind.CENTER: (176, 150, 130),
    BuildingKind.SERVICE: (120, 120, 120),
}
SPOTS: Mapping[str, Colour] = {
    "manhole": (70, 70, 70),
    "gate": (0, 0, 0),
    "elevator": (90, 110, 200),
}
OUTLINE_ONLY = (ZoneKind.NO_GO, ZoneKind.NO_FLY)


LANE: Colour = (120, 160, 200)
DEVICE: Colour = (230, 160, 40)
CAMERA: Colour = (150, 60, 160)
VIEWPOINT: Colour = (30, 100, 200)
DOCK: Colour = (20, 150, 90)


def picture_of(site: Site, *, pixels_per_m: float = 5.0) -> Image.Image:
    """The site from above, north up, as an RGB picture."""
    west_m, south_m, east_m, north_m = bounds_m(site, margin_m=6.0)
    size = (math.ceil((east_m - west_m) * pixels_per_m), math.ceil((north_m - south_m) * pixels_per_m))
    picture = Image.new("RGB", size, (247, 246, 243))
    canvas = _Canvas(ImageDraw.Draw(picture), west_m, north_m, pixels_per_m)
    _draw_ground(canvas, site)
    _draw_scene(canvas, scene_of(site))
    _draw_lanes(canvas, site)
    _draw_buildings(canvas, site)
    _draw_points(canvas, site)
    return picture


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Draws in metres of frame `map`."""

    pen: ImageDraw.ImageDraw
    west_m: float
    north_m: float
    pixels_per_m: float

    def at(self, point: Point2) -> tuple[float, float]:
        return (point.x_m - self.west_m) * self.pixels_per_m, (self.north_m - point.y_m) * self.pixels_per_m

    def area(self, outline: Sequence[Point2], fill: Colour | None, edge: Colour, width: int = 1) -> None:
        points = [self.at(p) for p in outline]
        if fill:
            self.pen.polygon(points, fill=fill)
        self.pen.line([*points, points[0]], fill=edge, width=width)

    def line(self, points: Sequence[Point2], colour: Colour, width: int = 1) -> None:
        self.pen.line([self.at(p) for p in points], fill=colour, width=width)

    def dot(self, point: Point2, colour: Colour, radius_m: float) -> None:
        (x, y), radius = self.at(point), radius_m * self.pixels_per_m
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def arrow(self, pose: Pose2, colour: Colour, length_m: float) -> None:
        dx, dy = length_m * math.cos(pose.heading_rad), length_m * math.sin(pose.heading_rad)
        self.line([pose.point, Point2(pose.x_m + dx, pose.y_m + dy)], colour, 2)
        self.dot(pose.point, colour, 0.8)

    def text(self, point: Point2, words: str, colour: Colour) -> None:
        self.pen.text(self.at(point), words, fill=colour, anchor="mm")


def _draw_ground(canvas: _Canvas, site: Site) -> None:
    for zone in drawn_in_order(site.zones):
        red, green, blue = shade = GROUND[zone.kind]
        edge = (max(0, red - 18), max(0, green - 18), max(0, blue - 18))
        outlined = zone.kind in OUTLINE_ONLY
        canvas.area(zone.area, None if outlined else shade, edge, 2 if outlined else 1)
    if site.boundary:
        canvas.area(site.boundary, None, (110, 110, 110), 3)


def _draw_scene(canvas: _Canvas, scene: Scene) -> None:
    for tree in scene.trees:
        red, green, blue = _bytes(tree.rgb)
        canvas.dot(Point2(*tree.at_m), (red + 70, green + 55, blue + 60), tree.crown_m)
    for car in scene.cars:
        canvas.area(_corners(car), _bytes(car.rgb), (90, 90, 90))
    for lamp in scene.lamps:
        canvas.dot(Point2(*lamp.at_m), (250, 200, 60), 0.5)
    for item in (item for point in scene.bin_points for item in point.bins):
        canvas.dot(Point2(*item.at_m), _bytes(item.rgb), 0.4)


def _draw_lanes(canvas: _Canvas, site: Site) -> None:
    for lane in site.lanes.lanes:
        canvas.line(lane.line, LANE)
    for node in site.lanes.nodes.values():
        canvas.dot(node, LANE, 0.35)


def _draw_buildings(canvas: _Canvas, site: Site) -> None:
    for building in site.buildings.values():
        canvas.area(building.footprint, BUILDINGS[building.kind], (90, 96, 108), 2)
        for unit in building.units:
            canvas.dot(unit.entrance_m, (240, 240, 240), 0.7)
        canvas.text(centroid(building.footprint), building.building_id, (255, 255, 255))


def _draw_points(canvas: _Canvas, site: Site) -> None:
    for spot in site.spots.values():
        if spot.kind != "bin":
            canvas.dot(spot.position_m, SPOTS[spot.kind], 0.8)
    for device in site.devices.values():
        canvas.dot(device.position_m, DEVICE, 0.5)
    for camera in site.cameras.values():
        canvas.arrow(camera.pose, CAMERA, 5.0)
    for viewpoint in site.viewpoints.values():
        canvas.arrow(viewpoint.pose, VIEWPOINT, 4.0)
        beside = Point2(viewpoint.pose.x_m + 2.0, viewpoint.pose.y_m - 1.8)
        canvas.text(beside, viewpoint.viewpoint_id.removeprefix("vp-"), (20, 60, 140))
    for dock in site.docks.values():
        canvas.arrow(dock.pose, DOCK, 2.0)


def _bytes(rgb: tuple[float, float, float]) -> Colour:
    red, green, blue = (round(255 * part) for part in rgb)
    return red, green, blue


def _corners(car: Car) -> list[Point2]:
    along, across = car.length_m / 2, car.width_m / 2
    cos, sin = math.cos(car.heading_rad), math.sin(car.heading_rad)
    x, y = car.at_m
    ends = ((along, across), (-along, across), (-along, -across), (along, -across))
    return [Point2(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in ends]
