"""What eyes take in and give back: one picture with its circumstances, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patrol_core.geometry import Point2, Pose2
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Text
from patrol_vision.pose import Box, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture, and where its camera's carrier was when it was taken."""

    picture: Picture  # rows × columns × RGB
    observed_at: datetime  # UTC site time, the camera's clock
    robot_pose: Pose2 | None  # of the carrier at that moment, frame `map`; None where nobody knows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One person who is in the picture, and what is known of them over time."""

    track_id: UUID
    box: Box
    score: float  # 0..1, that it is a person
    lying: float  # 0..1, this picture's word on it
    verdict: Verdict | None  # None: nothing about them worries
    position_m: Point2 | None  # on the ground, frame `map`
    distance_m: float | None  # along the ground; None where the feet are not on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one picture came to."""

    observed_at: datetime
    tracks: tuple[Tracked, ...]  # who is in this picture
    sightings: tuple[Sighting, ...]  # what is new, or is said again
    blind: Text | None = None  # why the picture shows nothing; then nobody was looked for
