"""What a mission runs on: clock, driver, camera, stores, and the robot's node as ears and mouth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from patrol_core.clock import Clock
from patrol_core.outbox import Outbox, Parcel
from patrol_core.part import PartReport
from patrol_core.robot import RobotState
from patrol_core.speech import Speech
from patrol_onboard.driver import Camera, Driver
from patrol_onboard.executor_store import ExecutorStore
from patrol_onboard.photo_store import PhotoStore
from patrol_onboard.robot_state import Motion
from patrol_onboard.uploader import Uploader


class Ears(Protocol):
    """What the mission asks the robot's node."""

    def motion(self) -> Motion:
        """Where the robot is, whether its lights are on and what it can say, by what was heard lately."""

    def parts(self) -> tuple[PartReport, ...]:
        """How the robot's other processes fare."""

    def battery_silent(self) -> bool:
        """Whether the battery has said nothing for too long."""

    def center_present(self) -> bool:
        """Whether the center is on the graph."""


class Mouth(Protocol):
    """What the mission tells through the robot's node."""

    def publish_state(self, state: RobotState) -> None:
        """Say it once."""

    def publish_report(self, parcel: Parcel) -> None:
        """Say it once; the outbox says it again."""

    def publish_lights(self, on: bool) -> None:
        """Turn the lights on or off."""

    def publish_speech(self, speech: Speech) -> None:
        """Ask the voice for a sentence; the mission asks again until it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How often things happen. Real time."""

    state_s: float = 0.5
    tick_s: float = 1.0
    outbox_s: float = 0.5  # between two looks at reports whose next try may be due
    dwell_poll_s: float = 0.5  # site time may stop or jump


@dataclass(slots=True, kw_only=True)
class Equipment:
    """All that a mission uses; the composition root makes it."""

    clock: Clock
    driver: Driver
    camera: Camera
    store: ExecutorStore
    outbox: Outbox
    photos: PhotoStore
    uploader: Uploader
    ears: Ears
    mouth: Mouth
    boot_id: UUID
    speed: float = 1.0
    beat: Beat = Beat()
