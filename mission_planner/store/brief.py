"""What a line of the queue shows of an incident, kept beside its body so that the body need not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mission_planner.incidents.weighing import weighed
from patrol_core.incident import Incident
from patrol_core.site import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """As of the incident's last change."""

    place: Place | None
    sources: int
    cleared_at: datetime | None
    probability: float | None  # 0..1; None where it was never weighed
    thumbnail: str | None  # SHA-256 hex of its first picture


def brief_of(incident: Incident) -> Brief:
    """The line of an incident."""
    return Brief(
        place=incident.place,
        sources=len(incident.loci),
        cleared_at=incident.source_cleared_at,
        probability=weighed(incident.weights, incident.changed_at).probability,
        thumbnail=next(iter(incident.evidence), None),
    )
