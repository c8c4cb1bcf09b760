"""A report of the inbox: bytes as the text that is kept, and what it says."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from mission_planner.bus import Work
from mission_planner.incidents import repeats
from mission_planner.incidents.ingest.adapter import DeviceReading, NotUnderstood, PlainAlarm, glance, seen, understand
from mission_planner.store.inbox import Report, ReportKind
from patrol_core.codec import from_json
from patrol_core.finding import Finding

_BINARY = "b64:"


def encode_payload(payload: bytes) -> str:
    """Bytes as text for the inbox; what is no UTF-8, or holds a NUL (PostgreSQL takes none), travels as base64."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return _BINARY + base64.b64encode(payload).decode()
    as_it_is = "\0" not in text and not text.startswith(_BINARY)
    return text if as_it_is else _BINARY + base64.b64encode(payload).decode()


def printable(words: str) -> str:
    """Words that every database holds, whatever a sender's message made of them."""
    return words.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def decode_payload(body: str) -> bytes:
    """The inverse of `encode_payload`."""
    return base64.b64decode(body[len(_BINARY) :]) if body.startswith(_BINARY) else body.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a report says; `because` where it could not be used."""

    findings: tuple[Finding, ...] = ()
    reading: DeviceReading | None = None
    because: str = ""
    claims_alarm: bool = False
    device_id: str | None = None


def meaning_of(work: Work, report: Report) -> Meaning:
    """Of a finding or a sensor's message."""
    if report.kind is ReportKind.FINDING:
        return Meaning(findings=(from_json(Finding, report.body),))
    understood = understand(
        report.topic,
        decode_payload(report.body),
        site=work.site,
        received_at=report.received_at or work.now,
        report_id=report.report_id,
    )
    if isinstance(understood, NotUnderstood):
        because = printable(understood.because)
        return Meaning(because=because, claims_alarm=understood.claims_alarm, device_id=understood.device_id)
    return Meaning(findings=understood.findings, reading=understood.reading)


def meaning_of_alarm(work: Work, report: Report, alarm: PlainAlarm) -> Meaning:
    """As `meaning_of`, of what was seen at a glance: it is not read once more."""
    return Meaning(findings=(seen(alarm, site=work.site, report_id=report.report_id),), reading=alarm.reading)


def glance_at(work: Work, report: Report) -> PlainAlarm | None:
    """The plain alarm of a sensor's message, before anything is made of it: most of a storm is only counted."""
    if report.kind is not ReportKind.MQTT or report.body.startswith(_BINARY):
        return None
    return glance(report.topic, report.body, site=work.site, received_at=report.received_at or work.now)


def plain_alarm(meaning: Meaning) -> PlainAlarm | None:
    """As what an alarm is counted that brings nothing but itself; None for any other meaning."""
    if len(meaning.findings) != 1 or meaning.claims_alarm or meaning.because or not repeats.plain(meaning.findings[0]):
        return None
    finding = meaning.findings[0]
    return PlainAlarm(finding.source.source_id, finding.kind, meaning.reading)
