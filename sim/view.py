"""What the renderer is told: everything that moves or changes, at one moment of the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.geometry import Pose2
from sim.clutter import Thing
from sim.person import Person

CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX = 640, 480
CAMERA_HFOV_DEG = 70.0
CAMERA_AHEAD_M, CAMERA_UP_M = 0.25, 0.85  # on the robot's mast, from its middle
CAMERA_TILT_RAD = 0.0  # upward; level, the ground is seen from 1.6 m before the camera on


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldView:
    """One moment."""

    tick: int
    elapsed_s: float
    robots: Mapping[str, Pose2]
    people: tuple[Person, ...]
    smoke: Mapping[str, float]  # how much of it (0..1) comes from the flats of these smoke detectors
    covered: frozenset[str]  # robots whose camera is covered
    things: tuple[Thing, ...] = ()  # clutter; what is in one moment and not in the next is cleared away
    lights: frozenset[str] = frozenset()  # robots whose lights are on


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeSource:
    """A smoke detector, and the window that smoke would come out of."""

    device_id: str
    building_id: str
    at_m: tuple[float, float]  # the detector, frame `map`
    height_m: float  # of the window's middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a picture shows of one person."""

    visible_px: int
    whole_px: int  # that would be visible with nothing in between
    box_px: tuple[int, int, int, int]  # left, top, right, bottom of what is visible
