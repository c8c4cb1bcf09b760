"""What a robot says about itself, and how old that may grow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.geometry import Pose2
from patrol_core.mission import MissionState
from patrol_core.part import PartReport
from patrol_core.site import Language, Text
from patrol_core.speech import Speech


class Activity(StrEnum):
    """What the robot is doing now."""

    IDLE = "idle"  # standing, no order
    TRAVELLING = "travelling"
    INSPECTING = "inspecting"  # at a checkpoint: dwell and photo
    RETURNING = "returning"  # to its dock
    CHARGING = "charging"
    APPROACHING = "approaching"  # a closer look at something its eyes suspect
    ATTENDING = "attending"  # beside a person, lights on, until released
    HOLDING = "holding"  # told or forced to stand; `because` says why


class Link(StrEnum):
    """How the center hears a robot."""

    NEVER = "never"  # not heard since the center knows it
    ONLINE = "online"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionProgress:
    """Where the robot stands with one mission it holds; the ledger's entries travel as reports."""

    mission_id: UUID
    epoch: int  # of the newest order about this mission that the robot took
    state: MissionState
    because: Text  # reason of the state, a sentence; empty where it needs none
    done: int  # checkpoints with an entry in the ledger
    total: int
    next_checkpoint_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotState:
    """A robot's report about itself: twice a second, and at every change."""

    robot_id: str
    boot_id: UUID
    sequence: int  # rises by one within a boot
    stamped_at: datetime  # UTC site time, the robot's clock
    pose: Pose2 | None  # frame `map`; None when not localised
    speed_mps: float | None
    battery_pct: float | None  # 0..100; None when unknown
    charging: bool | None
    activity: Activity
    because: Text  # why it does that, a sentence; empty where it needs none
    order_epoch: int  # newest order taken, accepted or refused
    refused: Text  # why the order of that epoch was refused; empty when it was not
    missions: tuple[MissionProgress, ...] = ()
    parts: tuple[PartReport, ...] = ()  # vision, media, …; one that is silent is reported unavailable
    lights_on: bool | None = None  # as the lights say; None when unknown
    speaks: tuple[Language, ...] = ()  # what its loudspeaker can say now; empty where it has none, or none that works
    speech: Speech | None = None  # the newest sentence it was ordered to say


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPolicy:
    """When silence becomes link lost."""

    lost_after_s: float = 5.0

    def link(self, silence_s: float | None) -> Link:
        """The link after `silence_s` seconds of real time without a word; None means never heard."""
        if silence_s is None:
            return Link.NEVER
        return Link.LOST if silence_s > self.lost_after_s else Link.ONLINE
