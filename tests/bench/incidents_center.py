"""A center in a process of its own, a generator of alarms in another, and a browser's stream: what benches share."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from maps import load_site
from patrol_core.site import DeviceKind
from tests.helpers.crash_ledger import CenterProcess

SITE_CENTER = (sys.executable, "-m", "tests.helpers.center_process")
ESTATE_CENTER = (*SITE_CENTER, "estate")
_SOURCE = re.compile(r'"id":"([^"]+)"')
_TELLS = ("finding", "snapshot")  # events of the stream in which a source that cried is named


@contextmanager
def center(command: tuple[str, ...] = SITE_CENTER) -> Iterator[CenterProcess]:
    """A center with robots in memory, which listens."""
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        it = CenterProcess(Path(folder) / "center", command=command)
        it.start()
        try:
            if not it.wait_listening(within_s=300):
                raise RuntimeError(it.log.read_text()[-2_000:])
            yield it
        finally:
            it.kill()


def load(it: CenterProcess, **given: Any) -> dict[str, Any]:
    """What the generator says at its end."""
    given["port"] = it.mqtt_port
    command = [sys.executable, "-m", "tests.bench.incidents_load", json.dumps(given)]
    if len(command[-1]) > 100_000:  # more than a command line holds
        return _load_from_file(given)
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def _load_from_file(given: dict[str, Any]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(given, file)
        file.flush()
        command = [sys.executable, "-m", "tests.bench.incidents_load", f"@{file.name}"]
        answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def life_sensors() -> list[str]:
    """Of the demo's site: those whose alarm is about somebody's life."""
    kinds = {DeviceKind.SOS_BUTTON, DeviceKind.SMOKE, DeviceKind.GAS, DeviceKind.CO}
    return sorted(d.device_id for d in load_site("xinghe").devices.values() if d.kind in kinds)


@contextmanager
def api(it: CenterProcess) -> Iterator[httpx.Client]:
    """The API, logged in."""
    url = f"http://127.0.0.1:{it.http_port}/api/v1"
    with httpx.Client(base_url=url, headers={"X-Ronda": "1"}, timeout=60) as http:
        http.post("/session", json={"username": "admin", "password": "patrol-at-dawn"}).raise_for_status()
        yield http


def to_stream(it: CenterProcess, topics: Sequence[str], *, rate: float) -> list[float]:
    """Seconds from when each source's cry was due until a browser's stream told of it; each of them cries once."""
    awaited = {topic.split("/")[2]: n for n, topic in enumerate(topics)}
    heard: dict[int, float] = {}
    ready = threading.Event()

    def listen() -> None:
        with api(it) as http, http.stream("GET", "/events", timeout=None) as stream:
            name = ""
            for line in stream.iter_lines():
                ready.set()
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and name in _TELLS:
                    for source in _SOURCE.findall(line):
                        if source in awaited:
                            heard.setdefault(awaited[source], time.monotonic())
                    if len(heard) >= len(topics):
                        return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    ready.wait(30)
    answer = load(it, topics=list(topics), rate=rate, count=len(topics), connections=4)
    thread.join(60)
    if len(heard) < len(topics):
        raise RuntimeError(f"expected {len(topics)} cries on the stream; came {len(heard)}")
    return [heard[n] - (answer["begun_s"] + n / rate) for n in range(len(topics))]
