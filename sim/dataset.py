"""Rendered frames whose truth is known: for tuning what finds people, and for reporting how well it does.

    for frame in frames(TUNING.seeds(500), kind=FrameKind.LYING):
        frame.picture, frame.camera, frame.people, frame.things

A frame belongs to its seed, kind and mount alone. `TUNING` and `REPORTING` share no seed, hence no person, no staging
and no texture (the houses are those of one site): whoever tunes by the one may report by the other.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt
import shapely

from maps import load_site
from patrol_core.errors import Unavailable
from patrol_core.geometry import Point2, wrap_rad
from patrol_core.site import Site, ZoneKind
from sim.clutter import Thing, thing
from sim.obstacles import Obstacles
from sim.person import HEAD_FROM_HEADING_RAD, Person
from sim.posture import BUSY, LYING, ON_FOOT, Posture
from sim.renderer import Renderer, setup_of
from sim.view import (
    CAMERA_HEIGHT_PX,
    CAMERA_HFOV_DEG,
    CAMERA_TILT_RAD,
    CAMERA_UP_M,
    CAMERA_WIDTH_PX,
    Outline,
    WorldView,
)

_BLOCK = 200  # frames that share one painted world: building the next takes 2 s
_TRIES = 40
_LEAST_SEEN = 0.35  # of somebody who lies, in a frame of that kind


class FrameKind(StrEnum):
    """What a frame shows."""

    LYING = "lying"  # one person lies 2 to 8 m away; others and clutter may be about
    WITHOUT = "without"  # nobody lies: people upright, sitting, bending, working, and clutter


class Mount(StrEnum):
    """What carries the camera."""

    ROBOT = "robot"
    DRONE = "drone"  # 10 m up, looking down


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRange:
    """Seeds that belong together."""

    first: int
    count: int

    def seeds(self, number: int) -> range:
        """The first `number` of them; raises ValueError where there are fewer."""
        if not 0 <= number <= self.count:
            raise ValueError(f"expected up to {self.count} seeds; came {number}")
        return range(self.first, self.first + number)


TUNING = SeedRange(first=0, count=100_000)
REPORTING = SeedRange(first=1_000_000, count=100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameCamera:
    """Where the camera is and what it sees; frame `map`, heading counter-clockwise from east, tilt upward."""

    x_m: float
    y_m: float
    z_m: float
    heading_rad: float
    tilt_rad: float
    hfov_rad: float
    width_px: int
    height_px: int
    mount: Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTruth:
    """One person who can be seen in a frame."""

    person_id: str
    posture: Posture
    position_m: Point2  # of the pelvis, on the ground
    distance_m: float  # over the ground, from the camera
    body_bearing_rad: float  # where the head (of who lies) or the face points, from the line camera → person; 0 away
    visible: float  # 0..1 of what the picture would show with nothing in between
    box_px: tuple[int, int, int, int]  # left, top, right, bottom of what is visible

    @property
    def lies(self) -> bool:
        return self.posture in LYING


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture and its truth."""

    seed: int
    kind: FrameKind
    picture: npt.NDArray[np.uint8]  # rows × columns × RGB
    camera: FrameCamera
    people: tuple[PersonTruth, ...]  # those of whom anything is visible
    things: tuple[Thing, ...]


