"""What stands beside roads and walkways: parked cars, lamp posts, bins."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

import shapely

from maps import shapes
from maps.scene.things import XY, Bin, BinPoint, Car, Lamp, Rgb
from patrol_core.geometry import Point2
from patrol_core.site import Polygon, Site, Zone, ZoneKind

BAY_M = 2.5  # width of a parking bay
CARS_SHARE = 0.62  # of the bays
LAMP_STEP_M = 26.0
LAMP_HEIGHT_M = 4.2
BIN_STEP_M = 0.75

_WHITE, _BLACK, _SILVER, _GREY, _RED, _BLUE, _SAND = (
    (0.92, 0.92, 0.92),
    (0.10, 0.10, 0.12),
    (0.62, 0.64, 0.67),
    (0.30, 0.32, 0.34),
    (0.55, 0.10, 0.10),
    (0.12, 0.22, 0.42),
    (0.80, 0.76, 0.66),
)
PAINTS: tuple[Rgb, ...] = (_WHITE, _WHITE, _BLACK, _SILVER, _GREY, _RED, _BLUE, _SAND)
# Recyclable, kitchen, hazardous, other: the colours of GB/T 19095-2019.
BINS: tuple[Rgb, ...] = ((0.10, 0.32, 0.68), (0.12, 0.50, 0.22), (0.74, 0.14, 0.12), (0.35, 0.36, 0.38))


def cars_of(site: Site) -> tuple[Car, ...]:
    """Cars in the bays of parking zones."""
    zones = (zone for zone in site.zones if zone.kind is ZoneKind.PARKING)
    return tuple(car for zone in zones for car in _cars_in(site.site_id, zone))


def lamps_of(site: Site) -> tuple[Lamp, ...]:
    """Lamp posts on unpaved ground to the right of lanes, no closer than LAMP_STEP_M to one another."""
    paved = [shapes.polygon(z.area) for z in site.zones if z.kind not in (ZoneKind.GREEN, ZoneKind.NO_FLY)]
    walls = [shapes.polygon(building.footprint).buffer(1.0) for building in site.buildings.values()]
    taken = shapely.union_all([*paved, *walls])
    shapely.prepare(taken)
    stands = [
        pose.point for pose in (*(v.pose for v in site.viewpoints.values()), *(d.pose for d in site.docks.values()))
    ]
    found: list[XY] = []

    def fits(at: XY) -> bool:
        return (
            all(math.dist(at, other) >= LAMP_STEP_M for other in found)
            and all(stand.distance_m(Point2(*at)) > 2.5 for stand in stands)
            and not taken.intersects(shapely.Point(at).buffer(0.35, quad_segs=2))
        )

    for lane in site.lanes.lanes:
        side = lane.line[0].bearing_rad(lane.line[-1]) - math.pi / 2
        beside = (_at(lane.line[0], side, off_m) for off_m in (2.2, 3.0, 3.8))
        found += [at for at in beside if fits(at)][:1]
    return tuple(Lamp(at_m=at, height_m=LAMP_HEIGHT_M) for at in found)


def bin_points_of(site: Site) -> tuple[BinPoint, ...]:
    """Four sorted bins at each waste point, their fronts to the nearest lane."""
    lanes = [shapes.linestring(lane.line) for lane in site.lanes.lanes]
    return tuple(_bin_point(spot.spot_id, spot.position_m, lanes) for spot in site.spots.values() if spot.kind == "bin")


def _cars_in(site_id: str, zone: Zone) -> Iterable[Car]:
    """Bays lie side by side along the zone's long side. Each bay has a chance of its own."""
    corner, along, across, length_m, depth_m = _rectangle(zone.area)
    for bay in range(int(length_m // BAY_M)):
        chance = random.Random(f"{site_id}:{zone.zone_id}:{bay}")  # noqa: S311 - a look, not a secret
        if chance.random() > CARS_SHARE:
            continue
        middle = _at(
            Point2(*_at(corner, along, (bay + 0.5) * BAY_M)), across, depth_m / 2 + chance.uniform(-0.15, 0.15)
        )
        turned = math.pi if chance.random() < 0.3 else 0.0
        yield Car(
            at_m=middle,
            heading_rad=round(across + turned + chance.gauss(0.0, 0.02), 4),
            length_m=round(chance.uniform(4.1, 4.8), 2),
            width_m=round(chance.uniform(1.72, 1.86), 2),
            height_m=chance.choice((1.45, 1.5, 1.68)),
            rgb=chance.choice(PAINTS),
        )


def _rectangle(area: Polygon) -> tuple[Point2, float, float, float, float]:
    """The rectangle around an area: a corner, directions of its long and short side, their lengths."""
    around = shapes.polygon(area).minimum_rotated_rectangle
    a, b, c, d, *_ = [Point2(x, y) for x, y in shapely.get_coordinates(around)]
    if a.distance_m(b) < b.distance_m(c):
        a, b, c = b, c, d
    return a, a.bearing_rad(b), b.bearing_rad(c), a.distance_m(b), b.distance_m(c)


def _bin_point(spot_id: str, here: Point2, lanes: list[shapely.LineString]) -> BinPoint:
    pin = shapes.pin(here)
    front = 0.0
    if lanes:
        nearest = min(lanes, key=pin.distance)
        goal = nearest.interpolate(nearest.project(pin))
        front = here.bearing_rad(Point2(goal.x, goal.y))
    middle = (len(BINS) - 1) / 2
    bins = tuple(
        Bin(at_m=_at(here, front + math.pi / 2, (n - middle) * BIN_STEP_M), rgb=rgb) for n, rgb in enumerate(BINS)
    )
    return BinPoint(spot_id=spot_id, at_m=_at(here, 0.0, 0.0), heading_rad=round(front, 4), bins=bins)


def _at(start: Point2, direction_rad: float, distance_m: float) -> XY:
    return (
        round(start.x_m + distance_m * math.cos(direction_rad), 2),
        round(start.y_m + distance_m * math.sin(direction_rad), 2),
    )
