"""What a finding means for the incidents there are: open one, join one, note that it cleared, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mission_planner.incidents.grouping import SAME_SOURCE, belongs, chosen, knows, with_locus
from mission_planner.incidents.weighing import corroborated, denies, weight_of, with_weight
from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.incident import Certainty, Incident, IncidentState, Locus, Verification, Weight
from patrol_core.kind import KINDS, Reach
from patrol_core.site import Place, Site, Text
from patrol_core.source import SourceKind

LISTED_FINDINGS = 20  # an incident names its first findings; the others are found by its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The incident a finding belongs to, and why."""

    row: IncidentRow
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Nobody knew of it."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody says so again, or something of the same event."""

    row: IncidentRow
    rang_again: bool  # it had said it was normal in between
    surer: bool = False  # somebody is surer than anybody was before
    graver: bool = False  # it is of a graver kind than what was known
    why: Text | None = None  # why it belongs here; None for a source that spoke before
    corroborates: bool = False  # the first word that makes a second source of it

    @property
    def anew(self) -> bool:
        """More than the same source saying still the same."""
        return self.rang_again or self.why is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The source of an open incident says it is normal. People close it, devices do not."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A robot looked and saw nothing: that weighs, and people decide."""

    row: IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """It is normal, and nobody thought otherwise."""


Fusion = Opened | Joined | Cleared | Denied | Nothing


def open_one_for(finding: Finding, locus: Locus, open_ones: Sequence[IncidentRow], now: datetime) -> Join | None:
    """The incident that `finding` is about, among those of its hazard that have not ended; `locus` is where it is from.

    A word that it is normal again is about its own source's incident only; a robot that looked speaks of the place.
    """
    if not open_ones:
        return None
    rows = {row.incident.incident_id: row for row in open_ones}
    join = chosen(locus, [row.incident for row in open_ones], now)
    if join is None or (finding.phase is Phase.CLEARED and join[1] is not SAME_SOURCE and not denies(finding)):
        return None
    return Join(row=rows[join[0].incident_id], why=join[1])


def bridged(
    finding: Finding, locus: Locus, joined: IncidentRow, open_ones: Sequence[IncidentRow], now: datetime
) -> tuple[IncidentRow, ...]:
    """Other incidents this finding is about just as well: one event, of which the words came in another order.

    Only hazards that spread, inside a building: people's cries and what one device says stay apart.
    """
    spreads = KINDS[finding.kind].reach not in (Reach.SOURCE, Reach.FLAT)
    if not spreads or locus.place is None or finding.phase is Phase.CLEARED:
        return ()
    others = [row for row in open_ones if row.incident.incident_id != joined.incident.incident_id]
    return tuple(row for row in others if belongs(locus, row.incident, now) is not None)


def fuse(
    finding: Finding, locus: Locus, join: Join | None, site: Site, *, now: datetime, incident_id: UUID, name: Text
) -> Fusion:
    """What `finding` does.

    Args:
        locus: where it is from.
        join: the incident it belongs to that has not ended, if there is one.
        now: UTC site time.
        incident_id: for the incident that may open.
        name: of the source, for people.
    """
    if join is None:
        if finding.phase is Phase.CLEARED:
            return Nothing()
        return Opened(row=_opened(finding, locus, site, now=now, incident_id=incident_id, name=name))
    incident = join.row.incident
    weights = with_weight(incident.weights, weight_of(finding, incident, name))
    if denies(finding):
        return Denied(row=replace(join.row, incident=replace(incident, weights=weights, changed_at=now)))
    if finding.phase is Phase.CLEARED:
        return _cleared(finding, join.row, weights, now)
    surer = _rank(finding.certainty) > _rank(incident.certainty)
    graver = KINDS[finding.kind].priority < incident.priority
    new_source = join.why is not SAME_SOURCE and not knows(incident, finding.source)
    joined = replace(
        incident,
        kind=finding.kind if graver else incident.kind,
        priority=min(KINDS[finding.kind].priority, incident.priority),
        changed_at=now,
        certainty=finding.certainty if surer else incident.certainty,
        position_m=_better_place(finding, incident, surer=surer),
        source_cleared_at=None,
        findings=_listed(join.row, finding),
        evidence=_with(incident.evidence, finding.evidence),
        loci=with_locus(incident.loci, locus),
        weights=weights,
    )
    return Joined(
        row=replace(join.row, incident=joined),
        rang_again=incident.source_cleared_at is not None,
        surer=surer,
        graver=graver,
        why=join.why if new_source else None,
        corroborates=corroborated(joined) and not corroborated(incident),
    )


def _cleared(finding: Finding, row: IncidentRow, weights: tuple[Weight, ...], now: datetime) -> Fusion:
    """One source is normal again; the incident is when all of its fixed sensors are."""
    incident = row.incident
    mine = [o for o in incident.loci if o.source == finding.source and o.kind is finding.kind]
    if not mine or all(locus.cleared_at is not None for locus in mine):
        return Nothing()
    loci = tuple(replace(o, cleared_at=finding.observed_at) if o in mine else o for o in incident.loci)
    fixed = [locus for locus in loci if locus.source.kind is SourceKind.DEVICE]
    all_clear = all(locus.cleared_at is not None for locus in fixed)
    cleared = replace(
        incident,
        changed_at=now,
        source_cleared_at=now if all_clear else None,
        findings=_listed(row, finding),
        loci=loci,
        weights=weights,
    )
    return Cleared(row=replace(row, incident=cleared))


def _opened(finding: Finding, locus: Locus, site: Site, *, now: datetime, incident_id: UUID, name: Text) -> IncidentRow:
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
        position_m=locus.position_m,
        place=place,
        because="",
        verification=Verification.WAITING if policy.robot_verifies else Verification.NOT_NEEDED,
        findings=(finding.finding_id,),
        evidence=finding.evidence,
        certainty=finding.certainty,
        loci=(locus,),
        weights=(weight_of(finding, None, name),),
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
