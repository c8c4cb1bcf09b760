"""PostgreSQL's disk is full, or its server gone: a cry for help is kept on the center's disk, and taken in later."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from mission_planner import checks
from patrol_core.site import DeviceKind
from tests.helpers import postgres
from tests.helpers.crash_ledger import Ledger
from tests.unit.mission_planner.test_full_disk import fill, readyz
from tests.unit.mission_planner.world import World, soon, world

pytestmark = pytest.mark.anyio
CRIES = 30
WAITING = 'ronda_arrivals_waiting_reports{urgency="call"}'
LONG = "很长的记录。" * 150


@pytest.fixture
def disk() -> Iterator[Path]:
    """96 MB of memory as the server's disk, where its own user may go."""
    libc = ctypes.CDLL(None, use_errno=True)
    with tempfile.TemporaryDirectory(prefix="ronda-disk-") as made:
        path = Path(made)
        path.chmod(0o755)
        if libc.mount(b"tmpfs", os.fsencode(path), b"tmpfs", 0, b"size=96m,mode=0777") != 0:
            pytest.skip(f"a tmpfs cannot be mounted here: {os.strerror(ctypes.get_errno())}")
        yield path
        assert libc.umount2(os.fsencode(path), 2) == 0  # MNT_DETACH


@contextmanager
def running(disk: Path | None = None) -> Iterator[postgres.Server]:
    """A server of this test alone."""
    made = postgres.Server(fsync=False, disk=disk, small=True)
    try:
        yield made
    finally:
        made.stop()


def buttons(center: World) -> list[str]:
    return [d for d, device in center.site.devices.items() if device.kind is DeviceKind.SOS_BUTTON][:5]


async def cry(center: World, ledger: Ledger) -> None:
    """Some cries for help, each acknowledged."""
    port = center.center.mqtt_port
    assert await asyncio.to_thread(ledger.publish_until, port, threading.Event(), CRIES) == CRIES


def kept(address: str, ledger: Ledger) -> Counter[int]:
    """How often each of them is taken through: as a finding, or counted as a repeat."""
    taken = "SELECT body FROM findings UNION ALL SELECT body FROM inbox WHERE state = 'counted'"
    with psycopg.connect(address) as db:
        bodies = [json.loads(body) for (body,) in db.execute(taken)]
    return Counter(int(body["value"]) for body in bodies if body.get("unit") == ledger.boot[:16])


async def refused(center: World, incident_id: str) -> str:
    """What somebody hears who writes until nothing is taken any more."""
    for _ in range(2_000):
        answer = await center.http.post(f"/incidents/{incident_id}/note", json={"note": LONG})
        if answer.status_code != 200:
            assert answer.status_code == 503
            return str(answer.json()["error"]["message"])
    raise AssertionError("everything is still taken")


async def all_kept_once(address: str, ledger: Ledger) -> None:
    def all_there() -> bool:
        return answers(address) and set(kept(address, ledger)) == ledger.acknowledged

    await soon(all_there, within_s=60)
    assert set(kept(address, ledger).values()) == {1}


async def well(center: World) -> bool:
    return (await readyz(center))[0] == 200


async def test_on_a_full_disk_of_the_server_a_cry_for_help_is_kept_and_everything_else_is_refused_aloud(
    disk: Path, tmp_path: Path
) -> None:
    with running(disk) as server:
        await on_a_full_disk(disk, server, server.database(), tmp_path / "c")


async def on_a_full_disk(disk: Path, server: postgres.Server, address: str, folder: Path) -> None:
    async with world(folder, store=address) as center:
        ledger = Ledger(buttons(center))
        await cry(center, ledger)
        await all_kept_once(address, ledger)
        first = (await center.get("/incidents", kind="sos"))["items"][0]["incident_id"]
        filler = fill(disk)
        assert "the database refused a commit" in await refused(center, first)
        await cry(center, ledger)
        status, text = await readyz(center)
        assert status == 503
        assert "the database refused a commit" in text or "does not answer" in text
        filler.unlink()
        if not answers(address):  # without room for its log the server ends itself, and its keeper starts it again
            server.kill()
            server.start()
        await all_kept_once(address, ledger)
        await soon(lambda: well(center), within_s=60)


async def test_while_the_server_is_gone_a_cry_for_help_is_kept_and_taken_in_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "WAITED_LONG_S", 0.001)
    with running() as server:
        address = server.database()
        async with world(tmp_path / "c", store=address) as center:
            ledger = Ledger(buttons(center))
            server.kill()
            await cry(center, ledger)

            async def ill() -> bool:
                return (await readyz(center))[0] == 503

            await soon(ill)
            assert f"{CRIES} 条报告已存妥但还没有处理" in (await readyz(center))[1], "whoever looks sees what waits"
            assert {"ronda_store_answers 0.0", f"{WAITING} {CRIES}.0"} <= await figures(center)
            server.start()
            await all_kept_once(address, ledger)
            assert {"ronda_store_answers 1.0", f"{WAITING} 0.0"} <= await figures(center)
            await soon(lambda: well(center), within_s=60)


async def figures(center: World) -> set[str]:
    answer = await center.http.get(f"http://127.0.0.1:{center.center.http_port}/metrics")
    assert answer.status_code == 200
    return set(answer.text.splitlines())


def answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
