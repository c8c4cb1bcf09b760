"""Knows when each patrol is due next, so that nothing is asked of the store until then."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from mission_planner.bus import Bus
from mission_planner.fleet.scheduling import SettlePatrol, next_due
from mission_planner.site_time import SiteTime
from mission_planner.store import patrols
from mission_planner.store.protocol import Store
from patrol_core.errors import NotFound, PatrolError

log = logging.getLogger(__name__)

RETRY_S = 1.0  # real time between two looks at a run that waits


class Scheduler:
    """Calls for patrols that are due. Forgets what it knows whenever a patrol changed."""

    def __init__(self, *, store: Store, bus: Bus, clock: SiteTime) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._due: dict[UUID, datetime | None] | None = None
        self._queued: set[UUID] = set()
        self._looked_s = float("-inf")

    def changed(self) -> None:
        """A patrol changed, or one of its runs ended."""
        self._due = None

    async def tick(self) -> None:
        """Settle what is due; one patrol's trouble is not another's."""
        now = self._clock.now_or_none()
        if now is None:
            return
        if self._due is None:
            await self._learn(now)
        wanted = {patrol_id for patrol_id, at in (self._due or {}).items() if at is not None and at <= now}
        if self._queued and self._clock.monotonic_s() - self._looked_s >= RETRY_S:
            wanted |= self._queued
        if not wanted:
            return
        self._looked_s = self._clock.monotonic_s()
        for patrol_id in sorted(wanted):
            try:
                await self._bus.handle(SettlePatrol(patrol_id=patrol_id))
            except NotFound:
                continue  # removed meanwhile
            except PatrolError as error:
                log.warning("patrol %s could not be settled: %s", patrol_id, error)
            except Exception:
                log.exception("patrol %s could not be settled", patrol_id)
        await self._learn(now)

    async def _learn(self, now: datetime) -> None:
        known = await self._store.read(patrols.everything)
        self._due = {}
        for patrol in known:
            try:
                self._due[patrol.patrol_id] = next_due(patrol, now)
            except PatrolError as error:
                self._due[patrol.patrol_id] = None
                log.warning("patrol %s has no schedule any more: %s", patrol.patrol_id, error)
        self._queued = {p.patrol_id for p in known if p.queued_due_at is not None}
