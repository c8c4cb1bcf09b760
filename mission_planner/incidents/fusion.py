"""What a finding means for the incidents there are: open one, join one, note that it cleared, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase, SourceKind
from patrol_core.geometry import Point2
from patrol_core.incident import KINDS, Certainty, Incident, IncidentKind, IncidentState, Verification
from patrol_core.site import Place, Site

SAME_PLACE_M: Mapping[IncidentKind, float] = {IncidentKind.PERSON_FALLEN: 3.0}  # these join by place, whoever saw it
CLEARER_M = 8.0  # a robot's suspicion from afar may have been so far off
LISTED_FINDINGS = 20  # an incident names its first findings; the others are found by its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Nobody knew of it."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The same source says so again."""

    row: IncidentRow
    rang_again: bool  # it had said it was normal in between
    surer: bool = False  # somebody is surer than anybody was before


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The source of an open incident says it is normal. People close it, devices do not."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """It is normal, and nobody thought otherwise."""


Fusion = Opened | Joined | Cleared | Nothing


def by_place(finding: Finding, open_ones: Sequence[IncidentRow]) -> IncidentRow | None:
    """The incident that `finding` is about, among those of its kind that have not ended.

    The nearest within `SAME_PLACE_M`; else what its own robot suspected from afar and now sees better; else, where a
    place is unknown, what the same source said before.
    """
    here = finding.position_m
    apart = [(r, _apart_m(finding, r)) for r in open_ones]
    near = [(away_m, r) for r, away_m in apart if away_m is not None and away_m <= SAME_PLACE_M[finding.kind]]
    if near:
        return min(near, key=lambda found: found[0])[1]
    same = [(r, away_m) for r, away_m in apart if r.source == finding.source]
    if finding.certainty is Certainty.CONFIRMED:
        for row, away_m in same:
            suspected = row.incident.certainty is Certainty.SUSPECTED
            if suspected and away_m is not None and away_m <= CLEARER_M:
                return row
    unknown = [r for r, _ in same if here is None or r.incident.position_m is None]
    fixed = [r for r, _ in same if finding.source.kind is SourceKind.DEVICE]
    return next(iter((*unknown, *fixed)), None)


def _apart_m(finding: Finding, row: IncidentRow) -> float | None:
    if finding.position_m is None or row.incident.position_m is None:
        return None
    return finding.position_m.distance_m(row.incident.position_m)


def fuse(finding: Finding, open_one: IncidentRow | None, site: Site, *, now: datetime, incident_id: UUID) -> Fusion:
    """What `finding` does.

    Args:
        open_one: the incident it belongs to that has not ended, if there is one.
        now: UTC site time.
        incident_id: for the incident that may open.
    """
    if finding.phase is Phase.CLEARED:
        if open_one is None or open_one.incident.source_cleared_at is not None:
            return Nothing()
        cleared = replace(
            open_one.incident,
            changed_at=now,
            source_cleared_at=finding.observed_at,
            findings=_listed(open_one, finding),
        )
        return Cleared(row=replace(open_one, incident=cleared))
    if open_one is not None:
        surer = _rank(finding.certainty) > _rank(open_one.incident.certainty)
        joined = replace(
            open_one.incident,
            changed_at=now,
            certainty=finding.certainty if surer else open_one.incident.certainty,
            position_m=_better_place(finding, open_one.incident, surer=surer),
            source_cleared_at=None,
            findings=_listed(open_one, finding),
            evidence=_with(open_one.incident.evidence, finding.evidence),
        )
        rang_again = open_one.incident.source_cleared_at is not None
        return Joined(row=replace(open_one, incident=joined), rang_again=rang_again, surer=surer)
    return Opened(row=_opened(finding, site, now, incident_id))


def _opened(finding: Finding, site: Site, now: datetime, incident_id: UUID) -> IncidentRow:
    policy = KINDS[finding.kind]
    device = site.devices.get(finding.source.source_id) if finding.source.kind is SourceKind.DEVICE else None
    place: Place | None = device.place if device else None
    incident = Incident(
        incident_id=incident_id,
        kind=finding.kind,
        priority=policy.priority,
        state=IncidentState.OPEN,
        opened_at=now,
        changed_at=now,
        position_m=device.position_m if device else finding.position_m,
        place=place,
        because="",
        verification=Verification.WAITING if policy.robot_verifies else Verification.NOT_NEEDED,
        findings=(finding.finding_id,),
        evidence=finding.evidence,
        certainty=finding.certainty,
    )
    return IncidentRow(incident=incident, source=finding.source)


def _rank(certainty: Certainty | None) -> int:
    return (None, Certainty.SUSPECTED, Certainty.CONFIRMED).index(certainty)


def _better_place(finding: Finding, incident: Incident, *, surer: bool) -> Point2 | None:
    """Whoever is surer was nearer; a fixed thing's place stays what the site says."""
    if incident.position_m is None or (surer and incident.place is None):
        return finding.position_m or incident.position_m
    return incident.position_m


def _listed(row: IncidentRow, finding: Finding) -> tuple[UUID, ...]:
    return (*row.incident.findings, finding.finding_id)[:LISTED_FINDINGS]


def _with(evidence: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*evidence, *(d for d in more if d not in evidence))
