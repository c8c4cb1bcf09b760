"""What a mission executor asks the edge to do. The executor's memory is on disk before any of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from patrol_core.finding import Finding
from patrol_core.geometry import Pose2
from patrol_core.mission import LedgerEntry
from patrol_core.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo:
    """Drive to a checkpoint or nearer to somebody; answered by Arrived, NavigationFailed or NavigationSilent."""

    ticket: int
    pose: Pose2
    speed_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoToDock:
    """Drive to the robot's dock; answered as GoTo."""

    ticket: int
    pose: Pose2


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelNavigation:
    """Stop driving, whoever asked for it: also a goal of the process before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """Stand still; answered by DwellOver."""

    ticket: int
    length_s: float  # site time


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePhoto:
    """Take one picture; answered by PhotoTaken or PhotoUnusable."""

    ticket: int
    not_before: datetime  # UTC site time: an older picture shows another place
    urgent: bool  # about an incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Tell the center, for as long as it takes. The same entry may come again after a restart."""

    entry: LedgerEntry
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinding:
    """Tell the center what the eyes saw, urgently; its pictures may leave the robot. After a restart it comes again."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPhoto:
    """A picture of a sighting that nobody was told about is not needed: it never leaves the robot."""

    digest: str  # SHA-256 hex


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLights:
    """Turn the robot's lights on or off."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Ask the voice for a sentence; it says each one at most once, however often it is asked."""

    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpeech:
    """Tell the center what became of a sentence. After a restart it comes again."""

    speech: Speech


Effect = (
    GoTo
    | GoToDock
    | CancelNavigation
    | Dwell
    | TakePhoto
    | Report
    | ReportFinding
    | ReportSpeech
    | ForgetPhoto
    | SetLights
    | Say
)
