"""A database that an earlier version wrote: today's center opens it, lists, escalates, takes new alarms, and closes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Connection, MetaData, create_engine, text

from mission_planner.incidents.chain_check import verify
from mission_planner.store.migrate import upgrade
from mission_planner.store.opening import reading
from tests.contract.test_migrations import Place, go_on_numbering, place
from tests.unit.mission_planner.world import World, soon, world

__all__ = ["place"]
pytestmark = pytest.mark.anyio

KEPT = Path(__file__).parent / "old_databases"
VERSIONS = sorted(file.stem for file in KEPT.glob("*.json"))
OPEN, TAKEN, FALSE, SENT = "smoke-b1-1-0301", "smoke-b10-1-0201", "smoke-b2-1-0502", "smoke-b3-1-0703"
CRY = "sos-button-b1-1-1102"  # was closed


def restore(conn: Connection, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Rows as they were; SQLite wrote JSON as text and truth as a number."""
    metadata = MetaData()
    metadata.reflect(conn)
    for table in metadata.sorted_tables:
        rows = tables.get(table.name)
        if not rows:
            continue
        if conn.dialect.name == "postgresql":
            rows = [{name: _typed(table.c[name].type, kept) for name, kept in row.items()} for row in rows]
        columns = ", ".join(f'"{name}"' for name in rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        conn.execute(text(f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})'), rows)
    if conn.dialect.name == "postgresql":
        go_on_numbering(conn, metadata)


def _typed(kind: object, kept: Any) -> Any:
    return bool(kept) if isinstance(kind, Boolean) else kept


async def of_device(center: World, device_id: str) -> dict[str, Any]:
    """The newest alarm of a device; not that it is silent, which it has been for years."""
    for incident in (await center.get("/incidents", limit=50, kind="smoke,sos"))["items"]:
        if incident["source"]["id"] == device_id:
            return dict(incident)
    raise AssertionError(f"no incident of {device_id}")


async def queue(center: World) -> list[dict[str, Any]]:
    """Alarms that have not ended."""
    return [row for row in (await center.get("/incidents/queue"))["items"] if row["kind"] in ("smoke", "sos")]


@pytest.fixture
def old(place: Place, request: pytest.FixtureRequest) -> Place:
    version = request.param
    upgrade(place.url, found=None, revision=version)
    engine = create_engine(place.url)
    with engine.begin() as conn:
        restore(conn, json.loads((KEPT / f"{version}.json").read_text()))
    engine.dispose()
    return place


@pytest.mark.parametrize("old", VERSIONS, indirect=True)
async def test_todays_center_works_on_what_an_earlier_version_kept(old: Place, tmp_path: Path) -> None:
    async with world(tmp_path, store=old.address) as center:  # logs in with the account and the password of then
        states = {d: (await of_device(center, d))["state"] for d in (OPEN, TAKEN, FALSE, CRY)}
        assert states == {OPEN: "open", TAKEN: "acknowledged", FALSE: "false_alarm", CRY: "closed"}
        assert len(await queue(center)) == 3

        async def told(device_id: str, kind: str) -> bool:
            return any(line["kind"] == kind for line in (await of_device(center, device_id))["timeline"])

        await soon(lambda: told(OPEN, "escalated"))
        sent = await of_device(center, SENT)
        if sent["state"] == "dispatched":
            await soon(lambda: told(SENT, "untaken"))
            assert (await of_device(center, SENT))["orders"][0]["next_at"] is not None
        else:
            await soon(lambda: told(SENT, "escalated"))
        await center.alarm(OPEN, value=0.5, boot="new", seq=1)
        await soon(lambda: told(OPEN, "joined"))
        assert len(await queue(center)) == 3, "what is open is joined"
        await center.alarm(CRY, boot="new", seq=1)

        async def called() -> bool:
            return bool((await of_device(center, CRY))["state"] == "open")

        await soon(called)
        for row in await queue(center):
            closed = await center.post(f"/incidents/{row['incident_id']}/close", {"note": "已处理"})
            assert closed["state"] == "closed"
        assert await queue(center) == []
    file = tmp_path / "center.db"
    with reading(old.address, file=file) as tx:
        assert verify(tx, tmp_path / "evidence" / "blobs").faults == []
