"""An outbox at work, and an incident for it to tell of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.store import notices
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Store
from patrol_core.ids import uuid7
from patrol_core.incident import Incident, IncidentState
from patrol_core.kind import IncidentKind, Priority
from patrol_core.site import Place
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import soon

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@asynccontextmanager
async def at_work(store: Store, outbox: Outbox) -> AsyncIterator[Outbox]:
    """The first thing it does is to note where it begins."""
    task = asyncio.create_task(outbox.run())
    await soon(lambda: store.read(lambda tx: notices.carried(tx, outbox.name) is not None))
    try:
        yield outbox
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def smoke(place: Place | None = None) -> IncidentRow:
    """A smoke incident that has just been opened."""
    incident = Incident(
        incident_id=uuid7(),
        kind=IncidentKind.SMOKE,
        priority=Priority.LIFE,
        state=IncidentState.OPEN,
        opened_at=AT,
        changed_at=AT,
        position_m=None,
        place=place,
        because="",
    )
    return IncidentRow(incident=incident, source=Source(kind=SourceKind.DEVICE, source_id="smoke-1"))
