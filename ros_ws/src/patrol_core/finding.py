"""Findings: what a robot, camera, device or person noticed, before anyone judged it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.geometry import Point2
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.site import NO_WORDS, Text
from patrol_core.source import Source


class Phase(StrEnum):
    """Whether the condition began or ended."""

    RAISED = "raised"
    CLEARED = "cleared"  # the device says it is normal again


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a source saw, heard or sensed."""

    finding_id: UUID  # made by the source, or derived from what makes its message unique
    source: Source
    kind: IncidentKind
    phase: Phase
    position_m: Point2 | None  # frame `map`; None when the source does not know where it is
    observed_at: datetime  # UTC, the source's clock; the time of receipt where it has none
    confidence: float  # 0..1
    value: float | None = None  # the measured quantity, in `unit`
    unit: str = ""
    note: Text = NO_WORDS
    evidence: tuple[str, ...] = ()  # SHA-256 hex of each picture
    certainty: Certainty | None = None  # None where the source does not judge
    model: str = ""  # name and digest of the model that judged; "" where none did
