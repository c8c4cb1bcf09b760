"""Orders from the center to one robot. A robot takes them in rising epoch, and repeats are ignored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.mission import Checkpoint, MissionKind
from patrol_core.site import NO_WORDS, Language, Text


class OrderKind(StrEnum):
    """What the order asks for."""

    START = "start"  # a mission; a verify mission preempts a patrol
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    DOCK = "dock"
    RELEASE = "release"  # nobody needs the robot beside them any more
    LIGHTS_ON = "lights_on"  # until ordered off; beside somebody they are on anyway
    LIGHTS_OFF = "lights_off"
    SPEAK = "speak"  # one sentence, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. It is resent until the robot's state carries its epoch or a higher one."""

    order_id: UUID
    robot_id: str
    epoch: int  # rises by one for each order to this robot, from 1
    issued_at: datetime  # UTC site time
    kind: OrderKind
    because: Text  # the reason, for the console and the robot's log
    mission_id: UUID | None = None  # None for what is about no mission: DOCK, RELEASE, lights, SPEAK
    mission_kind: MissionKind | None = None  # START only, as are the four below
    name: Text = NO_WORDS
    checkpoints: tuple[Checkpoint, ...] = ()
    speed_mps: float = 1.2
    incident_id: UUID | None = None
    words: Text = NO_WORDS  # SPEAK only, as are all below; in one language or both
    language: Language | None = None  # in which they are said
    urgent: bool = False  # takes the place of a sentence that is not over
