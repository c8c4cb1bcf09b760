"""The second transaction: takes reports from the inbox through understanding, fusion, incident and dispatch.

Each report stands in a savepoint of its own. One that cannot be taken through is set aside with the reason, opens (or
joins) a bare incident where somebody may be crying for help, and the next one goes on.
"""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy.exc import OperationalError

from mission_planner import phrases
from mission_planner.bus import Command, Work
from mission_planner.fleet import progress
from mission_planner.incidents import attendance, escalation, verification
from mission_planner.incidents.fusion import SAME_PLACE_M, Cleared, Joined, Nothing, Opened, by_place, fuse
from mission_planner.incidents.ingest.adapter import DeviceReading, NotUnderstood, understand
from mission_planner.incidents.sources import source_name
from mission_planner.store import devices, evidence, findings, inbox, incidents
from mission_planner.store.devices import DeviceRow
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.inbox import Kept, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from patrol_core.codec import from_json
from patrol_core.errors import InvalidInput, PatrolError
from patrol_core.finding import Finding, Phase, Source, SourceKind
from patrol_core.incident import KINDS, IncidentKind, Verification
from patrol_core.mission import LedgerEntry
from patrol_core.site import Text

log = logging.getLogger(__name__)

BATCH = 100  # reports in one transaction: others get their turn in between
LATE = timedelta(seconds=30)  # a word so old may be older than the one that is kept
LINE_EVERY = timedelta(seconds=60)  # a source that keeps alarming writes one line of the timeline in so long
_BINARY = "b64:"
_NAMESPACE = UUID("1c0f6f0e-58a9-5b0b-8f4e-6a0d7a3f9b52")  # of finding ids of reports nobody understood


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReports(Command[int]):
    """Take what waits in the inbox, at most `BATCH`; answers how many were taken."""


def take_reports(work: Work, _command: TakeReports) -> int:
    """Handler of TakeReports."""
    waiting = inbox.waiting(work.tx, BATCH)
    for kept in waiting:
        part = replace(work, orders=[], changed_subjects=[])
        try:
            with work.tx.conn.begin_nested():
                because = _take_through(part, kept)
        except OperationalError:
            raise  # the disk, not the report: the whole batch is tried again
        except Exception as error:
            expected = isinstance(error, PatrolError)
            log.warning("report %s set aside: %s", kept.report.report_id, error, exc_info=not expected)
            part = replace(work, orders=[], changed_subjects=[])
            because = str(error) if expected else f"{type(error).__name__}: {error}"
            _open_bare(part, kept, because)
        inbox.settle(work.tx, kept.seq, ReportState.ASIDE if because else ReportState.DONE, because)
        work.orders.extend(part.orders)
        work.changed_subjects.extend(part.changed_subjects)
    return len(waiting)


