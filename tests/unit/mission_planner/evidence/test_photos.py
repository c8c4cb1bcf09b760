"""A person's photo of the place is kept, stands in the timeline and the chain, and is proof enough to close."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from mission_planner.incidents.chain_check import verify
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio
KITCHEN = b"\xff\xd8\xff\xe0" + b"kitchen" * 90_000  # more than other requests may carry
HALL = b"\x89PNG\r\n\x1a\n" + b"hall" * 500


async def incident(center: World, device: str) -> str:
    """The path of the incident that this device's alarm opens."""
    await center.alarm(device, value=0.3)

    async def opened() -> str | None:
        items = (await center.get("/incidents"))["items"]
        return next((f"/incidents/{i['incident_id']}" for i in items if i["source"]["id"] == device), None)

    return await soon(opened)


async def add(center: World, path: str, photo: bytes, status: int = 201) -> Any:
    answer = await center.http.post(f"{path}/photos", content=photo, headers={"Content-Type": "image/jpeg"})
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_photo_of_the_place_is_proof_and_stands_in_the_timeline_with_who_added_it(shared: World) -> None:
    path = await incident(shared, "smoke-b1-1-1102")
    without = await shared.post(f"{path}/close", status=422)
    assert "proof" in without["error"]["message"]
    seen = await add(shared, path, KITCHEN)
    digest = hashlib.sha256(KITCHEN).hexdigest()
    assert [(p["digest"], p["complete"]) for p in seen["evidence"]] == [(digest, True)]
    (line,) = [entry for entry in seen["timeline"] if entry["kind"] == "photo"]
    assert (line["by"], line["picture"]["digest"]) == ("admin", digest)
    assert (await shared.http.get(f"/evidence/{digest}")).content == KITCHEN
    assert (await shared.post(f"{path}/close"))["state"] == "closed"
    services = shared.center.services
    assert (await services.store.read(lambda tx: verify(tx, services.blobs.folder))).faults == []


async def test_the_same_photo_again_changes_nothing_and_proves_nothing_elsewhere(shared: World) -> None:
    here, elsewhere = await incident(shared, "smoke-shop-1"), await incident(shared, "smoke-b4-1-0402")
    once = await add(shared, here, HALL)
    again = await add(shared, here, HALL)
    assert [again[part] for part in ("evidence", "timeline")] == [once[part] for part in ("evidence", "timeline")]
    refused = await add(shared, elsewhere, HALL, status=409)
    assert refused["error"]["message_zh"] == "这张照片以前在别处用过，请拍一张现场的新照片"


async def test_what_is_no_photo_is_refused_in_words(shared: World) -> None:
    path = await incident(shared, "smoke-b4-2-0901")
    refused = await add(shared, path, b"%PDF-1.7", status=422)
    assert refused["error"]["message_zh"] == "请选一张 JPEG 或 PNG 照片"
    missing = "/incidents/018f0000-0000-7000-8000-000000000001"
    await add(shared, missing, KITCHEN, status=404)
