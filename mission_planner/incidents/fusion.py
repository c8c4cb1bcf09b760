"""What a finding means for the incidents there are: open one, join one, note that it cleared, or nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase, SourceKind
from patrol_core.incident import KINDS, Incident, IncidentState, Verification
from patrol_core.site import Place, Site

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The source of an open incident says it is normal. People close it, devices do not."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """It is normal, and nobody thought otherwise."""


Fusion = Opened | Joined | Cleared | Nothing


def fuse(finding: Finding, open_one: IncidentRow | None, site: Site, *, now: datetime, incident_id: UUID) -> Fusion:
    """What `finding` does.

    Args:
        open_one: the incident of the same source and kind that has not ended, if there is one.
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
        joined = replace(
            open_one.incident,
            changed_at=now,
            source_cleared_at=None,
            findings=_listed(open_one, finding),
            evidence=_with(open_one.incident.evidence, finding.evidence),
        )
        rang_again = open_one.incident.source_cleared_at is not None
        return Joined(row=replace(open_one, incident=joined), rang_again=rang_again)
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
    )
    return IncidentRow(incident=incident, source=finding.source)


def _listed(row: IncidentRow, finding: Finding) -> tuple[UUID, ...]:
    return (*row.incident.findings, finding.finding_id)[:LISTED_FINDINGS]


def _with(evidence: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*evidence, *(d for d in more if d not in evidence))
