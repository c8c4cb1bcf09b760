"""What the watch finds goes the inbox's way: one incident for maintenance, ended by the device's next word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.registry.registry import Registry, seeded
from mission_planner.incidents.registry.watch import Watch
from mission_planner.store import incidents
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.kind import IncidentKind
from patrol_core.site import Site
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, work

pytestmark = pytest.mark.anyio
SMOKE = Source(kind=SourceKind.DEVICE, source_id="smoke-1")


class Clock:
    """Site time as a test sets it."""

    def __init__(self) -> None:
        self.time = AT

    def now(self) -> datetime:
        return self.time


class Center:
    """A store, a registry, the watch, and the cursor behind it."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store, self.clock = store, Clock()
        self.registry: Registry = seeded(site.devices)
        self.site = replace(site, devices=self.registry)
        self.restart()

    def restart(self) -> None:
        self.watch = Watch(store=self.store, site=self.site, clock=self.clock, wake=lambda: None)  # type: ignore[arg-type]

    def says(self, **word: float | None) -> None:
        usual = {"value": None, "battery_pct": None}
        self.registry.words.note(0, state="normal", unit="", at=self.clock.time, **{**usual, **word})  # type: ignore[arg-type]

    async def after(self, **length: float) -> IncidentRow | None:
        """The fault's incident after so long."""
        self.clock.time += timedelta(**length)
        await self.watch.look()

        def run(tx: Tx) -> IncidentRow | None:
            take_reports(work(tx, self.site, now=self.clock.time), TakeReports())
            return incidents.open_of(tx, SMOKE, IncidentKind.DEVICE_FAULT)

        return await self.store.write(run)


async def test_a_device_that_falls_silent_is_an_incident_for_maintenance(store: SqliteStore, site: Site) -> None:
    center = Center(store, site)
    center.says()
    assert await center.after(minutes=1) is None
    assert await center.after(hours=25) is None
    row = await center.after(hours=2)
    assert row is not None
    assert [locus.source for locus in row.incident.loci] == [SMOKE]
    lines = await store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    assert any(line.text.en == "Smoke detector: silent for 27 h" for line in lines)
    center.says()
    back = await center.after(minutes=1)
    assert back is None or back.incident.source_cleared_at is not None


async def test_a_restart_tells_nothing_twice(store: SqliteStore, site: Site) -> None:
    center = Center(store, site)
    center.says()
    await center.after(minutes=1)
    first = await center.after(hours=27)
    center.restart()
    again = await center.after(minutes=1)
    assert first is not None
    assert again is not None
    assert len(again.incident.loci) == len(first.incident.loci)
    assert center.watch.told == 1


async def test_nobody_is_judged_before_the_last_words_are_back(store: SqliteStore, site: Site) -> None:
    center, ready = Center(store, site), [False]
    center.says()
    center.watch = Watch(
        store=center.store,
        site=center.site,
        clock=center.clock,  # type: ignore[arg-type]
        wake=lambda: None,
        ready=lambda: ready[0],
    )
    await center.after(minutes=1)
    assert await center.after(hours=27) is None
    ready[0] = True
    center.says()
    assert await center.after(minutes=1) is None
    assert await center.after(hours=27) is not None
