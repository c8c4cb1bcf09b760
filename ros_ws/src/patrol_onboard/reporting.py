"""Brings what the executor reports to the center: into the outbox, on to the wire until heard, pictures beside it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from patrol_core.codec import to_json
from patrol_core.errors import OutboxFull
from patrol_onboard.effects import Report, ReportFinding, ReportSpeech
from patrol_onboard.equipment import Equipment

log = logging.getLogger(__name__)


class Reporting:
    """In the event loop's thread. What the full outbox refused is put when there is room."""

    def __init__(self, equipment: Equipment) -> None:
        self._use = equipment
        self._put = asyncio.Event()
        self._untold: list[
            Report | ReportFinding | ReportSpeech
        ] = []  # bounded by the memory, which keeps them on disk

    def report(self, report: Report | ReportFinding | ReportSpeech) -> None:
        """Keep it until the center has it; its pictures are for the center from now on."""
        letter = _letter(report)
        try:
            self._use.outbox.put(letter.report_id, letter.kind, letter.body, urgent=letter.urgent)
        except OutboxFull as full:
            if not self._untold:
                log.error("%s; the memory keeps it until there is room", full)
            self._untold.append(report)
            return
        self._put.set()
        for digest in letter.photos:
            self._use.photos.offer(digest)
            self._use.uploader.notice(digest, urgent=letter.urgent)

    def try_again(self) -> None:
        """There may be room now."""
        untold, self._untold = self._untold, []
        for report in untold:
            self.report(report)

    async def run(self) -> None:
        """Publish what is due, for ever; sleep while nothing waits."""
        while True:
            self._put.clear()
            for parcel in self._use.outbox.due(self._use.clock.monotonic_s()):
                self._use.mouth.publish_report(parcel)
            waiting = len(self._use.outbox) > 0
            try:
                async with asyncio.timeout(self._use.beat.outbox_s if waiting else None):
                    await self._put.wait()
            except TimeoutError:
                continue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A report as the outbox takes it."""

    report_id: UUID
    kind: str
    body: str
    urgent: bool
    photos: tuple[str, ...]


def _letter(report: Report | ReportFinding | ReportSpeech) -> _Letter:
    match report:
        case Report(entry=entry, urgent=urgent):
            return _Letter(
                report_id=entry.report_id, kind="ledger", body=to_json(entry), urgent=urgent, photos=entry.photos
            )
        case ReportFinding(finding=finding):
            return _Letter(
                report_id=finding.finding_id,
                kind="finding",
                body=to_json(finding),
                urgent=True,
                photos=finding.evidence,
            )
        case ReportSpeech(speech=speech):
            return _Letter(report_id=speech.order_id, kind="speech", body=to_json(speech), urgent=False, photos=())
