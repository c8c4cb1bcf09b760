"""A disk of 4 MB that is full: only what is kept is acknowledged, everybody is told, and an SOS is still stored."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mission_planner.incidents.chain_check import verify
from mission_planner.incidents.inlet import Inlet
from mission_planner.store import schema
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.opening import reading
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Unavailable
from patrol_core.site import DeviceKind
from tests.helpers.drawing import draw_all
from tests.unit.mission_planner.world import World, soon, tiny_site, world

pytestmark = pytest.mark.anyio
RESERVE = 768 * 1024
SMALL = 4_000  # bytes


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """4 MB of memory as a disk."""
    libc, path = ctypes.CDLL(None, use_errno=True), tmp_path / "disk"
    path.mkdir()
    if libc.mount(b"tmpfs", os.fsencode(path), b"tmpfs", 0, b"size=4m") != 0:
        pytest.skip(f"a tmpfs cannot be mounted here: {os.strerror(ctypes.get_errno())}")
    yield path
    assert libc.umount2(os.fsencode(path), 2) == 0  # MNT_DETACH


def fill(disk: Path) -> Path:
    """Another program takes all that is left, to the last byte."""
    path = disk / "filler"
    with path.open("ab", buffering=0) as file:
        for size in (64 * 1024, 4 * 1024, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return path


def picture(seed: int) -> bytes:
    return b"\xff\xd8\xff\xe0" + random.Random(seed).randbytes(100_000)


async def upload(center: World, data: bytes) -> int:
    token = (center.center.settings.data / "enroll" / "r1.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/evidence/{hashlib.sha256(data).hexdigest()}"
    return int((await center.http.put(path, content=data, headers=headers)).status_code)


async def opened(center: World, device: str) -> bool:
    items = (await center.get("/incidents", kind="smoke"))["items"]
    return any(source["source"]["id"] == device for item in items for source in item["sources"])


def ids(tx: Tx) -> set[str]:
    return set(tx.conn.scalars(select(schema.inbox.c.report_id)))


async def readyz(center: World) -> tuple[int, str]:
    answer = await center.http.get(f"http://127.0.0.1:{center.center.http_port}/readyz")
    return answer.status_code, answer.text


async def test_on_a_full_disk_pictures_are_refused_and_an_sos_is_stored_and_told(disk: Path) -> None:
    kept: list[bytes] = []
    told = 0
    async with world(disk / "c", reserve_bytes=RESERVE) as center:
        alarming = [d for d, device in center.site.devices.items() if device.kind is DeviceKind.SMOKE][:40]
        while await upload(center, picture(len(kept))) == 201:
            kept.append(picture(len(kept)))
        assert kept
        filler = fill(disk)
        assert await upload(center, picture(1_000)) == 503
        assert (disk / "c" / "reserve").exists(), "a picture is not worth the reserve"
        for device in alarming:  # the database's own log is cut first, then the reserve given up
            await center.alarm(device)  # returns when it was acknowledged
            await soon(lambda device=device: opened(center, device))
            told += 1
            if not (disk / "c" / "reserve").exists():
                break
            fill(disk)
        assert not (disk / "c" / "reserve").exists()
        refused = await center.http.post("/patrols/preview", json={})
        assert refused.status_code in (422, 200), "what only reads goes on"
        made = await center.http.put("/session/password", json={"old": "patrol-at-dawn", "new": "walks-at-night-7"})
        assert made.status_code == 503
        assert "the disk is full: only cries for help are kept" in made.json()["error"]["message"]
        status, text = await readyz(center)
        assert status == 503
        assert "the disk is full: only cries for help are kept" in text
        parts = (await center.get("/status"))["components"]
        (store,) = (p for p in parts if p["name"] == "store")
        assert (store["state"], "full" in store["because"]["en"]) == ("unavailable", True)
        assert await upload(center, picture(1_001)) == 503, "the reserve is not for pictures"
    async with world(disk / "c", reserve_bytes=RESERVE) as center:  # it starts on a full disk, too
        for device in alarming[:told]:
            assert await opened(center, device)
        await center.alarm(alarming[told])
        await soon(lambda: opened(center, alarming[told]))
        filler.unlink()

        async def ready() -> bool:
            return (await readyz(center))[0] == 200

        await soon(ready)
        assert (disk / "c" / "reserve").stat().st_size == RESERVE
        for data in kept:
            found = await center.http.get(f"/evidence/{hashlib.sha256(data).hexdigest()}")
            assert found.content == data, "what was answered with 201 is there"
    with reading(None, file=disk / "c" / "center.db") as tx:
        assert verify(tx, disk / "c" / "evidence" / "blobs").faults == []


async def test_what_was_acknowledged_until_the_last_byte_is_there_and_nothing_else(disk: Path) -> None:
    store = SqliteStore(disk / "center.db", site_id="tiny", reserve_bytes=RESERVE)
    inlet, acknowledged, refused = Inlet(store, tiny_site()), set(), 0
    fill(disk)

    async def cry(number: int) -> bool:
        report = Report(report_id=f"r{number}", kind=ReportKind.MQTT, topic="t", body="x" * SMALL, received_at=None)
        try:
            await inlet.keep_reports([report])
        except Unavailable as error:
            assert "full" in str(error)
            return False
        acknowledged.add(report.report_id)
        return True

    number = 0
    while refused < 30:
        came = await asyncio.gather(*(cry(number + k) for k in range(5)))
        number += 5
        refused += came.count(False)
    assert len(acknowledged) * SMALL > RESERVE / 4, "the reserve was worth something"
    assert store.trouble is not None
    with pytest.raises(Unavailable, match="the disk is full"):
        await store.write(lambda tx: tx.conn.scalar(select(func.count()).select_from(schema.inbox)))
    (disk / "filler").unlink()
    store.close()
    again = SqliteStore(disk / "center.db", site_id="tiny")
    await draw_all(again)
    assert await again.read(ids) == acknowledged
    again.close()
