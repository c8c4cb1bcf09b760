"""The inbox and its cursor on a real store, and reports for them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from mission_planner.bus import Work
from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.reception import OpenRipe, open_ripe
from mission_planner.store import inbox, incidents, schema
from mission_planner.store.inbox import Report, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.site import DeviceKind, Site
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, DIGEST, work

TOPIC = "tiny/sensors/smoke-1/event"


def mqtt(payload: dict[str, Any] | str, topic: str = TOPIC) -> Report:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return Report(report_id=uuid7().hex, kind=ReportKind.MQTT, topic=topic, body=body, received_at=AT)


def fallen(**changes: Any) -> Finding:
    usual: dict[str, Any] = {
        "finding_id": uuid7(),
        "source": Source(kind=SourceKind.ROBOT, source_id="r1"),
        "kind": IncidentKind.PERSON_FALLEN,
        "phase": Phase.RAISED,
        "position_m": Point2(50, 10),
        "observed_at": AT,
        "confidence": 0.8,
        "evidence": (DIGEST,),
    }
    return Finding(**{**usual, **changes})


def of_finding(finding: Finding) -> Report:
    return Report(
        report_id=str(finding.finding_id), kind=ReportKind.FINDING, topic="r1", body=to_json(finding), received_at=AT
    )


class Center:
    """The inbox and its cursor on a real store."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.now = AT
        self.robots: dict[str, Any] = {}
        self.works: list[Work] = []

    async def take(self, *reports: Report) -> int:
        def run(tx: Tx) -> int:
            inbox.keep(tx, reports)
            self.works.append(work(tx, self.site, now=self.now, **self.robots))
            return take_reports(self.works[-1], TakeReports())

        return await self.store.write(run)

    async def ripen(self, seconds: float) -> int:
        """The ticker's look, so long after the beginning."""
        self.now = AT + timedelta(seconds=seconds)
        return await self.store.write(lambda tx: open_ripe(work(tx, self.site, now=self.now), OpenRipe()))

    async def incidents(self) -> tuple[IncidentRow, ...]:
        page = await self.store.read(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=100, after=None))
        return tuple(reversed(page.items))

    async def states(self) -> list[ReportState]:
        query = select(schema.inbox.c.state).order_by(schema.inbox.c.seq)
        return await self.store.read(lambda tx: [ReportState(s) for s in tx.conn.scalars(query)])

    async def because(self) -> list[str]:
        query = select(schema.inbox.c.because).order_by(schema.inbox.c.seq)
        return await self.store.read(lambda tx: list(tx.conn.scalars(query)))


def with_devices(center: Center, **kinds: DeviceKind) -> None:
    """More sensors, in the flat of the smoke detector."""
    twin = center.site.devices["smoke-1"]
    more = {name: replace(twin, device_id=name, kind=kind) for name, kind in kinds.items()}
    center.site = replace(center.site, devices={**center.site.devices, **more})
