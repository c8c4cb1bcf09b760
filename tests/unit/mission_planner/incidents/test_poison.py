"""No report blocks the others, whatever is in it, on either database: it is set aside, and heard where it cries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.reports import encode_payload
from mission_planner.store import inbox, incidents, schema
from mission_planner.store.inbox import Report, ReportKind, ReportState
from mission_planner.store.opening import open_store
from mission_planner.store.writer import GroupStore
from patrol_core.site import Site
from tests.helpers import postgres
from tests.unit.mission_planner.world import AT, work

WORDS = ("nul \x00 inside", "half a pair \ud800", "\x00", "x" * 5_000, "𝕏 烟", "\u2028")
NUMBERS = ("1e999", "-1e999", "1" + "0" * 400, "NaN", "9223372036854775808")
FIELDS = ("state", "unit", "boot", "note", "kind", "at")


def payloads() -> list[bytes]:
    found = [json.dumps({"state": "alarm", "value": 0.3, field: word}).encode() for field in FIELDS for word in WORDS]
    found += [json.dumps({"state": "alarm", word: word}).encode() for word in WORDS]
    found += [
        f'{{"state":"alarm","{field}":{n}}}'.encode() for field in ("value", "battery_pct", "seq") for n in NUMBERS
    ]
    found += [b"\x00", b"\xff\xfe", b'{"state":"alarm"' + b"[" * 5_000, b"[" * 100_000, b"alarm", b""]
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GroupStore]:
    server = postgres.server() if request.param == "postgresql" else None
    address = server.database() if server else None
    made = open_store(address, file=tmp_path / "center.db", site_id="tiny")
    yield made
    made.close()
    if server and address:
        server.drop(address)


@pytest.mark.parametrize("together", [True, False])
def test_every_report_is_settled_and_every_cry_is_an_incident(
    store: GroupStore, site: Site, together: bool, tmp_path: Path
) -> None:
    everything = payloads()
    topic = "tiny/sensors/smoke-1/event"
    reports = [
        Report(report_id=f"r{n}", kind=ReportKind.MQTT, topic=topic, body=encode_payload(body), received_at=AT)
        for n, body in enumerate(everything)
    ]
    if together:
        store.submit(lambda tx: inbox.keep(tx, reports)).result(30)
    else:
        for report in reports:
            store.submit(lambda tx, report=report: inbox.keep(tx, [report])).result(30)  # type: ignore[misc]
    while store.submit(lambda tx: take_reports(work(tx, site), TakeReports())).result(60):
        pass
    counts = store.submit(inbox.counts).result(30)
    assert counts[ReportState.NEW] == 0
    assert sum(counts.values()) == len(everything)
    kinds = store.submit(lambda tx: {r.incident.kind.value for r in _all(tx)}).result(30)
    assert kinds == {"smoke", "unknown"}
    assert store.submit(lambda tx: tx.conn.scalar(select(func.max(schema.cursor.c.position)))).result(30) >= len(
        everything
    )


def _all(tx: object) -> list[incidents.IncidentRow]:
    return list(incidents.newest(tx, states=(), kinds=(), limit=100, after=None).items)  # type: ignore[arg-type]
