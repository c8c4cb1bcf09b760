"""A community as everything else sees it: buildings, lanes, viewpoints, docks, devices. Positions in frame `map`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from patrol_core.errors import NotFound
from patrol_core.geometry import GeoOrigin, Point2, Pose2
from patrol_core.lanes import LaneGraph

Polygon = tuple[Point2, ...]


class DeviceKind(StrEnum):
    """What a fixed sensor senses."""

    SMOKE = "smoke"
    GAS = "gas"
    CO = "co"
    ELECTRICAL_FIRE = "electrical_fire"
    WATER_METER = "water_meter"
    DOOR_MAGNET = "door_magnet"
    WRISTBAND_GATEWAY = "wristband_gateway"
    SOS_BUTTON = "sos_button"
    MANHOLE = "manhole"
    FLOOD = "flood"
    SEPTIC_GAS = "septic_gas"
    ELEVATOR = "elevator"
    WRISTBAND = "wristband"
    HELP_BUTTON = "help_button"
    BIN_LEVEL = "bin_level"
    EBIKE_CAMERA = "ebike_camera"
    CHARGING_PILE = "charging_pile"
    FENCE = "fence"
    ACCESS_CONTROL = "access_control"
    PRESENCE = "presence"  # radar or infrared in a room
    CHECK_IN = "check_in"
    POWER = "power"  # whether there is mains voltage
    PARKING = "parking"  # a vehicle stands on it
    STREET_CAMERA = "street_camera"
    LISTENER = "listener"  # a microphone that listens for cries


class ZoneKind(StrEnum):
    """What an area of the site is for."""

    ROAD = "road"
    WALKWAY = "walkway"
    FIRE_LANE = "fire_lane"
    GREEN = "green"
    WATER = "water"
    PARKING = "parking"
    PLAZA = "plaza"
    NO_GO = "no_go"
    NO_FLY = "no_fly"


class BuildingKind(StrEnum):
    """What a building is for."""

    TOWER = "tower"
    SHOP = "shop"
    GATEHOUSE = "gatehouse"
    CENTER = "center"  # community centre
    SERVICE = "service"  # substation, pump house


class RobotKind(StrEnum):
    """What kind of vehicle a robot is."""

    GROUND = "ground"
    DRONE = "drone"


class Language(StrEnum):
    """In which words are said and read."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A name or sentence in both languages of the console."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.zh or self.en)

    def __str__(self) -> str:
        """In English, as logs are."""
        return self.en

    @classmethod
    def same(cls, words: str) -> Text:
        """What a person, or a program that is not ours, said: it stands in both languages as it came."""
        return cls(zh=words, en=words)


NO_WORDS = Text(zh="", en="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people say a thing is: building, unit, floor, flat; or a spot with a name."""

    building_id: str | None = None
    unit: str | None = None
    floor: int | None = None
    flat: str | None = None
    spot: Text | None = None

    def text(self, buildings: Mapping[str, Building]) -> Text:
        """The place as it is read aloud: "5 栋 1 单元 1203", "Building 5, unit 1, flat 1203"."""
        if self.building_id is None:
            return self.spot or Text(zh="室外", en="outdoors")
        name = buildings[self.building_id].name
        zh, en = [name.zh], [name.en]
        if self.unit is not None:
            zh.append(f"{self.unit} 单元")
            en.append(f"unit {self.unit}")
        if self.flat is not None:
            zh.append(self.flat)
            en.append(f"flat {self.flat}")
        elif self.floor is not None:
            zh.append(f"{self.floor} 层")
            en.append(f"floor {self.floor}")
        if self.spot is not None:
            zh.append(self.spot.zh)
            en.append(self.spot.en)
        return Text(zh=" ".join(zh), en=", ".join(en))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One staircase of a building with its own entrance."""

    unit: str  # "1"
    flats_per_floor: int
    entrance_m: Point2


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A tower, or a small house (gatehouse, shop row)."""

    building_id: str
    name: Text
    footprint: Polygon
    floors: int
    floor_height_m: float
    units: tuple[Unit, ...]
    kind: BuildingKind = BuildingKind.TOWER

    @property
    def height_m(self) -> float:
        return self.floors * self.floor_height_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area with a purpose."""

    zone_id: str
    kind: ZoneKind
    name: Text | None
    area: Polygon
    ceiling_m: float | None = None  # for no-fly zones: None means all heights


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """Where a robot stands to look at something."""

    viewpoint_id: str
    name: Text
    pose: Pose2  # the robot's; the camera looks along the heading
    looks_at: str | None = None  # id of the feature it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock:
    """A charging place. A robot docks nose first."""

    dock_id: str
    name: Text
    pose: Pose2


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A fixed sensor."""

    device_id: str
    kind: DeviceKind
    name: Text
    position_m: Point2
    height_m: float
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedCamera:
    """A camera on a mast or a wall."""

    camera_id: str
    name: Text
    pose: Pose2
    height_m: float
    tilt_rad: float  # positive looks down


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point people care about: bin point, manhole, gate, elevator."""

    spot_id: str
    kind: str  # "bin", "manhole", "gate", "elevator"
    name: Text
    position_m: Point2
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotCamera:
    """A camera on a robot."""

    camera_id: str  # unique on its robot
    name: Text


CAMERAS: Mapping[RobotKind, tuple[RobotCamera, ...]] = {
    RobotKind.GROUND: (RobotCamera(camera_id="front", name=Text(zh="前置摄像头", en="Front camera")),),
    RobotKind.DRONE: (),  # none that Ronda reads yet
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRobot:
    """A robot that belongs to the site."""

    robot_id: str
    name: Text
    kind: RobotKind
    dock_id: str

    @property
    def cameras(self) -> tuple[RobotCamera, ...]:
        """What robots of its kind carry."""
        return CAMERAS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One community."""

    site_id: str
    name: Text
    timezone: str  # IANA
    origin: GeoOrigin
    buildings: Mapping[str, Building]
    zones: tuple[Zone, ...]
    lanes: LaneGraph
    viewpoints: Mapping[str, Viewpoint]
    docks: Mapping[str, Dock]
    devices: Mapping[str, Device]
    cameras: Mapping[str, FixedCamera]
    spots: Mapping[str, Spot]
    robots: Mapping[str, SiteRobot] = field(default_factory=dict)
    boundary: Polygon | None = None  # the fence; None where the site has no drawn edge
    language: Language = Language.ZH  # in which robots speak, where they can
    robots_calm: bool = True  # by themselves, where a kind of incident asks for it

    def viewpoint(self, viewpoint_id: str) -> Viewpoint:
        """Raises NotFound."""
        try:
            return self.viewpoints[viewpoint_id]
        except KeyError:
            raise NotFound("viewpoint", viewpoint_id) from None

    def device(self, device_id: str) -> Device:
        """Raises NotFound."""
        try:
            return self.devices[device_id]
        except KeyError:
            raise NotFound("device", device_id) from None

    def robot(self, robot_id: str) -> SiteRobot:
        """Raises NotFound."""
        try:
            return self.robots[robot_id]
        except KeyError:
            raise NotFound("robot", robot_id) from None
