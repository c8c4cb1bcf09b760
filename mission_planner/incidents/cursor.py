"""The second transaction: takes reports from the inbox through understanding, fusion, incident and dispatch.

Many that wait are taken together, and what they write is written in few statements. When one breaks that, each stands
in a savepoint of its own: the one that cannot be taken through is set aside with the reason, opens (or joins) a bare
incident where somebody may be crying for help, and the next one goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from uuid import UUID, uuid5

from sqlalchemy.exc import InterfaceError, OperationalError

from mission_planner import crash
from mission_planner.bus import Command, Work
from mission_planner.fleet import progress, speaking
from mission_planner.incidents import escalation, phrases, repeats
from mission_planner.incidents.fusion import Join, Nothing, fuse
from mission_planner.incidents.grouping import SAME_SOURCE, locus_of
from mission_planner.incidents.ingest.adapter import PlainAlarm
from mission_planner.incidents.reception import note_reading, take_finding, take_new_finding
from mission_planner.incidents.registry.registry import heard
from mission_planner.incidents.reports import (
    Meaning,
    glance_at,
    meaning_of,
    meaning_of_alarm,
    plain_alarm,
    printable,
)
from mission_planner.incidents.sources import source_name
from mission_planner.incidents.verification import LOOKS_AT_ONCE
from mission_planner.people import duty
from mission_planner.store import devices, findings, inbox, incidents
from mission_planner.store.events import Subject
from mission_planner.store.inbox import DONE, Fate, Kept, Report, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from patrol_core.codec import from_json
from patrol_core.errors import InvalidInput, PatrolError
from patrol_core.finding import Finding, Phase
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind
from patrol_core.speech import Speech

log = logging.getLogger(__name__)

AT_LEAST, BATCH = 100, 2_000  # reports in one transaction, as many as are taken in
LONGEST_S = 0.1  # of real time: others get their turn in between
FEW = 8  # so many are taken together
ONE_BY_ONE = 100  # so many are taken in one transaction where one of them breaks it
RECORDS = frozenset({ReportKind.LEDGER, ReportKind.SPEECH})  # these are no findings
_PACE = "cursor.pace"
_NAMESPACE = UUID("1c0f6f0e-58a9-5b0b-8f4e-6a0d7a3f9b52")  # of finding ids of reports nobody understood


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReports(Command[int]):
    """Take what waits in the inbox, some of it; answers how many were taken, 0 when nothing waits."""


def take_reports(work: Work, _command: TakeReports) -> int:
    """Handler of TakeReports: many at once where nothing is wrong with them; else one by one, to find which it is."""
    waiting = inbox.waiting(work.tx, pace(work).batch)
    if len(waiting) >= FEW:
        fates = take_together(work, [k.report for k in waiting])
        if fates is not None:
            inbox.settle_all(work.tx, [k.seq for k in waiting], fates)
            return len(waiting)
    for kept in waiting[:ONE_BY_ONE]:
        _take_one(work, kept)
    return min(len(waiting), ONE_BY_ONE)


@dataclass(slots=True)
class Pace:
    """How many reports a transaction takes, so that it lasts as long as it may. What it is decides no incident."""

    batch: int = AT_LEAST

    def took(self, count: int, seconds: float) -> None:
        """A full batch tells how fast it goes now; one that was not full tells nothing."""
        if count >= self.batch:
            fits = int(count * LONGEST_S / max(seconds, 1e-6))
            self.batch = max(AT_LEAST, min(fits, 2 * self.batch, BATCH))


def pace(work: Work) -> Pace:
    """The writer's own."""
    return work.tx.memory.of(_PACE, Pace)


def take_together(work: Work, reports: Sequence[Report]) -> list[Fate] | None:
    """Take these together: what they write is written in few statements. What became of each.

    Returns:
        None, and nothing has been done, where one of them broke it.
    """
    storm = len(reports) >= pace(work).batch
    part = work.part(looks=LOOKS_AT_ONCE if storm else 0)  # then robots go later
    begun_s = monotonic()
    try:
        with work.tx.savepoint(), work.tx.gather():
            fates = _take_many(part, reports, storm=storm)
    except (OperationalError, InterfaceError):
        raise  # the disk, not a report: the whole batch is tried again
    except Exception as error:  # noqa: BLE001 - one by one will tell
        log.info("reports are taken one by one: %s", error)
        pace(work).batch = AT_LEAST
        return None
    pace(work).took(len(reports), monotonic() - begun_s)
    work.take_over(part)
    return fates


def _take_many(work: Work, reports: Sequence[Report], *, storm: bool) -> list[Fate]:
    """Place by place: what is near and comes close together is one incident at once, and never two that are merged.

    Sources that say nothing new in all of it are only counted, at a glance.
    """
    repeated: dict[int, tuple[PlainAlarm, UUID, Meaning | None]] = {}  # known to an incident before any is taken
    meanings: dict[int, Meaning | None] = {}  # of the others
    for i, report in enumerate(reports):
        alarm, meaning = glance_at(work, report), None
        if alarm is None and report.kind not in RECORDS:
            meaning = meaning_of(work, report)
            alarm = plain_alarm(meaning)
        incident_id = _knows(work, alarm, storm=storm)
        if alarm is not None and incident_id is not None:
            repeated[i] = (alarm, incident_id, meaning)
        else:
            meanings[i] = meaning or (meaning_of_alarm(work, report, alarm) if alarm is not None else None)
    told = [m for m in meanings.values() if m is not None]
    known = _foresee(work, told)
    telling = {f.source.source_id for m in told for f in m.findings if f.source.kind is SourceKind.DEVICE}
    fates = [DONE] * len(reports)
    for i, (alarm, incident_id, meaning) in repeated.items():
        if alarm.device_id in telling:
            meanings[i] = meaning or meaning_of_alarm(work, reports[i], alarm)
        else:
            fates[i] = _count(work, alarm, incident_id, storm=storm)
    for i in sorted(sorted(meanings), key=lambda i: _place(work, meanings[i])):
        foreseen = known if i not in repeated else None
        fates[i] = _take_through(work, reports[i], meanings[i], foreseen, storm=storm)
    crash.here("cursor-taking")
    return fates


