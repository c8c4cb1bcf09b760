"""Sightings: what a robot's own eyes make of somebody over time, told to its mission before anyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.geometry import Point2
from patrol_core.kind import IncidentKind
from patrol_core.site import NO_WORDS, Text


class Verdict(StrEnum):
    """How sure the eyes are."""

    SUSPECTED = "suspected"  # come closer
    CONFIRMED = "confirmed"
    LET_GO = "let_go"  # seen well enough to say that it is not so, or gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One verdict about one tracked thing; the newest verdict of a `sighting_id` counts."""

    sighting_id: UUID  # of the track: the same for all verdicts about it
    camera_id: str
    kind: IncidentKind
    verdict: Verdict
    position_m: Point2 | None  # on the ground, frame `map`; None when the camera does not know where it is
    first_seen_at: datetime  # UTC, the camera's clock
    observed_at: datetime  # UTC, the camera's clock
    confidence: float  # 0..1, as the model card says
    model: str  # name and digest of the model set
    because: Text = NO_WORDS  # a sentence
    photo_jpeg: bytes = b""  # the best view so far; empty with LET_GO