def encode_payload(payload: bytes) -> str:
    """Bytes as text for the inbox; what is no UTF-8 travels as base64."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return _BINARY + base64.b64encode(payload).decode()
    return _BINARY + base64.b64encode(payload).decode() if text.startswith(_BINARY) else text


def decode_payload(body: str) -> bytes:
    """The inverse of `encode_payload`."""
    return base64.b64decode(body[len(_BINARY) :]) if body.startswith(_BINARY) else body.encode()


def _take_through(work: Work, kept: Kept) -> str:
    """Take one report; why it had to be set aside, or nothing."""
    report = kept.report
    match report.kind:
        case ReportKind.FINDING:
            take_finding(work, from_json(Finding, report.body))
        case ReportKind.LEDGER:
            progress.take_entry(work, from_json(LedgerEntry, report.body))
        case ReportKind.MQTT:
            understood = understand(
                report.topic,
                decode_payload(report.body),
                site=work.site,
                received_at=report.received_at or work.now,
                report_id=report.report_id,
            )
            if isinstance(understood, NotUnderstood):
                if understood.claims_alarm:
                    _open_bare(work, kept, understood.because, device_id=understood.device_id)
                return understood.because
            for finding in understood.findings:
                take_finding(work, finding, understood.reading)
    return ""


def take_finding(work: Work, finding: Finding, reading: DeviceReading | None = None) -> None:
    """Fuse a finding into the incidents; a known one changes nothing."""
    if findings.known(work.tx, finding.finding_id):
        return
    if finding.kind in SAME_PLACE_M:
        open_one = by_place(finding, incidents.open_of_kind(work.tx, finding.kind))
    else:
        open_one = incidents.open_of(work.tx, finding.source, finding.kind)
    fusion = fuse(finding, open_one, work.site, now=work.now, incident_id=work.new_id())
    incident_id = None if isinstance(fusion, Nothing) else fusion.row.incident.incident_id
    if incident_id is not None:
        findings.put(work.tx, finding, incident_id)
        work.changed(Subject.FINDING, finding.finding_id)
    if reading is not None:
        _note_reading(work, reading, incident_id)
    if not isinstance(fusion, Nothing):
        _write(work, fusion, finding)


def _write(work: Work, fusion: Opened | Joined | Cleared, finding: Finding) -> None:
    row = fusion.row
    incident_id = row.incident.incident_id
    incidents.put(work.tx, row)
    if isinstance(fusion, Opened):
        escalation.begin(work, row)
    line = _line(work, fusion, finding)
    if line is not None:
        picture = next(iter(finding.evidence), None) if finding.certainty else None
        incidents.add_entry(work.tx, incident_id, at=work.now, kind=line[0], text=line[1], picture=picture)
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
        verification.send_somebody(work, row)
    if finding.certainty is not None and finding.source.kind is SourceKind.ROBOT:
        state = work.fleet[finding.source.source_id].state if finding.source.source_id in work.fleet else None
        if state is not None:
            attendance.settle(work, state)


def _line(work: Work, fusion: Opened | Joined | Cleared, finding: Finding) -> tuple[str, Text] | None:
    """What the timeline says about it, and as what; None where it has been said."""
    name = source_name(work.site, finding.source)
    if isinstance(fusion, Cleared):
        return ("cleared", phrases.cleared(name))
    said: Text | None = None
    if finding.certainty is not None:
        kind = KINDS[finding.kind].name
        said = phrases.judged(name, finding.certainty, kind, finding.confidence, finding.model)
    if isinstance(fusion, Opened):
        return ("opened", said or phrases.opened(name, finding.value, finding.unit))
    if fusion.surer and finding.certainty is not None and said is not None:
        return (finding.certainty.value, said)
    last = incidents.last_entry_at(work.tx, fusion.row.incident.incident_id, "joined")
    worth_a_line = fusion.rang_again or last is None or abs(work.now - last) >= LINE_EVERY
    return ("joined", said or phrases.joined_again(name, finding.value, finding.unit)) if worth_a_line else None


def _note_reading(work: Work, reading: DeviceReading, incident_id: UUID | None) -> None:
    """Keep a sensor's word, unless a newer one is kept."""
    before = devices.find(work.tx, reading.device_id)
    late = work.now - reading.observed_at > LATE
    if late and before is not None and before.last_seen_at > reading.observed_at:
        return
    row = DeviceRow(
        device_id=reading.device_id,
        state=reading.state.value,
        value=reading.value,
        unit=reading.unit,
        battery_pct=reading.battery_pct,
        last_seen_at=reading.observed_at,
        incident_id=incident_id or (before.incident_id if before else None),
    )
    devices.put(work.tx, row)
    if before is None or replace(before, last_seen_at=row.last_seen_at) != row:
        work.changed(Subject.SENSOR, row.device_id)


def _open_bare(work: Work, kept: Kept, because: str, *, device_id: str | None = None) -> None:
    """An incident that only says that something came which could not be used, one for each source."""
    report = kept.report
    known_device = device_id is not None and device_id in work.site.devices
    kind = {ReportKind.MQTT: SourceKind.DEVICE}.get(report.kind, SourceKind.ROBOT)
    source_id = (device_id or report.topic)[:64] if report.kind is ReportKind.MQTT else report.topic[:64]
    finding = Finding(
        finding_id=uuid5(_NAMESPACE, report.report_id),
        source=Source(kind=kind, source_id=source_id),
        kind=IncidentKind.UNKNOWN,
        phase=Phase.RAISED,
        position_m=work.site.device(source_id).position_m if known_device else None,
        observed_at=report.received_at or work.now,
        confidence=0.0,
        note=because,
    )
    if findings.known(work.tx, finding.finding_id):
        return
    open_one = incidents.open_of(work.tx, finding.source, finding.kind)
    fusion = fuse(finding, open_one, work.site, now=work.now, incident_id=work.new_id())
    if isinstance(fusion, Nothing):
        raise InvalidInput("a raised finding always has an incident")
    row: IncidentRow = fusion.row
    incident_id = row.incident.incident_id
    findings.put(work.tx, finding, incident_id)
    incidents.put(work.tx, replace(row, incident=replace(row.incident, because=because)))
    if open_one is None:
        escalation.begin(work, row)
        incidents.add_entry(
            work.tx, incident_id, at=work.now, kind="opened", text=phrases.not_understood(source_id, because)
        )
    work.changed(Subject.FINDING, finding.finding_id)
    work.changed(Subject.INCIDENT, incident_id)
