"""What a sensor says again so soon that it says nothing new: kept and counted, not taken through once more.

A repeat is the same alarm of the same fixed sensor, within its kind's debounce of the word that was taken through,
about an incident that is still open because of it. While more waits than is taken at once (a storm of alarms) it is a
repeat for minutes, so that nobody's first word waits behind it. It stays in the inbox with the incident it was counted
into; the sensor's live value is the newest in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from mission_planner.bus import Work
from mission_planner.store import incidents
from patrol_core.finding import Finding, Phase
from patrol_core.incident import IncidentState
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.source import SourceKind

STORM_S = 300.0  # once in so long every source is taken through, storm or not
REMEMBERED = 50_000  # words, the first ones go first; one that is not remembered is taken through
_SAID = "repeats.said"


@dataclass(frozen=True, slots=True)
class _Said:
    """The last word of a source that was taken through."""

    incident_id: UUID
    at: datetime  # UTC site time


def counted_into(work: Work, device_id: str, kind: IncidentKind, *, storm: bool) -> UUID | None:
    """The incident that knows a plain alarm of this sensor already; None where it is to be taken through."""
    said: dict[tuple[str, IncidentKind], _Said] = work.tx.memory.of(_SAID, dict)
    before = said.get((device_id, kind))
    if before is None or not 0 <= (work.now - before.at).total_seconds() < _within_s(kind, storm):
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
    if incident_id is None or not plain(finding):
        if before is not None:
            work.tx.memory.changed(partial(said.__setitem__, key, before))
            del said[key]
        return
    undo = partial(said.pop, key, None) if before is None else partial(said.__setitem__, key, before)
    work.tx.memory.changed(undo)
    if before is None and len(said) >= REMEMBERED:
        del said[next(iter(said))]
    said[key] = _Said(incident_id, work.now)


@cache
def _within_s(kind: IncidentKind, storm: bool) -> float:
    """For how long the same word says nothing new; an incident must not seem to have become quiet meanwhile."""
    policy = KINDS[kind]
    return max(policy.debounce_s, min(STORM_S, policy.window_s / 2)) if storm else policy.debounce_s


def plain(finding: Finding) -> bool:
    """An alarm of a fixed sensor that brings nothing but itself."""
    return (
        finding.phase is Phase.RAISED
        and finding.source.kind is SourceKind.DEVICE
        and finding.certainty is None
        and not finding.evidence
    )
