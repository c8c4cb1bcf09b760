"""The first transaction for fixed sensors: a batch of MQTT messages into the inbox; and the cursor that follows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from mission_planner import crash
from mission_planner.bus import Bus
from mission_planner.incidents.cursor import TakeReports, encode_payload
from mission_planner.incidents.ingest.adapter import message_id
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.store import inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Store
from patrol_core.errors import PatrolError
from patrol_core.ids import uuid7

log = logging.getLogger(__name__)

RETRY_S = 0.5  # real time


class Inlet:
    """Keeps raw reports, and takes them through the second transaction as they come."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._something = asyncio.Event()
        self._something.set()  # what was left by the process before
        self.trouble: str | None = None

    async def keep(self, messages: Sequence[RawMessage]) -> None:
        """The listener's sink: returns after the commit.

        Raises:
            Unavailable: not kept; the publishers send again.
        """
        await self.keep_reports([report_of(m) for m in messages])

    async def keep_reports(self, reports: Sequence[Report]) -> None:
        """As `keep`, for what came another way."""
        crash.here("inbox-before-commit")
        await self._store.write(lambda tx: inbox.keep(tx, reports), vital=True)
        crash.here("inbox-after-commit")
        self.wake()

    def wake(self) -> None:
        """Something new is in the inbox."""
        self._something.set()

    async def run(self, bus: Bus) -> None:
        """Take reports through, for ever; the disk's trouble is waited out."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                while await bus.handle(TakeReports()):
                    crash.here("cursor-after-commit")
                self.trouble = None
            except PatrolError as error:
                if self.trouble != str(error):
                    log.warning("reports wait in the inbox: %s", error)
                self.trouble = str(error)
                await asyncio.sleep(RETRY_S)
                self._something.set()


def report_of(message: RawMessage) -> Report:
    """A message without anything that makes it unique gets an id of its own: it can come twice, never be lost."""
    return Report(
        report_id=message_id(message.topic, message.payload) or uuid7().hex,
        kind=ReportKind.MQTT,
        topic=message.topic,
        body=encode_payload(message.payload),
        received_at=message.received_at,
    )
