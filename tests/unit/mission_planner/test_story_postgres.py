"""The whole center on PostgreSQL: an alarm, a look, an end, a patrol, a restart, and the chain of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from mission_planner.incidents.bundle import verify_bundle
from mission_planner.incidents.chain import Head
from mission_planner.incidents.chain_check import verify
from mission_planner.store.opening import reading
from tests.helpers import postgres
from tests.unit.mission_planner.evidence.kept import story
from tests.unit.mission_planner.world import World, soon, world

pytestmark = pytest.mark.anyio


@pytest.fixture
def address() -> Iterator[str]:
    server = postgres.server()
    made = server.database()
    yield made
    server.drop(made)


async def patrol(center: World) -> dict:
    body = {
        "name": "夜巡",
        "viewpoint_ids": sorted(center.site.viewpoints)[:2],
        "rrule": "FREQ=DAILY",
        "starts_at": "2026-03-02T20:00",
        "timezone": "Asia/Shanghai",
    }
    made = await center.post("/patrols", body, status=201)
    run = await center.post(f"/patrols/{made['patrol_id']}/run", status=202)
    return await center.get(f"/missions/{run['missions'][0]}")


async def test_the_center_does_on_postgresql_what_it_does_on_sqlite(tmp_path: Path, address: str) -> None:
    async with world(tmp_path / "c", store=address) as center:
        incident_id, bundle = await story(center)
        refused = await center.http.post(f"/incidents/{incident_id}/note", json={"note": "nul \x00 inside"})
        assert refused.status_code == 422, "PostgreSQL holds no NUL, and says so"
        closed = await center.post(f"/incidents/{incident_id}/close", {"note": "厨房油烟，已通风"})
        assert closed["state"] == "closed"
        mission = await patrol(center)
        robot = center.robot(mission["robot_id"])
        robot.take_orders()
        for checkpoint in mission["checkpoints"]:
            robot.report(UUID(mission["mission_id"]), checkpoint["checkpoint_id"])

        async def done() -> bool:
            found = await center.get(f"/missions/{mission['mission_id']}")
            return bool(found["state"] == "done")

        await soon(done)
        head = await center.get("/evidence/chain/head")
        parts = {p["name"]: p["state"] for p in (await center.get("/status"))["components"]}
        assert parts["store"] == "ok"
    assert not (tmp_path / "c" / "center.db").exists()
    async with world(tmp_path / "c", store=address) as center:
        again = await center.get(f"/incidents/{incident_id}")
        assert (again["state"], again["because"]) == ("closed", "厨房油烟，已通风")
        assert again["timeline"] == closed["timeline"]
        page = await center.get("/incidents", limit=1)
        assert page["items"][0]["incident_id"] == incident_id
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)
    assert verify_bundle(path).faults == []
    with reading(address, file=tmp_path / "unused") as tx:
        verdict = verify(tx, tmp_path / "c" / "evidence" / "blobs", known=Head(seq=head["seq"], hash=head["hash"]))
    assert verdict.faults == []
    assert verdict.pictures == 1
