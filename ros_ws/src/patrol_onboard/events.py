"""What can happen to a mission executor. An answer carries the ticket of the effect it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from patrol_core.geometry import Pose2
from patrol_core.orders import Order
from patrol_core.sighting import Sighting
from patrol_core.site import Text
from patrol_core.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The process is up, with whatever was on disk; also after a crash in the middle of a mission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceived:
    """The center asks for something, perhaps again."""

    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Navigation says it reached the goal of GoTo or GoToDock."""

    ticket: int
    pose: Pose2 | None  # where the robot is by its own localisation; None when unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationFailed:
    """Navigation gave up on the goal."""

    ticket: int
    because: Text
    pose: Pose2 | None  # where the robot is


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationSilent:
    """Navigation does not answer; nothing is known about the goal."""

    ticket: int
    because: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellOver:
    """The robot stood still for as long as the checkpoint asks."""

    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTaken:
    """A usable picture is on disk."""

    ticket: int
    digest: str  # SHA-256 hex
    taken_at: datetime  # UTC site time
    pose: Pose2 | None  # where the robot was when it looked


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoUnusable:
    """The camera gave no picture that shows anything."""

    ticket: int
    because: Text
    pose: Pose2 | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryHeard:
    """The battery's word; None where it says nothing, or has been silent for too long."""

    pct: float | None  # 0..100
    charging: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingHeard:
    """The robot's own eyes say something about somebody; its picture, if it came with a usable one, is on disk."""

    sighting: Sighting  # its `photo_jpeg` is not looked at
    photo: str = ""  # SHA-256 hex of the picture; "" where there is none
    pose: Pose2 | None = None  # where the robot is; None when unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechHeard:
    """The robot's voice says how far a sentence has come."""

    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPressed:
    """The emergency stop is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopReleased:
    """The emergency stop is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost:
    """The center is not on the graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBack:
    """The center is on the graph (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time went on; about once a second."""


Answer = Arrived | NavigationFailed | NavigationSilent | DwellOver | PhotoTaken | PhotoUnusable

Event = (
    Answer
    | Started
    | OrderReceived
    | BatteryHeard
    | SightingHeard
    | SpeechHeard
    | StopPressed
    | StopReleased
    | LinkLost
    | LinkBack
    | Tick
)
