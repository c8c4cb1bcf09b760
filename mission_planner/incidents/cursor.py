"""The second transaction: takes reports from the inbox through understanding, fusion, incident and dispatch.

Each report stands in a savepoint of its own. One that cannot be taken through is set aside with the reason, opens (or
joins) a bare incident where somebody may be crying for help, and the next one goes on.
"""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from sqlalchemy.exc import OperationalError

from mission_planner import crash, phrases
from mission_planner.bus import Command, Work
from mission_planner.fleet import progress
from mission_planner.incidents import escalation
from mission_planner.incidents.fusion import Join, Nothing, fuse
from mission_planner.incidents.grouping import SAME_SOURCE
from mission_planner.incidents.ingest.adapter import NotUnderstood, understand
from mission_planner.incidents.reception import note_reading, take_finding
from mission_planner.incidents.sources import source_name
from mission_planner.store import findings, inbox, incidents
from mission_planner.store.events import Subject
from mission_planner.store.inbox import Kept, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from patrol_core.codec import from_json
from patrol_core.errors import InvalidInput, PatrolError
from patrol_core.finding import Finding, Phase
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry
from patrol_core.source import Source, SourceKind

log = logging.getLogger(__name__)

BATCH = 100  # reports in one transaction: others get their turn in between
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
            with work.tx.savepoint():
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
        crash.here("cursor-taking")
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
            if not understood.findings and understood.reading is not None:
                note_reading(work, understood.reading, None)
    return ""


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
    join = Join(row=open_one, why=SAME_SOURCE) if open_one is not None else None
    name = source_name(work.site, finding.source)
    fusion = fuse(finding, join, work.site, now=work.now, incident_id=work.new_id(), name=name)
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
