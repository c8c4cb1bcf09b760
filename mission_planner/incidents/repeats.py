"""What a source says again while a storm of alarms lasts: kept and counted, so that no first word waits behind it.

Only while more waits than is taken at once. A repeat is the same alarm of the same fixed sensor, within a minute of the
word that was taken through, about an incident that is still open because of it. It stays in the inbox with the incident
it was counted into, and the sensor's live value is the newest; the incident itself learns nothing it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from mission_planner.bus import Work
from mission_planner.store import incidents
from patrol_core.finding import Finding, Phase
from patrol_core.incident import IncidentState
from patrol_core.kind import IncidentKind
from patrol_core.source import SourceKind

WITHIN = timedelta(seconds=60)  # once in so long every source is taken through, storm or not
REMEMBERED = 50_000  # words, the first ones go first; one that is not remembered is taken through
_SAID = "repeats.said"


@dataclass(frozen=True, slots=True)
class _Said:
    """The last word of a source that was taken through."""

    incident_id: UUID
    at: datetime  # UTC site time


def counted_into(work: Work, finding: Finding) -> UUID | None:
    """The incident that knows it already; None where it is to be taken through."""
    said: dict[tuple[str, IncidentKind], _Said] = work.tx.memory.of(_SAID, dict)
    before = said.get((finding.source.source_id, finding.kind)) if _plain(finding) else None
    if before is None or not timedelta(0) <= work.now - before.at < WITHIN:
        return None
    row = incidents.open_index(work.tx).rows.get(before.incident_id)
    if row is None or row.incident.state is IncidentState.RESOLVED or row.incident.source_cleared_at is not None:
        return None
    return before.incident_id


def note(work: Work, finding: Finding, incident_id: UUID | None) -> None:
    """It was taken through, into this incident; None: into none."""
    if finding.source.kind is not SourceKind.DEVICE:
        return
    said: dict[tuple[str, IncidentKind], _Said] = work.tx.memory.of(_SAID, dict)
    key, before = (finding.source.source_id, finding.kind), said.get((finding.source.source_id, finding.kind))
    if incident_id is None or not _plain(finding):
        if before is not None:
            work.tx.memory.changed(partial(said.__setitem__, key, before))
            del said[key]
        return
    undo = partial(said.pop, key, None) if before is None else partial(said.__setitem__, key, before)
    work.tx.memory.changed(undo)
    if before is None and len(said) >= REMEMBERED:
        del said[next(iter(said))]
    said[key] = _Said(incident_id, work.now)


def _plain(finding: Finding) -> bool:
    """An alarm of a fixed sensor that brings nothing but itself."""
    return (
        finding.phase is Phase.RAISED
        and finding.source.kind is SourceKind.DEVICE
        and finding.certainty is None
        and not finding.evidence
    )
