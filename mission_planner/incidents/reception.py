"""A finding on its way into the incidents: gate, grouping, fusion, and what follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.incidents import attendance, escalation, gate, lifecycle, phrases, repeats, verification
from mission_planner.incidents.calendar_jump import Anchor, set_since
from mission_planner.incidents.fusion import (
    Cleared,
    Denied,
    Fusion,
    Joined,
    Nothing,
    Opened,
    bridged,
    fuse,
    open_one_for,
)
from mission_planner.incidents.gate import Passage
from mission_planner.incidents.grouping import locus_of
from mission_planner.incidents.ingest.adapter import DeviceReading
from mission_planner.incidents.lifecycle import SYSTEM, DecideIncident
from mission_planner.incidents.registry.registry import heard
from mission_planner.incidents.sources import source_name
from mission_planner.incidents.spreading import tell_of_spread
from mission_planner.store import devices, evidence, findings, incidents, nearby, source_states
from mission_planner.store.devices import DeviceRow
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase
from patrol_core.incident import IncidentState, Locus, Merge, Verification
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Text
from patrol_core.source import SourceKind

LATE = timedelta(seconds=30)  # a word so old may be older than the one that is kept
LINE_EVERY = timedelta(seconds=60)  # a source that keeps alarming writes one line of the timeline in so long
CROWD = 20  # sources of an incident that have a line of their own; further ones share one a minute
RIPE = 100  # conditions opened in one transaction
BY_THE_CLOCK = frozenset(  # their findings' notes say what is wrong
    {IncidentKind.DEVICE_FAULT, IncidentKind.WATER_NO_USE, IncidentKind.WATER_FLOW, IncidentKind.ELDER_NOT_SEEN}
)
EXPLAINS: Mapping[IncidentKind, frozenset[IncidentKind]] = {  # in the same building; never a life kind
    IncidentKind.POWER_CUT: frozenset({IncidentKind.DEVICE_FAULT}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRipe(Command[int]):
    """Time went on: open what has lasted long enough; answers how many were looked at."""

    looked: Anchor | None = None  # as in `Escalate`


def open_ripe(work: Work, command: OpenRipe) -> int:
    """Handler of OpenRipe."""
    if set_since(command.looked, work.moment):
        return 0
    ripe = source_states.due(work.tx, work.now, RIPE)
    for remembered in ripe:
        state, finding = gate.ripened(remembered.state)
        source_states.put(work.tx, remembered.source, remembered.kind, state)
        if finding is not None:
            _enter(work, finding, passed=True)
    return len(ripe)


def take_finding(work: Work, finding: Finding, reading: DeviceReading | None = None) -> None:
    """Fuse a finding into the incidents; a known one changes nothing."""
    if not findings.known(work.tx, finding.finding_id):
        take_new_finding(work, finding, reading)


def take_new_finding(work: Work, finding: Finding, reading: DeviceReading | None = None) -> None:
    """`take_finding` for one that is known to be new."""
    incident_id = _enter(work, finding, passed=False)
    repeats.note(work, finding, incident_id)
    if reading is not None:
        note_reading(work, reading, incident_id)


def _enter(work: Work, finding: Finding, *, passed: bool) -> UUID | None:
    """The incident it went into; None where it opened and joined nothing."""
    locus = locus_of(finding, work.site)
    candidates = _candidates(work, locus)
    join = open_one_for(finding, locus, candidates, work.now)
    if join is None and not passed and not KINDS[finding.kind].life:  # the gate lets life through at once
        state = source_states.find(work.tx, finding.source, finding.kind)
        after, passage = gate.gate(state, finding, work.now)
        if after != state:
            source_states.put(work.tx, finding.source, finding.kind, after)
        if passage is not Passage.OPEN:
            return None
    if join is None and finding.phase is Phase.RAISED and (explains := _explaining(work, locus)) is not None:
        return _explain(work, explains, finding)
    name = source_name(work.site, finding.source)
    incident_id = join.row.incident.incident_id if join is not None else work.new_id()
    fusion = fuse(finding, locus, join, work.site, now=work.now, incident_id=incident_id, name=name)
    if isinstance(fusion, Nothing):
        return None
    findings.put(work.tx, finding, fusion.row.incident.incident_id)
    work.changed(Subject.FINDING, finding.finding_id)
    _write(work, fusion, finding)
    if KINDS[finding.kind].calls:
        work.hurry(Subject.FINDING, finding.finding_id)
        work.hurry(Subject.INCIDENT, fusion.row.incident.incident_id)
    if isinstance(fusion, Joined) and len(candidates) > 1:
        _bridge(work, finding, locus, fusion.row, candidates)
    return fusion.row.incident.incident_id


def _bridge(work: Work, finding: Finding, locus: Locus, joined: IncidentRow, candidates: Sequence[IncidentRow]) -> None:
    """It belongs to several that nobody knew to be one: they become one, as if it had come first of all."""
    for other in bridged(finding, locus, joined, candidates, work.now):
        command = Merge(by=SYSTEM, into=joined.incident.incident_id)
        lifecycle.decide_incident(work, DecideIncident(incident_id=other.incident.incident_id, command=command))


def _candidates(work: Work, locus: Locus) -> tuple[IncidentRow, ...]:
    place, policy = locus.place, KINDS[locus.kind]
    known = nearby.open_near(work.tx, policy.family, policy.reach, place, locus.source)
    building_id = place.building_id if place else None
    merged = nearby.open_for_merged(work.tx, policy.family, building_id, locus.source)
    if not merged:
        return known
    there = {row.incident.incident_id for row in known}
    return (*known, *(row for row in merged if row.incident.incident_id not in there))


def _explaining(work: Work, locus: Locus) -> IncidentRow | None:
    """The open incident that explains why this source says so."""
    place = locus.place
    if place is None or KINDS[locus.kind].life:
        return None
    causes = [cause for cause, explained in EXPLAINS.items() if locus.kind in explained]
    return next(
        (
            row
            for cause in causes
            for row in nearby.open_in_building(work.tx, KINDS[cause].family, place.building_id)
            if row.incident.kind is cause
        ),
        None,
    )


def _explain(work: Work, row: IncidentRow, finding: Finding) -> UUID:
    count = row.incident.explained + 1
    incident = replace(row.incident, explained=count, changed_at=work.now)
    incidents.put(work.tx, replace(row, incident=incident))
    last = incidents.last_entry_at(work.tx, incident.incident_id, "explained")
    if last is None or abs(work.now - last) >= LINE_EVERY:
        line = phrases.explained(source_name(work.site, finding.source), count)
        incidents.add_entry(work.tx, incident.incident_id, at=work.now, kind="explained", text=line)
    findings.put(work.tx, finding, incident.incident_id)
    work.changed(Subject.FINDING, finding.finding_id)
    work.changed(Subject.INCIDENT, incident.incident_id)
    return incident.incident_id


def _write(work: Work, fusion: Opened | Joined | Cleared | Denied, finding: Finding) -> None:
    row = fusion.row
    incident_id = row.incident.incident_id
    incidents.put(work.tx, row)
    if isinstance(fusion, Opened):
        incidents.begin_timeline(work.tx, incident_id)
        escalation.begin(work, row)
    line = _line(work, fusion, finding)
    if line is not None:
        picture = next(iter(finding.evidence), None) if finding.certainty else None
        incidents.add_entry(work.tx, incident_id, at=work.now, kind=line[0], text=line[1], picture=picture)
    if isinstance(fusion, Joined) and fusion.anew and row.incident.state is IncidentState.RESOLVED:
        row = lifecycle.reopen_for_new_alarm(work, row)
    if isinstance(fusion, Joined) and fusion.corroborates:
        escalation.hasten(work, row)
    if isinstance(fusion, Joined) and fusion.why is not None:
        tell_of_spread(work, row, finding)
    for digest in finding.evidence:
        known = evidence.find(work.tx, digest) or EvidenceRow(digest=digest)
        robot_id = finding.source.source_id if finding.source.kind is SourceKind.ROBOT else None
        taken = replace(
            known,
            incident_id=incident_id,
            robot_id=known.robot_id or robot_id,
            taken_at=known.taken_at or finding.observed_at,
        )
        evidence.put(work.tx, taken)
    work.changed(Subject.INCIDENT, incident_id)
    if verification.shows(finding):
        verification.note_seen(work, row, finding)
    elif isinstance(fusion, Opened) and row.incident.verification is Verification.WAITING:
        if work.tx.gathering is None:
            verification.send_somebody(work, row)
        else:
            verification.send_of_many(work, row)
    if finding.certainty is not None and finding.source.kind is SourceKind.ROBOT:
        state = work.fleet[finding.source.source_id].state if finding.source.source_id in work.fleet else None
        if state is not None:
            attendance.settle(work, state, finding_came=True)


def _line(work: Work, fusion: Fusion, finding: Finding) -> tuple[str, Text] | None:
    """What the timeline says about it, and as what; None where it has been said."""
    name = source_name(work.site, finding.source)
    said: Text | None = None
    if finding.certainty is not None:
        kind = KINDS[finding.kind].name
        said = phrases.judged(name, finding.certainty, kind, finding.confidence, finding.model)
    elif finding.kind in BY_THE_CLOCK and finding.note.en:
        said = phrases.noticed(name, finding.note)
    match fusion:
        case Opened():
            return ("opened", said or phrases.opened(name, finding.value, finding.unit))
        case Denied():
            return ("denied", phrases.saw_nothing(name))
        case Cleared():
            return ("cleared", phrases.cleared(name))
        case Joined(surer=True) if finding.certainty is not None and said is not None:
            return (finding.certainty.value, said)
        case Joined(why=why) if why is not None and len(fusion.row.incident.loci) <= CROWD:
            return ("joined", phrases.belongs(said or phrases.opened(name, finding.value, finding.unit), why))
        case Joined():  # again, or one more of a crowd
            last = incidents.last_entry_at(work.tx, fusion.row.incident.incident_id, "joined")
            worth_a_line = fusion.rang_again or last is None or abs(work.now - last) >= LINE_EVERY
            again = said or phrases.joined_again(name, finding.value, finding.unit)
            return ("joined", again) if worth_a_line else None
        case _:
            return None


def note_reading(work: Work, reading: DeviceReading, incident_id: UUID | None) -> None:
    """Keep a sensor's word, unless a newer one is kept."""
    heard(work.site.devices, reading, work.now)
    before = devices.find(work.tx, reading.device_id)
    late = work.now - reading.observed_at > LATE
    if late and before is not None and before.last_seen_at > reading.observed_at:
        return
    row = DeviceRow(
        device_id=reading.device_id,
        state=reading.state.value if reading.state is not None else before.state if before else "unknown",
        value=reading.value,
        unit=reading.unit,
        battery_pct=reading.battery_pct,
        last_seen_at=reading.observed_at,
        incident_id=incident_id or (before.incident_id if before else None),
    )
    devices.put(work.tx, row)
    if before is None or replace(before, last_seen_at=row.last_seen_at) != row:
        work.changed(Subject.SENSOR, row.device_id)
