"""The first transaction for fixed sensors: reports durable before anybody looks at them; and the cursor that follows.

Where the store has a place for arrivals they are kept there at once, and drawn into the inbox afterwards: calls for a
person first. Only then are they read: what a message's id is, and later what it means.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from mission_planner import crash
from mission_planner.bus import Bus
from mission_planner.incidents.drawing import TakeArrivals, Taken, report_from
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.incidents.ingest.urgency import urgency_of
from mission_planner.incidents.reports import encode_payload
from mission_planner.store import inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Arrival, Store, Urgency
from patrol_core.errors import PatrolError
from patrol_core.site import Site

log = logging.getLogger(__name__)

RETRY_S = 0.5  # real time


class Inlet:
    """Keeps raw reports, and takes them through the second transaction as they come."""

    def __init__(self, store: Store, site: Site) -> None:
        self._store = store
        self._site = site
        self._arrivals = store.arrivals
        self._something = asyncio.Event()
        self._something.set()  # what was left by the process before
        self._arrived = True  # likewise
        self._storm = False
        self.trouble: str | None = None

    async def keep(self, messages: Sequence[RawMessage]) -> None:
        """The listener's sink: returns after the commit.

        Raises:
            Unavailable: not kept; the publishers send again.
        """
        kind = ReportKind.MQTT.value
        await self._keep([Arrival(kind, None, m.topic, encode_payload(m.payload), m.received_at) for m in messages])

    async def keep_reports(self, reports: Sequence[Report]) -> None:
        """As `keep`, for what came another way."""
        await self._keep([Arrival(r.kind.value, r.report_id, r.topic, r.body, r.received_at) for r in reports])

    async def _keep(self, came: Sequence[Arrival]) -> None:
        crash.here("inbox-before-commit")
        if self._arrivals is not None:
            by_urgency: dict[Urgency, list[Arrival]] = {}
            for arrival in came:
                by_urgency.setdefault(urgency_of(arrival.topic, self._site), []).append(arrival)
            await self._arrivals.keep(by_urgency)
            self._arrived = True
        else:
            await self._store.write(lambda tx: inbox.keep(tx, [report_from(a) for a in came]), vital=True)
        crash.here("inbox-after-commit")
        self.wake()

    def wake(self) -> None:
        """Something new has come."""
        self._something.set()

    async def run(self, bus: Bus) -> None:
        """Take reports through, for ever; the disk's trouble is waited out."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self._take_all(bus)
                self.trouble = None
            except PatrolError as error:
                if self.trouble != str(error):
                    log.warning("reports wait in the inbox: %s", error)
                self.trouble = str(error)
                await asyncio.sleep(RETRY_S)
                self._something.set()

    async def _take_all(self, bus: Bus) -> None:
        """Turn after turn; while more waits than one takes the next is ordered already, and the writer never rests."""
        next_one: asyncio.Task[Taken] | None = None
        while True:
            turn = next_one or asyncio.ensure_future(self._turn(bus))
            next_one = asyncio.ensure_future(self._turn(bus)) if self._storm else None
            try:
                done = await turn
            except BaseException:
                if next_one is not None:
                    await asyncio.gather(next_one, return_exceptions=True)
                raise
            crash.here("cursor-after-commit")
            self._storm = done.full
            if next_one is None and not (done.drawn or done.taken):
                return

    async def _turn(self, bus: Bus) -> Taken:
        """Take some through, of the inbox or of what has arrived."""
        draws, self._arrived = self._arrived or self._storm, False
        try:
            done = await bus.handle(TakeArrivals(arrivals=self._arrivals if draws else None))
        except BaseException:
            self._arrived = True
            raise
        if done.drawn and self._arrivals is not None:
            crash.here("arrivals-drawn-in")
            self._arrivals.forget(done.upto)
        self._arrived = self._arrived or (draws and bool(done.drawn or done.taken))
        return done