def frames(
    seeds: Iterable[int], *, kind: FrameKind, mount: Mount = Mount.ROBOT, site_name: str = "xinghe"
) -> Iterator[Frame]:
    """The frames of these seeds, in order.

    Raises:
        Unavailable: the renderer does not start or does not answer.
    """
    site = load_site(site_name)
    room = _Room(site)
    for world, block in itertools.groupby(seeds, key=lambda seed: seed // _BLOCK + 1):
        with closing(Renderer(setup_of(site, world=world))) as renderer:
            for seed in block:
                yield _frame(seed, kind, mount, room, renderer)


class _Room:
    """Where cameras, people and things may stand."""

    def __init__(self, site: Site) -> None:
        self.lanes = site.lanes.lanes
        self._obstacles = Obstacles.of(site)
        self._water = shapely.union_all(
            [shapely.Polygon([(p.x_m, p.y_m) for p in zone.area]) for zone in site.zones if zone.kind is ZoneKind.WATER]
        )

    def free(self, spot: Point2, clearance_m: float) -> bool:
        """Whether neither a house nor water is that near."""
        away_m = self._water.distance(shapely.Point(spot.x_m, spot.y_m))
        return self._obstacles.clearance_m(spot) > clearance_m and (self._water.is_empty or away_m > clearance_m)


def _frame(seed: int, kind: FrameKind, mount: Mount, room: _Room, renderer: Renderer) -> Frame:
    """The first staging of a seed in which who lies can be seen."""
    pick = random.Random(f"frame {seed} {kind} {mount}")  # noqa: S311 - a stage, not a secret
    for _ in range(_TRIES):
        camera = _camera(pick, mount, room)
        people = _cast(pick, kind, camera, room, look=8 * seed)
        if people is None:
            continue
        things = _clutter(pick, camera, people, room)
        view = WorldView(tick=0, elapsed_s=0.0, robots={}, people=people, smoke={}, covered=frozenset(), things=things)
        picture = renderer.shoot(
            view,
            x_m=camera.x_m,
            y_m=camera.y_m,
            z_m=camera.z_m,
            heading_rad=camera.heading_rad,
            tilt_rad=camera.tilt_rad,
        )
        truth = _truth(people, renderer.outlines(), camera)
        if kind is FrameKind.WITHOUT or any(p.lies and p.visible >= _LEAST_SEEN for p in truth):
            break
    else:
        raise Unavailable(f"frame {seed}: none of {_TRIES} stagings shows who lies")
    return Frame(seed=seed, kind=kind, picture=_daylight(picture, pick), camera=camera, people=truth, things=things)


def _camera(pick: random.Random, mount: Mount, room: _Room) -> FrameCamera:
    """Somewhere near a lane, looking anywhere."""
    while True:
        lane = pick.choice(room.lanes)
        a, b = lane.line[0], lane.line[-1]
        t = pick.random()
        x_m = a.x_m + t * (b.x_m - a.x_m) + pick.uniform(-3.0, 3.0)
        y_m = a.y_m + t * (b.y_m - a.y_m) + pick.uniform(-3.0, 3.0)
        if room.free(Point2(x_m, y_m), 1.0):
            break
    drone = mount is Mount.DRONE
    return FrameCamera(
        x_m=x_m,
        y_m=y_m,
        z_m=pick.uniform(9.0, 11.0) if drone else CAMERA_UP_M,
        heading_rad=pick.uniform(-math.pi, math.pi),
        tilt_rad=-pick.uniform(0.6, 1.0) if drone else CAMERA_TILT_RAD + pick.uniform(-0.01, 0.01),
        hfov_rad=math.radians(CAMERA_HFOV_DEG),
        width_px=CAMERA_WIDTH_PX,
        height_px=CAMERA_HEIGHT_PX,
        mount=mount,
    )


def _cast(
    pick: random.Random, kind: FrameKind, camera: FrameCamera, room: _Room, *, look: int
) -> tuple[Person, ...] | None:
    """Who is on the stage; None where there is no room for who lies."""
    people: list[Person] = []
    if kind is FrameKind.LYING:
        spot = _spot(pick, camera, 2.2, 8.0, aside=0.42)
        if not room.free(spot, 1.1):
            return None
        people.append(_person(pick, "lying", spot, pick.choice(LYING), look))
    others = pick.choice((0, 0, 1, 2)) if kind is FrameKind.LYING else pick.choice((1, 1, 2, 3, 4, 5))
    for i in range(others):
        spot = _spot(pick, camera, 2.5, 14.0, aside=0.5)
        if not room.free(spot, 0.5) or any(p.position_m.distance_m(spot) < 1.1 for p in people):
            continue
        posture = pick.choice(ON_FOOT) if pick.random() < 0.45 else pick.choice(BUSY)
        people.append(_person(pick, f"other-{i}", spot, posture, look))
    return tuple(people)


def _person(pick: random.Random, person_id: str, spot: Point2, posture: Posture, look: int) -> Person:
    return Person(
        person_id=person_id,
        position_m=spot,
        heading_rad=pick.uniform(-math.pi, math.pi),
        speed_mps=1.1 if posture is Posture.WALKING else 0.0,
        stride_m=pick.uniform(0.0, 1.5),
        look=look + pick.randrange(8),
        posture=posture,
    )


def _spot(pick: random.Random, camera: FrameCamera, near_m: float, far_m: float, *, aside: float) -> Point2:
    """A point on the ground before the camera; `aside` is how far from its middle, of half the picture's width."""
    if camera.mount is Mount.DRONE:
        middle_m = camera.z_m / math.tan(-camera.tilt_rad)
        ahead_m = middle_m + pick.uniform(-3.0, 4.0)
        side_m = pick.uniform(-aside, aside) * camera.z_m * 0.9
    else:
        ahead_m = pick.uniform(near_m, far_m)
        side_m = pick.uniform(-aside, aside) * ahead_m * math.tan(camera.hfov_rad / 2) * 1.6
    cos, sin = math.cos(camera.heading_rad), math.sin(camera.heading_rad)
    return Point2(camera.x_m + ahead_m * cos - side_m * sin, camera.y_m + ahead_m * sin + side_m * cos)


def _clutter(pick: random.Random, camera: FrameCamera, people: tuple[Person, ...], room: _Room) -> tuple[Thing, ...]:
    found = []
    for _ in range(pick.choice((0, 1, 2, 3))):
        spot = _spot(pick, camera, 2.2, 12.0, aside=0.7)
        number = pick.randrange(1 << 30)
        if room.free(spot, 0.8) and all(p.position_m.distance_m(spot) > 1.6 for p in people):
            found.append(thing(number, spot))
    return tuple(found)


def _truth(people: tuple[Person, ...], outlines: Mapping[str, Outline], camera: FrameCamera) -> tuple[PersonTruth, ...]:
    eye = Point2(camera.x_m, camera.y_m)
    found = []
    for person in people:
        outline = outlines.get(person.person_id)
        if outline is None:
            continue
        facing_rad = person.heading_rad + HEAD_FROM_HEADING_RAD.get(person.posture, 0.0)
        found.append(
            PersonTruth(
                person_id=person.person_id,
                posture=person.posture,
                position_m=person.position_m,
                distance_m=eye.distance_m(person.position_m),
                body_bearing_rad=wrap_rad(facing_rad - eye.bearing_rad(person.position_m)),
                visible=min(1.0, outline.visible_px / max(1, outline.whole_px)),
                box_px=outline.box_px,
            )
        )
    return tuple(found)


def _daylight(picture: npt.NDArray[np.uint8], pick: random.Random) -> npt.NDArray[np.uint8]:
    """Another hour and another camera: exposure, white balance, contrast, a little blur and grain."""
    gain, gamma, warm = pick.uniform(0.75, 1.2), pick.uniform(0.85, 1.2), pick.uniform(-0.06, 0.06)
    level = np.arange(256) / 255.0
    table = np.empty((1, 256, 3), dtype=np.uint8)
    for channel, tint in enumerate((1 + warm, 1.0, 1 - warm)):
        table[0, :, channel] = np.clip(255.0 * tint * gain * level**gamma + 0.5, 0, 255)
    out = cv2.LUT(picture, table)
    if pick.random() < 0.4:
        out = cv2.GaussianBlur(out, (0, 0), pick.uniform(0.4, 1.0))
    grain = np.random.default_rng(pick.randrange(1 << 32)).normal(0, pick.uniform(0.5, 4.0), (240, 320))
    noise = cv2.resize(grain.astype(np.float32), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(out + noise[..., None], 0, 255), dtype=np.uint8)
