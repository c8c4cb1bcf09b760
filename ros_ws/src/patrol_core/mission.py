"""Missions: what a robot is sent to do, the ledger of what it did, and the one table of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.errors import IllegalTransition
from patrol_core.geometry import Pose2
from patrol_core.site import NO_WORDS, Text


class MissionKind(StrEnum):
    """Why a robot drives."""

    PATROL = "patrol"
    VERIFY = "verify"  # look at the place of an incident


class MissionState(StrEnum):
    """Where a mission stands. The reason for a state is `because`, never another state."""

    ASSIGNED = "assigned"  # the center ordered it; the robot has not said it took it
    UNDERWAY = "underway"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"

    @property
    def ended(self) -> bool:
        return self in (MissionState.DONE, MissionState.CANCELLED, MissionState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionEvent:
    """Something that moves a mission from one state to the next."""

    because: Text = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(MissionEvent):
    """The robot took the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(MissionEvent):
    """The robot cannot; `because` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preempted(MissionEvent):
    """Something more urgent came, or the battery is low."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(MissionEvent):
    """The robot goes on with the first checkpoint not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheckpointDone(MissionEvent):
    """Every checkpoint has its entry in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(MissionEvent):
    """Called off by a person or the planner."""


TRANSITIONS: Mapping[tuple[MissionState, type[MissionEvent]], MissionState] = {
    (MissionState.ASSIGNED, Accepted): MissionState.UNDERWAY,
    (MissionState.ASSIGNED, Refused): MissionState.REFUSED,
    (MissionState.ASSIGNED, Cancelled): MissionState.CANCELLED,
    (MissionState.UNDERWAY, Preempted): MissionState.PAUSED,
    (MissionState.UNDERWAY, LastCheckpointDone): MissionState.DONE,
    (MissionState.UNDERWAY, Cancelled): MissionState.CANCELLED,
    (MissionState.PAUSED, Resumed): MissionState.UNDERWAY,
    (MissionState.PAUSED, Cancelled): MissionState.CANCELLED,
}


class Outcome(StrEnum):
    """How a checkpoint ended."""

    SEEN = "seen"  # reached, and a usable photo taken
    NO_EVIDENCE = "no_evidence"  # reached, but the camera gave no usable photo; `because` says why
    SKIPPED = "skipped"  # not reached; `because` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A stop of a mission."""

    checkpoint_id: str  # unique within the mission; the viewpoint's id on patrols
    pose: Pose2  # where the robot stands, frame `map`; the camera looks along the heading
    name: Text
    dwell_s: float = 2.0  # site time standing still before the photo


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What happened at one checkpoint. A second entry for a checkpoint is no error; the first counts."""

    report_id: UUID  # UUIDv7 made by the robot; a known id is ignored
    mission_id: UUID
    robot_id: str
    checkpoint_id: str
    outcome: Outcome
    because: Text
    at: datetime  # UTC site time, the robot's clock
    pose: Pose2 | None  # where the robot was when it looked, frame `map`
    photos: tuple[str, ...] = ()  # SHA-256 hex of each picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """One robot's task: checkpoints in order, and the ledger of those that ended."""

    mission_id: UUID
    kind: MissionKind
    robot_id: str
    name: Text
    checkpoints: tuple[Checkpoint, ...]
    speed_mps: float = 1.2
    state: MissionState = MissionState.ASSIGNED
    because: Text = NO_WORDS
    incident_id: UUID | None = None  # what a verify mission is about
    ledger: Mapping[str, LedgerEntry] = field(default_factory=dict)

    @property
    def next_checkpoint(self) -> Checkpoint | None:
        """The first checkpoint without an entry."""
        return next((c for c in self.checkpoints if c.checkpoint_id not in self.ledger), None)

    def with_entry(self, entry: LedgerEntry) -> Mission:
        """The mission with `entry` in its ledger; a checkpoint already there keeps its first entry."""
        if entry.checkpoint_id in self.ledger:
            return self
        return replace(self, ledger={**self.ledger, entry.checkpoint_id: entry})


def advance(mission: Mission, event: MissionEvent) -> Mission:
    """The mission after `event`; raises IllegalTransition naming both."""
    try:
        state = TRANSITIONS[mission.state, type(event)]
    except KeyError:
        raise IllegalTransition(mission.state, event) from None
    return replace(mission, state=state, because=event.because)
