"""A database of every earlier version comes to the newest schema, with every row it held, on both stores.

Each revision's database is made here by running the migrations up to it and putting two rows into every table, whatever
its columns are; afterwards today's code reads them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Column, Connection, Engine, MetaData, create_engine, func, insert, select
from sqlalchemy.types import JSON, Boolean, Float, Integer, String

from mission_planner.incidents.chain_check import verify
from mission_planner.incidents.ingest.adapter import message_id
from mission_planner.store import (
    clocks,
    evidence,
    findings,
    inbox,
    incidents,
    missions,
    orders,
    patrols,
    robots,
    schema,
)
from mission_planner.store.migrate import HEAD, MIGRATIONS, upgrade
from mission_planner.store.opening import open_store
from mission_planner.store.postgres import postgres_url
from mission_planner.store.protocol import Tx
from patrol_core.codec import to_json
from patrol_core.geometry import Pose2
from patrol_core.incident import IncidentState
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry, Mission, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from tests.helpers import postgres
from tests.unit.mission_planner.world import AT, state

REVISIONS = sorted(r.revision for r in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
SITE, STAMP = "xinghe", "2026-03-02T08:00:00.000000Z"
ID = [f"018f0000-0000-7000-8000-00000000000{n}" for n in range(2)]


@dataclass(frozen=True)
class Place:
    """An empty database of one kind."""

    address: str | None
    file: Path

    @property
    def url(self) -> URL:
        return postgres_url(self.address) if self.address else URL.create("sqlite", database=str(self.file))


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    server = postgres.server() if request.param == "postgresql" else None
    address = server.database() if server else None
    yield Place(address=address, file=tmp_path / "center.db")
    if server and address:
        server.drop(address)


def bodies(number: int) -> Mapping[str, str]:
    """Bodies as the first version wrote them, where what is written has a form."""
    source = {"kind": "device", "source_id": f"smoke-{number}"}
    finding = {"finding_id": ID[number], "source": source, "kind": "smoke", "phase": "raised", "position_m": None}
    finding |= {"observed_at": "2026-03-02T08:00:00+00:00", "confidence": 1.0}
    incident = {"incident_id": ID[number], "kind": "smoke", "state": "open", "priority": "1", "verification": "waiting"}
    incident |= {"opened_at": "2026-03-02T08:00:00+00:00", "changed_at": "2026-03-02T08:00:00+00:00"}
    incident |= {"position_m": None, "place": {"building_id": "b1", "unit": "1", "floor": 2, "flat": "201"}}
    incident |= {"evidence": [], "because": ""}
    mission = Mission(
        mission_id=UUID(ID[number]),
        kind=MissionKind.VERIFY,
        robot_id="r1",
        name="look",
        state=MissionState.DONE,
        checkpoints=(),
    )
    order = Order(
        order_id=UUID(ID[number]),
        robot_id="r1",
        epoch=number + 1,
        kind=OrderKind.CANCEL,
        because="",
        mission_id=UUID(ID[number]),
        issued_at=AT,
    )
    entry = LedgerEntry(
        report_id=UUID(ID[number]),
        mission_id=UUID(ID[number]),
        robot_id="r1",
        checkpoint_id=f"vp-{number}",
        outcome=Outcome.SEEN,
        because="",
        at=AT,
        pose=Pose2(x_m=0, y_m=0),
        photos=(),
    )
    return {
        "findings": json.dumps(finding),
        "incidents": json.dumps(incident),
        "missions": to_json(mission),
        "orders": to_json(order),
        "ledger": to_json(entry),
        "inbox": "{}",
        "sla_clocks": "",
        "calendar_anchors": "",
    }


KNOWN: Mapping[tuple[str, str], Any] = {
    ("incidents", "kind"): "smoke",
    ("incidents", "state"): "open",
    ("incidents", "priority"): "1",
    ("incidents", "source_kind"): "device",
    ("incidents", "verification"): "waiting",
    ("findings", "kind"): "smoke",
    ("findings", "phase"): "raised",
    ("findings", "source_kind"): "device",
    ("inbox", "kind"): "mqtt",
    ("inbox", "state"): "done",
    ("inbox", "body"): "{}",
    ("patrols", "missed"): "skip",
    ("patrols", "overlap"): "skip",
    ("runs", "state"): "done",
    ("missions", "kind"): "verify",
    ("missions", "state"): "done",
    ("missions", "robot_id"): "r1",
    ("orders", "kind"): "cancel",
    ("orders", "robot_id"): "r1",
    ("evidence", "media_type"): "image/jpeg",
    ("evidence", "complete"): True,
    ("sessions", "username"): "username-0",
}
# Filled only by code of their own version: their bodies are whole state machines of that version.
NOT_FILLED = {"alembic_version", "chain", "pruned", "sla_clocks", "calendar_anchors", "source_states", "floods"}


def value(column: Column[Any], number: int) -> Any:
    """Something that fits the column; the same for the same number."""
    table, name = column.table.name, column.name
    if (table, name) in KNOWN:
        return KNOWN[table, name]
    if name == "site_id":
        return SITE
    if name == "body" and table in bodies(number):
        return bodies(number)[table]
    if name == "state" and table == "robots":
        return to_json(state("r1"))
    if name.endswith("_at") or name in ("at", "due_at", "settled_until", "shelved_until", "seen_at"):
        return STAMP
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, (Integer, Float)):
        return number + 1
    if isinstance(column.type, JSON) or name in ("roles", "tell", "robot_ids", "viewpoint_ids", "topics"):
        return [] if name in ("roles", "tell", "robot_ids", "viewpoint_ids", "topics") else {"zh": "一", "en": "one"}
    if getattr(column.type, "length", None) == 36:
        return ID[number] if name.endswith("_id") else None
    if column.nullable and isinstance(column.type, (String, JSON)) and not name.endswith("_id"):
        return None  # words of later versions, each with its own few values
    if name == "digest":
        return f"{number:064x}"
    return f"{name}-{number}"[: getattr(column.type, "length", None) or 64]


def fill(conn: Connection) -> dict[str, int]:
    """Two rows into every table; how many each holds."""
    metadata = MetaData()
    metadata.reflect(conn)
    counts: dict[str, int] = {}
    for table in metadata.sorted_tables:
        if table.name in NOT_FILLED:
            continue
        rows = [{c.name: value(_typed(c), number) for c in table.columns} for number in range(2)]
        conn.execute(table.insert(), rows)
        counts[table.name] = 2
    if conn.dialect.name == "postgresql":
        go_on_numbering(conn, metadata)
    return counts


def go_on_numbering(conn: Connection, metadata: MetaData) -> None:
    """As a database that has run: what is numbered next is above what is there."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.server_default is not None and "nextval" in str(column.server_default.arg):  # type: ignore[attr-defined]
                highest = f"SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}"
                sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
                conn.exec_driver_sql(f"SELECT setval({sequence}, ({highest}), false)")


