"""Findings, as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from mission_planner.api.views.common import Picture, Point, See, Text, View, pictures, point, words
from mission_planner.incidents.sources import source_name
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.findings import KeptFinding
from patrol_core.finding import Phase
from patrol_core.incident import Certainty
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.source import Source, SourceKind


class SourceView(View):
    """Who noticed."""

    kind: SourceKind
    id: str
    name: Text


class FindingView(View):
    """What a source saw, heard or sensed."""

    finding_id: UUID
    kind: IncidentKind
    kind_name: Text
    phase: Phase
    source: SourceView
    position: Point | None
    observed_at: datetime
    confidence: float
    value: float | None
    unit: str
    note: Text
    evidence: list[Picture]
    incident_id: UUID | None
    certainty: Certainty | None
    model: str


def source_view(see: See, source: Source) -> SourceView:
    """A source with its name."""
    return SourceView(kind=source.kind, id=source.source_id, name=words(source_name(see.site, source)))


def finding_view(see: See, kept: KeptFinding, known: Mapping[str, EvidenceRow] | None = None) -> FindingView:
    """One finding; `known` are rows of pictures that were read already."""
    finding = kept.finding
    return FindingView(
        finding_id=finding.finding_id,
        kind=finding.kind,
        kind_name=words(KINDS[finding.kind].name),
        phase=finding.phase,
        source=source_view(see, finding.source),
        position=point(finding.position_m),
        observed_at=finding.observed_at,
        confidence=finding.confidence,
        value=finding.value,
        unit=finding.unit,
        note=words(finding.note),
        evidence=pictures(see, finding.evidence, known=known),
        incident_id=kept.incident_id,
        certainty=finding.certainty,
        model=finding.model,
    )