def _place(work: Work, meaning: Meaning | None) -> tuple[str, str, int]:
    """By which reports are put side by side; those of one source stay in the order in which they came."""
    if meaning is None or meaning.reading is None:
        return ("", "", 0)
    device = work.site.devices.get(meaning.reading.device_id)
    place = device.place if device is not None else None
    return (place.building_id or "", place.unit or "", place.floor or 0) if place is not None else ("", "", 0)


def _knows(work: Work, alarm: PlainAlarm | None, *, storm: bool) -> UUID | None:
    """The incident that knows all of it already."""
    return None if alarm is None else repeats.counted_into(work, alarm.device_id, alarm.kind, storm=storm)


def _foresee(work: Work, meanings: Sequence[Meaning]) -> set[UUID]:
    """Read in one go what these will ask for: whom to tell, their devices' last words; which findings are known."""
    duty.present(work.tx, work.now, ())
    devices.foresee(work.tx, {m.reading.device_id for m in meanings if m.reading is not None})
    return set(findings.known_of(work.tx, [f.finding_id for m in meanings for f in m.findings]))


def _take_one(work: Work, kept: Kept) -> None:
    """Take one report in a savepoint of its own."""
    part, report = work.part(), kept.report
    try:
        with work.tx.savepoint():
            meaning = None if report.kind in RECORDS else meaning_of(part, report)
            fate = _take_through(part, report, meaning, None, storm=False)
    except (OperationalError, InterfaceError):
        raise  # the disk, not the report: the whole batch is tried again
    except Exception as error:
        expected = isinstance(error, PatrolError)
        log.warning("report %s set aside: %s", report.report_id, error, exc_info=not expected)
        part = work.part()
        fate = Fate(ReportState.ASIDE, printable(str(error) if expected else f"{type(error).__name__}: {error}"))
        _open_bare(part, report, fate.because)
    inbox.settle_all(work.tx, [kept.seq], [fate])
    work.take_over(part)
    crash.here("cursor-taking")


def _take_meaning(work: Work, report: Report, meaning: Meaning, known: set[UUID] | None) -> None:
    """Fuse it.

    Args:
        known: findings that are kept, where the caller has looked; this report's are added.
    """
    if meaning.claims_alarm:
        _open_bare(work, report, meaning.because, device_id=meaning.device_id)
    for finding in meaning.findings:
        if known is None:
            take_finding(work, finding, meaning.reading)
        elif finding.finding_id not in known:
            known.add(finding.finding_id)
            take_new_finding(work, finding, meaning.reading)
    if not meaning.findings and meaning.reading is not None:
        note_reading(work, meaning.reading, None)


def _take_through(work: Work, report: Report, meaning: Meaning | None, known: set[UUID] | None, *, storm: bool) -> Fate:
    """Take one report; what becomes of it.

    Args:
        meaning: None for what a robot did.
        known: as in `_take_meaning`.
        storm: more wait than are taken at once.
    """
    if meaning is None:
        _record(work, report)
        return DONE
    alarm = plain_alarm(meaning)
    incident_id = _knows(work, alarm, storm=storm)
    if alarm is not None and incident_id is not None:
        return _count(work, alarm, incident_id, storm=storm)
    _take_meaning(work, report, meaning, known)
    return Fate(ReportState.ASIDE, meaning.because) if meaning.because else DONE


def _count(work: Work, alarm: PlainAlarm, incident_id: UUID, *, storm: bool) -> Fate:
    """Its incident knows it; the newest value is shown, and in a storm written down with the next word."""
    if alarm.reading is not None and storm:
        heard(work.site.devices, alarm.reading, work.now)
    elif alarm.reading is not None:
        note_reading(work, alarm.reading, incident_id)
        work.changed(Subject.INCIDENT, incident_id)
    return Fate(ReportState.COUNTED, counted_into=incident_id)


def _record(work: Work, report: Report) -> None:
    """What a robot did: where it has been, what it said."""
    if report.kind is ReportKind.SPEECH:
        speaking.take_speech(work, from_json(Speech, report.body))
    else:
        progress.take_entry(work, from_json(LedgerEntry, report.body))


def _open_bare(work: Work, report: Report, because: str, *, device_id: str | None = None) -> None:
    """An incident that only says that something came which could not be used, one for each source."""
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
        note=Text.same(because),
    )
    if findings.known(work.tx, finding.finding_id):
        return
    open_one = incidents.open_of(work.tx, finding.source, finding.kind)
    join = Join(row=open_one, why=SAME_SOURCE) if open_one is not None else None
    name = source_name(work.site, finding.source)
    fusion = fuse(
        finding, locus_of(finding, work.site), join, work.site, now=work.now, incident_id=work.new_id(), name=name
    )
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
