"""One reader for each layer of a site: a GeoJSON feature in, a domain value in the draft out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from maps.directions import heading_rad
from maps.problems import quoted
from maps.reading import coordinates
from maps.reading.documents import RawFeature
from maps.reading.draft import Draft
from maps.reading.fields import Fields
from patrol_core.geometry import Point2, Pose2
from patrol_core.lanes import Lane
from patrol_core.site import (
    Building,
    BuildingKind,
    Device,
    DeviceKind,
    Dock,
    FixedCamera,
    Place,
    Polygon,
    Spot,
    Unit,
    Viewpoint,
    Zone,
    ZoneKind,
)

FLOORS_MAX = 60
NODE_REACH_M = 0.5  # a lane's end may lie this far from the node it names; the loader draws it on to the node


Shape = TypeVar("Shape")


class SpotKind(StrEnum):
    """Points people care about."""

    BIN = "bin"
    MANHOLE = "manhole"
    GATE = "gate"
    ELEVATOR = "elevator"


@dataclass(frozen=True, slots=True)
class Reader:
    """One feature on its way into the draft."""

    draft: Draft
    raw: RawFeature
    fields: Fields

    def point(self) -> Point2:
        return self._shape("Point", lambda c: coordinates.point(self.draft.origin, c), Point2(0.0, 0.0))

    def line(self) -> tuple[Point2, ...]:
        return self._shape("LineString", lambda c: coordinates.line(self.draft.origin, c), ())

    def ring(self) -> Polygon:
        return self._shape("Polygon", lambda c: coordinates.ring(self.draft.origin, c), ())

    def pose(self) -> Pose2:
        position_m = self.point()
        bearing = self.fields.number("bearing_deg", 0.0, 360.0, unit="degrees clockwise from north")
        return Pose2(x_m=position_m.x_m, y_m=position_m.y_m, heading_rad=heading_rad(bearing))

    def place(self) -> Place:
        return Place(
            building_id=self.fields.id_or_none("building"),
            unit=self.fields.text_or_none("unit"),
            floor=self.fields.whole_or_none("floor", 1, FLOORS_MAX),
            flat=self.fields.text_or_none("flat"),
            spot=self.fields.names_or_none("spot"),
        )

    def finish(self, noun: str, feature_id: str) -> bool:
        """Whether the feature may join the draft: nothing wrong in it, and its id its own."""
        fine = self.fields.end()
        return bool(feature_id) and self.draft.claim(feature_id, noun, self.raw.file) and fine

    def _shape(self, wanted: str, read: Callable[[Any], Shape], stand_in: Shape) -> Shape:
        if self.raw.geometry_type != wanted:
            self.fields.wrong(expected=f"a {wanted}", came=f"a {self.raw.geometry_type}")
            return stand_in
        try:
            return read(self.raw.coordinates)
        except coordinates.BadShape as bad:
            self.fields.wrong(expected=bad.expected, came=bad.came)
            return stand_in


def read_layer(layer: str, features: list[RawFeature], draft: Draft) -> None:
    """Put the features of one layer into the draft; what is wrong goes to its problems."""
    for raw in features:
        fields = Fields(raw.properties, file=raw.file, feature=raw.label, problems=draft.problems)
        LAYERS[layer](Reader(draft, raw, fields))


def _boundary(reader: Reader) -> None:
    feature_id, outline = reader.fields.id(), reader.ring()
    if reader.finish("boundary", feature_id):
        if reader.draft.boundary is not None:
            reader.fields.wrong(expected="one boundary", came="another")
        reader.draft.boundary = outline


def _building(reader: Reader) -> None:
    fields = reader.fields
    building = Building(
        building_id=fields.id(),
        kind=fields.choice("kind", BuildingKind),
        name=fields.names(),
        footprint=reader.ring(),
        floors=fields.whole("floors", 1, FLOORS_MAX),
        floor_height_m=fields.number("floor_height_m", 2.2, 8.0, unit="m"),
        units=tuple(_unit(reader, n, item) for n, item in enumerate(fields.items("units"), start=1)),
    )
    names = [unit.unit for unit in building.units]
    for name in {name for name in names if name and names.count(name) > 1}:
        fields.wrong(expected="units of different names", came=f'unit "{name}" twice')
    if reader.finish("building", building.building_id):
        reader.draft.buildings[building.building_id] = building


def _unit(reader: Reader, number: int, item: Any) -> Unit:
    values = item if isinstance(item, dict) else {}
    label = f"{reader.raw.label}: unit {values.get('unit', number)}"
    fields = Fields(values, file=reader.raw.file, feature=label, problems=reader.draft.problems)
    if not isinstance(item, dict):
        fields.wrong(expected="a unit with unit, flats_per_floor, entrance", came=quoted(item))
        reader.fields.ok = False
        return Unit(unit="", flats_per_floor=0, entrance_m=Point2(0.0, 0.0))
    name, flats = fields.text("unit"), fields.whole("flats_per_floor", 0, 99)
    entrance_m = Point2(0.0, 0.0)
    try:
        entrance_m = coordinates.point(reader.draft.origin, fields.items("entrance"))
    except coordinates.BadShape as bad:
        fields.wrong(expected=f"{bad.expected} as entrance", came=bad.came)
    reader.fields.ok &= fields.end()
    return Unit(unit=name, flats_per_floor=flats, entrance_m=entrance_m)


def _zone(reader: Reader) -> None:
    fields = reader.fields
    zone = Zone(
        zone_id=fields.id(),
        kind=fields.choice("kind", ZoneKind),
        name=fields.names_or_none(),
        area=reader.ring(),
        ceiling_m=fields.number_or_none("ceiling_m", 1.0, 500.0, unit="m above ground"),
    )
    if zone.ceiling_m is not None and zone.kind is not ZoneKind.NO_FLY:
        fields.wrong(expected="ceiling_m on no_fly zones only", came=f"a {zone.kind} zone with one")
    if reader.finish("zone", zone.zone_id):
        reader.draft.zones[zone.zone_id] = zone


def _lane_or_node(reader: Reader) -> None:
    if reader.raw.geometry_type == "Point":
        node_id, position_m = reader.fields.id(), reader.point()
        if reader.finish("lane node", node_id):
            reader.draft.nodes[node_id] = position_m
        return
    fields = reader.fields
    lane = Lane(
        lane_id=fields.id(),
        start=fields.id("start"),
        end=fields.id("end"),
        line=reader.line(),
        speed_limit_mps=fields.number_or_none("speed_limit_mps", 0.1, 10.0, unit="m/s"),
    )
    two_way = fields.flag("two_way")
    if reader.finish("lane", lane.lane_id):
        reader.draft.lanes[lane.lane_id] = lane
        if two_way:
            reader.draft.two_way.add(lane.lane_id)


def _viewpoint(reader: Reader) -> None:
    fields = reader.fields
    viewpoint = Viewpoint(
        viewpoint_id=fields.id(), name=fields.names(), pose=reader.pose(), looks_at=fields.id_or_none("looks_at")
    )
    if reader.finish("viewpoint", viewpoint.viewpoint_id):
        reader.draft.viewpoints[viewpoint.viewpoint_id] = viewpoint


def _dock(reader: Reader) -> None:
    dock = Dock(dock_id=reader.fields.id(), name=reader.fields.names(), pose=reader.pose())
    if reader.finish("dock", dock.dock_id):
        reader.draft.docks[dock.dock_id] = dock


def _device(reader: Reader) -> None:
    fields = reader.fields
    device = Device(
        device_id=fields.id(),
        kind=fields.choice("kind", DeviceKind),
        name=fields.names(),
        position_m=reader.point(),
        height_m=fields.number("height_m", -10.0, 300.0, unit="m above ground"),
        place=reader.place(),
    )
    if reader.finish("device", device.device_id):
        reader.draft.devices[device.device_id] = device


def _camera(reader: Reader) -> None:
    fields = reader.fields
    camera = FixedCamera(
        camera_id=fields.id(),
        name=fields.names(),
        pose=reader.pose(),
        height_m=fields.number("height_m", 0.0, 300.0, unit="m above ground"),
        tilt_rad=math.radians(fields.number("tilt_deg", -90.0, 90.0, unit="degrees, positive looks down")),
    )
    if reader.finish("camera", camera.camera_id):
        reader.draft.cameras[camera.camera_id] = camera


def _spot(reader: Reader) -> None:
    fields = reader.fields
    place = reader.place()
    spot = Spot(
        spot_id=fields.id(),
        kind=fields.choice("kind", SpotKind).value,
        name=fields.names(),
        position_m=reader.point(),
        place=None if place == Place() else place,
    )
    if reader.finish("spot", spot.spot_id):
        reader.draft.spots[spot.spot_id] = spot


LAYERS: Mapping[str, Callable[[Reader], None]] = {
    "boundary": _boundary,
    "buildings": _building,
    "zones": _zone,
    "lanes": _lane_or_node,
    "viewpoints": _viewpoint,
    "docks": _dock,
    "devices": _device,
    "cameras": _camera,
    "spots": _spot,
}
