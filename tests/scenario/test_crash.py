"""The center dies at every place where it could forget or repeat something; what it acknowledged is kept, once."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from uuid import uuid4

import httpx
import pytest

from maps import load_site
from mission_planner import crash
from patrol_core.errors import InvalidInput
from patrol_core.site import DeviceKind
from tests.helpers.crash_ledger import CenterProcess, Ledger, publishing, settled

RUNS = 10
PROVE_RUNS = int(os.environ.get("RONDA_PROVE_RUNS", "200"))  # a slice of them, where an hour is too long
PROVE_SEED = int(os.environ.get("RONDA_PROVE_SEED", "32"))  # of the slice
PROVE_S = float(os.environ.get("RONDA_PROVE_S", "inf"))  # no kill begins after so long
WHILE_RUNNING = [p for p in crash.POINTS if p != "migration-under-way"]


def sensors():
    """Some whose alarms send a robot and call people, and some whose do not."""
    site = load_site("xinghe")
    of_kind = {k: [d.device_id for d in site.devices.values() if d.kind is k] for k in DeviceKind}
    return [*of_kind[DeviceKind.SMOKE][:4], *of_kind[DeviceKind.SOS_BUTTON][:4], *of_kind[DeviceKind.GAS][:4]]


@contextmanager
def receiver() -> Iterator[str]:
    """Takes every telling; its address."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def push_picture(center: CenterProcess) -> str | None:
    """A robot's picture; its digest when it was answered for."""
    picture = b"\xff\xd8\xff\xe0" + uuid4().bytes * 100
    digest = hashlib.sha256(picture).hexdigest()
    token = (center.folder / "enroll" / "r1.token").read_text().strip()
    with suppress(httpx.HTTPError):
        answer = httpx.put(
            f"http://127.0.0.1:{center.http_port}/api/v1/evidence/{digest}",
            content=picture,
            headers={"Authorization": f"Bearer {token}", "X-Ronda": "1"},
        )
        assert answer.status_code == 201, answer.text
        return digest
    return None


def crash_again_and_again(tmp_path, *, runs, seed):
    """Every run at the next point, after some passes of it; ids go on, so that what is sent again could double."""
    rng, ledger = random.Random(seed), Ledger(sensors())
    points = [WHILE_RUNNING[n % len(WHILE_RUNNING)] for n in range(runs)]
    kept: set[str] = set()
    with receiver() as url:
        more = {"RONDA_WEBHOOK_URL": url, "RONDA_WEBHOOK_SECRET": "a secret of the tests"}
        center = CenterProcess(tmp_path / "center", more)
        for point in rng.sample(points, runs):
            # orders and tellings are few: some alarms of a run, at once; the others pass often
            seldom = point.startswith(("dispatch", "webhook"))
            nth = 1 if seldom or point.startswith("evidence") else rng.randint(2, 12)
            with publishing(ledger, center.mqtt_port) as stop:
                center.start(RONDA_CRASH_AT=f"{point}:{nth}")
                if center.wait_listening() and point.startswith("evidence"):
                    kept |= {digest} if (digest := push_picture(center)) else set()
                if seldom:
                    end_everything(center)
                print(f"{point}:{nth}")
                assert center.ended(within_s=60) == -9, center.log.read_text()[-2_000:]
                stop.set()
        lost, doubled = settled(center, ledger)
    print(f"{runs} crashes: {len(ledger.acknowledged)} alarms acknowledged, {len(lost)} lost, {len(doubled)} doubled")
    assert len(ledger.acknowledged) >= runs
    assert lost == set()
    assert doubled == set()
    for digest in kept:
        assert (center.folder / "evidence" / digest[:2] / digest).exists()


def end_everything(center: CenterProcess) -> None:
    """Incidents end, so that the next alarm opens one and a robot is sent."""
    with (
        suppress(httpx.HTTPError),
        httpx.Client(base_url=f"http://127.0.0.1:{center.http_port}/api/v1", headers={"X-Ronda": "1"}) as http,
    ):
        while True:
            http.post("/session", json={"username": "admin", "password": "patrol-at-dawn"}).raise_for_status()
            states = "open,acknowledged,verifying,dispatched,on_scene,resolved"
            for incident in http.get("/incidents", params={"state": states, "limit": 50}).json()["items"]:
                http.post(f"/incidents/{incident['incident_id']}/false-alarm", json={"note": "a test"})


def test_what_was_acknowledged_is_there_once_however_the_center_died(tmp_path):
    crash_again_and_again(tmp_path, runs=RUNS, seed=31)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_nothing_is_lost_or_doubled_in_hundreds_of_crashes(tmp_path):
    crash_again_and_again(tmp_path, runs=PROVE_RUNS, seed=PROVE_SEED)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_nothing_is_lost_or_doubled_when_it_is_killed_at_any_moment(tmp_path):
    rng, ledger = random.Random(PROVE_SEED + 1), Ledger(sensors())
    center, kills, until_s = CenterProcess(tmp_path / "center"), 0, monotonic() + PROVE_S
    while kills < PROVE_RUNS and monotonic() < until_s:
        kills += 1
        with publishing(ledger, center.mqtt_port) as stop:
            center.start()
            assert center.wait_listening()
            stop.wait(rng.uniform(0.0, 1.5))
            center.kill()
    lost, doubled = settled(center, ledger)
    print(f"{kills} kills: {len(ledger.acknowledged)} acknowledged, {len(lost)} lost, {len(doubled)} doubled")
    assert ledger.acknowledged
    assert (lost, doubled) == (set(), set())


def test_a_center_that_died_while_its_database_was_brought_up_to_date_starts_the_next_time(tmp_path):
    center, ledger = CenterProcess(tmp_path / "center"), Ledger(sensors())
    center.start(RONDA_CRASH_AT="migration-under-way")
    assert center.ended(within_s=60) == -9
    center.start()
    assert center.wait_listening()
    assert ledger.publish_until(center.mqtt_port, threading.Event(), most=20) == 20
    center.kill()
    assert settled(center, ledger) == (set(), set())


def test_a_point_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv(crash.VARIABLE, "inbox-before-comit")
    with pytest.raises(InvalidInput, match="inbox-before-commit"):
        crash.check()
