"""What the executor wants, and how far it has come with it. None of this outlives the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patrol_core.geometry import Pose2
from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Look at one checkpoint."""

    mission_id: UUID
    checkpoint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoHome:
    """Stand in the dock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Stay where it is."""

    because: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """Come nearer to something the eyes suspect, and look until they know."""

    sighting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Attend:
    """Be beside somebody the center was told about, until released."""

    sighting_id: UUID


Turn = Approach | Attend
Want = Visit | GoHome | Stand | Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Nothing to do here and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travelling:
    """On the way to a checkpoint."""

    want: Visit
    ticket: int
    attempt: int  # from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling:
    """At the checkpoint, standing still."""

    want: Visit
    ticket: int
    arrived_at: datetime  # UTC site time


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """At the checkpoint, waiting for a usable picture."""

    want: Visit
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """On the way to the dock."""

    want: GoHome
    ticket: int
    attempt: int  # from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachTravelling:
    """On the way to where somebody can be seen well."""

    want: Turn
    ticket: int
    attempt: int  # from 1
    pose: Pose2  # frame `map`


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """As near as it gets, while the eyes make up their mind."""

    want: Approach


@dataclass(frozen=True, slots=True, kw_only=True)
class Attending:
    """Beside somebody, lights on."""

    want: Attend


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Standing until it may try again."""

    want: Visit | GoHome | Turn
    until: datetime  # UTC site time
    because: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Told or forced to stand."""

    want: Stand


Phase = (
    Standing | Travelling | Dwelling | Looking | Returning | ApproachTravelling | Watching | Attending | Waiting | Held
)