def _typed(column: Column[Any]) -> Column[Any]:
    """Reflection calls JSON text on SQLite; the schema of today knows better."""
    today = schema.metadata.tables.get(column.table.name)
    if today is not None and column.name in today.c and isinstance(today.c[column.name].type, (JSON, Boolean)):
        column.type = today.c[column.name].type
    return column


def counted(engine: Engine, names: Mapping[str, int]) -> dict[str, int]:
    with engine.connect() as conn:
        return {
            name: conn.scalar(select(func.count()).select_from(schema.metadata.tables[name])) or 0 for name in names
        }


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_of_every_earlier_version_is_there_and_read_by_todays_code(
    place: Place, revision: str, tmp_path: Path
) -> None:
    upgrade(place.url, found=None, revision=revision)
    engine = create_engine(place.url)
    with engine.begin() as conn:
        held = fill(conn)
    assert held["incidents"] == 2
    store = open_store(place.address, file=place.file, site_id=SITE)
    try:
        assert counted(engine, held) == held
        with engine.connect() as conn:
            assert compare_metadata(MigrationContext.configure(conn), schema.metadata) == []
        store.submit(read_everything).result(30)
        verdict = store.submit(lambda tx: verify(tx, tmp_path / "blobs")).result(30)
        missing = [fault for fault in verdict.faults if "its bytes are gone" not in fault]
        if revision < "0007":
            assert missing == [], "what was there became links"
            assert verdict.links >= 8
        store.submit(write_after_all).result(30)
    finally:
        store.close()
        engine.dispose()


def read_everything(tx: Tx) -> None:
    """Today's vocabulary understands what the old versions wrote."""
    page = incidents.newest(tx, states=(), kinds=(), limit=10, after=None)
    assert [r.incident.kind for r in page.items] == [IncidentKind.SMOKE] * 2
    assert {r.incident.state for r in page.items} == {IncidentState.OPEN}
    assert page.items[0].incident.place is not None
    assert incidents.open_count(tx) == 2
    assert len(incidents.entries(tx, UUID(ID[0]))) == 1
    said = findings.newest(tx, incident_id=None, limit=10, after=None)
    assert {k.finding.source.source_id for k in said.items} == {"smoke-0", "smoke-1"}
    assert missions.get(tx, UUID(ID[0])).mission.ledger
    assert len(patrols.listed(tx, limit=10, after=None).items) == 2
    assert orders.newest_epoch(tx, "r1") == 2
    assert robots.all_last_words(tx)
    found = evidence.find(tx, f"{1:064x}")
    assert found is not None
    assert (found.size, found.complete) == (2, True)
    assert inbox.counts(tx)[inbox.ReportState.DONE] == 2
    assert clocks.due(tx, AT) == []


def write_after_all(tx: Tx) -> None:
    """What is numbered goes on above what is there."""
    inbox.keep(tx, [inbox.Report(report_id="new", kind=inbox.ReportKind.MQTT, topic="t", body="{}", received_at=AT)])
    assert tx.conn.scalar(select(func.max(schema.inbox.c.seq))) == 3


def test_a_message_that_was_kept_by_an_older_version_is_known_when_it_is_sent_again(place: Place) -> None:
    topic, payload = "xinghe/sensors/smoke-1/event", b'{"state":"alarm","boot":"b","seq":7}'
    before = hashlib.sha256("\x1f".join(("seq", topic, "b", "7")).encode()).hexdigest()
    upgrade(place.url, found=None, revision="0011")
    engine = create_engine(place.url)
    row = {"site_id": SITE, "kind": "mqtt", "topic": topic, "body": payload.decode(), "state": "done", "because": ""}
    with engine.begin() as conn:
        for seq, report_id in enumerate((before, ID[0]), start=1):
            conn.execute(insert(schema.inbox), {**row, "seq": seq, "report_id": report_id})
    engine.dispose()
    store = open_store(place.address, file=place.file, site_id=SITE)
    try:
        again = message_id(topic, payload)
        assert again is not None
        assert store.submit(lambda tx: inbox.known_of(tx, {again, ID[0], before})).result(30) == {again, ID[0]}
    finally:
        store.close()


def test_the_newest_version_is_the_last_of_them() -> None:
    assert REVISIONS[-1] == HEAD
