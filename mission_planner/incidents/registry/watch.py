"""Looks at every device by the clock, and puts what it finds into the inbox together with the note that it was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid5

from mission_planner.incidents.ingest.meaning import CONFIDENCE, NAMESPACE
from mission_planner.incidents.registry import health_phrases as phrases
from mission_planner.incidents.registry.conditions import Cause, Conditions, Telling
from mission_planner.incidents.registry.registry import Registry, registry_of
from mission_planner.site_time import SiteTime
from mission_planner.store import conditions as stored
from mission_planner.store import inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Store, Tx
from patrol_core.codec import to_json
from patrol_core.finding import Finding, Phase
from patrol_core.site import NO_WORDS, Site
from patrol_core.source import Source, SourceKind

_UNITS = {Cause.SILENT: "h", Cause.UNUSED: "h", Cause.FLOWING: "h", Cause.BATTERY_LOW: "%"}


class Watch:
    """One look at a time; the ticker asks for it once a minute."""

    def __init__(
        self,
        *,
        store: Store,
        site: Site,
        clock: SiteTime,
        wake: Callable[[], None],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """`ready`: whether the last words of the process before are known; nobody is judged silent without them."""
        self._store = store
        self._registry: Registry = registry_of(site.devices)
        self._clock = clock
        self._wake = wake
        self._ready = ready
        self._conditions: Conditions | None = None

    @property
    def told(self) -> int:
        """How many devices are wrong now."""
        return self._conditions.told if self._conditions is not None else 0

    async def look(self) -> None:
        """Compare, and tell.

        Raises:
            ClockUnknown: the simulator has not said the time yet.
            Unavailable: the store takes no writes now; the same is found the next time.
        """
        now = self._clock.now()
        if not self._ready():
            return
        if self._conditions is None:
            self._conditions = Conditions(self._registry, await self._store.read(stored.everything), now)
        outcome = await asyncio.to_thread(self._conditions.look, now)
        if not outcome.put and not outcome.gone:
            return
        reports = [self._report(telling, now.isoformat()) for telling in outcome.tell]

        def keep(tx: Tx) -> None:
            stored.put(tx, outcome.put)
            stored.remove(tx, outcome.gone)
            inbox.keep(tx, reports)

        await self._store.write(keep)
        self._conditions.settle(outcome)
        self._wake()

    def _report(self, telling: Telling, at: str) -> Report:
        unique = f"{telling.device_id}/{telling.kind.value}/{telling.cause.value}/{telling.raised}/{at}"
        now = self._clock.now()
        finding = Finding(
            finding_id=uuid5(NAMESPACE, unique),
            source=Source(kind=SourceKind.DEVICE, source_id=telling.device_id),
            kind=telling.kind,
            phase=Phase.RAISED if telling.raised else Phase.CLEARED,
            position_m=self._registry[telling.device_id].position_m if telling.device_id in self._registry else None,
            observed_at=now,
            confidence=CONFIDENCE,
            value=telling.value,
            unit=_UNITS.get(telling.cause, "") if telling.value is not None else "",
            note=phrases.condition(telling.cause.value, telling.value, telling.count) if telling.raised else NO_WORDS,
        )
        return Report(
            report_id=finding.finding_id.hex,
            kind=ReportKind.FINDING,
            topic=telling.device_id,
            body=to_json(finding),
            received_at=now,
        )
