"""The center as a process: killed in the middle of its work, started twice, told nonsense, asked to end."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import paho.mqtt.client as mqtt
import pytest

from maps import load_site
from tests.helpers.crash_ledger import taken_through
from tests.helpers.waiting import eventually, free_port

PASSWORD = "patrol-at-dawn"


@dataclass
class Process:
    """`ronda center` and where it answers."""

    popen: subprocess.Popen[bytes]
    environment: dict[str, str]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['RONDA_PORT']}"

    @property
    def mqtt_port(self) -> int:
        return int(self.environment["RONDA_MQTT_PORT"])

    @property
    def database(self) -> Path:
        return Path(self.environment["RONDA_DATA"]) / "center.db"

    def wait_ready(self) -> None:
        answer = "no answer"

        def ready() -> bool:
            nonlocal answer
            assert self.popen.poll() is None, self.log.read_text()
            try:
                response = httpx.get(f"{self.url}/readyz", timeout=30)
            except httpx.HTTPError as error:
                answer = repr(error)
                return False
            answer = response.text
            return response.status_code == 200

        eventually(ready, within_s=60, what=lambda: f"the center ready; {answer}; its log: {self.log.read_text()}")


def environment(data: Path, **more: str) -> dict[str, str]:
    ports = {name: str(free_port()) for name in ("RONDA_PORT", "RONDA_MQTT_PORT", "RONDA_ROUTER_PORT")}
    return {
        **ports,
        "RONDA_DATA": str(data),
        "RONDA_ADMIN_PASSWORD": PASSWORD,
        "RONDA_SITE": "xinghe",
        "RONDA_MQTT_ANONYMOUS": "loopback",
        **more,
    }


def start(given: dict[str, str], *arguments: str) -> Process:
    log = Path(given["RONDA_DATA"]).with_suffix(f".{time.monotonic_ns()}.log")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
    with log.open("wb") as out:
        popen = subprocess.Popen(
            [sys.executable, "-m", "patrol_bringup.cli", "center", *arguments],
            env={**clean, **given},
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    return Process(popen, given, log)


@contextmanager
def running(given: dict[str, str], *arguments: str) -> Iterator[Process]:
    process = start(given, *arguments)
    try:
        process.wait_ready()
        yield process
    finally:
        if process.popen.poll() is None:
            process.popen.kill()
        process.popen.wait()


def refused(given: dict[str, str], *arguments: str) -> str:
    """The one sentence of a center that cannot start."""
    process = start(given, *arguments)
    assert process.popen.wait(timeout=60) == 2, process.log.read_text()
    log = process.log.read_text()
    assert "Traceback" not in log
    (said,) = [line for line in log.splitlines() if line.startswith("ronda: ")]
    return said


class Sensor:
    """Publishes numbered alarms, and remembers which were acknowledged."""

    def __init__(self, port: int) -> None:
        self._acked: set[int] = set()
        self._by_mid: dict[int, int] = {}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"sensor-{port}")
        self.client.on_publish = self._on_publish
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    @property
    def acknowledged(self) -> set[int]:
        return {self._by_mid[mid] for mid in self._acked.copy() if mid in self._by_mid}

    def _on_publish(self, _client: object, _data: object, mid: int, _code: object, _properties: object) -> None:
        self._acked.add(mid)  # no lock: the client holds its own while it calls

    def send(self, numbers: range) -> None:
        for n in numbers:
            payload = json.dumps({"state": "alarm", "value": float(n), "boot": "b", "seq": n})
            self._by_mid[self.client.publish("xinghe/sensors/smoke-b1-1-1102/event", payload, qos=1).mid] = n

    def close(self) -> None:
        self.client.loop_stop()
        self.client.disconnect()


def values(database: Path, query: str) -> list[int]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return [int(json.loads(row[0])["value"]) for row in db.execute(query)]


def test_killed_in_the_middle_of_ingestion_it_has_every_acknowledged_message_once(tmp_path: Path) -> None:
    given = environment(tmp_path / "center")
    acknowledged: set[int] = set()
    for life in range(3):
        with running(given) as process:
            sensor = Sensor(process.mqtt_port)
            sensor.send(range(life * 500, life * 500 + 500))
            eventually(lambda s=sensor: len(s.acknowledged) > 200, what="some acknowledgements")
            os.kill(process.popen.pid, signal.SIGKILL)
            process.popen.wait()
            sensor.close()
            acknowledged |= sensor.acknowledged
    with running(given) as process:

        def all_taken() -> bool:
            kept = values(process.database, "SELECT body FROM inbox")
            assert len(kept) == len(set(kept)), "nothing twice"
            return acknowledged <= set(kept) and len(taken_through(process.database)) == len(kept)

        eventually(all_taken, within_s=60, every_s=0.2, what="nothing lost, and every report taken through")
        sensor = Sensor(process.mqtt_port)
        sensor.send(range(1_500))  # the publishers send everything again
        eventually(lambda: len(sensor.acknowledged) == 1_500, within_s=60, what="everything acknowledged")
        sensor.close()
        eventually(lambda: len(taken_through(process.database)) == 1_500, within_s=60, every_s=0.2)
        with closing(sqlite3.connect(process.database)) as db:
            assert db.execute("SELECT COUNT(*) FROM incidents").fetchone() == (1,)
            assert db.execute("SELECT count(*) FROM inbox WHERE state NOT IN ('done', 'counted')").fetchone() == (0,)


def test_sigterm_ends_it_with_zero_even_while_browsers_listen(tmp_path: Path) -> None:
    with (
        running(environment(tmp_path / "center")) as process,
        httpx.Client(base_url=process.url) as browser,
    ):
        browser.timeout = 60
        browser.post(
            "/api/v1/session", json={"username": "admin", "password": PASSWORD}, headers={"X-Ronda": "1"}
        ).raise_for_status()
        sensor = Sensor(process.mqtt_port)
        with browser.stream("GET", "/api/v1/events", timeout=60) as events:
            lines = events.iter_lines()
            assert next(lines).startswith("id:")
            process.popen.terminate()
            assert process.popen.wait(timeout=60) == 0, process.log.read_text()
        sensor.close()
        assert "Traceback" not in process.log.read_text()


def test_a_second_center_on_the_same_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    given = environment(tmp_path / "center")
    with running(given) as process:
        said = refused({**environment(tmp_path / "center"), "RONDA_DATA": given["RONDA_DATA"]})
        assert f"process {process.popen.pid}" in said
        assert "RONDA_DATA" in said


@pytest.mark.parametrize("name", ["RONDA_PORT", "RONDA_MQTT_PORT", "RONDA_ROUTER_PORT"])
def test_a_port_that_is_taken_is_named_with_its_setting(tmp_path: Path, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(environment(tmp_path / "center", **{name: port}))
        assert port in said
        assert name in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"RONDA_HOST": "0.0.0.0"}, "RONDA_INSECURE_HTTP"),
        ({"RONDA_PORT": "http"}, "RONDA_PORT: expected a port"),
        ({"RONDA_SPEED": "fast"}, "RONDA_SPEED: expected a number"),
        ({"RONDA_SITE": "atlantis"}, "atlantis"),
        ({"RONDA_DATA": "/proc/nothing"}, "RONDA_DATA"),
        ({"RONDA_WEBHOOK_URL": "pager"}, "RONDA_WEBHOOK_URL: expected an http or https address"),
        ({"RONDA_WEBHOOK_URL": "https://pager.example", "RONDA_WEBHOOK_SECRET": "12345"}, "RONDA_WEBHOOK_SECRET"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path, change: dict[str, str], says: str) -> None:
    given = environment(tmp_path / "center")
    log = tmp_path / "center.log"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
    command = [sys.executable, "-m", "patrol_bringup.cli", "center"]
    with log.open("wb") as out:
        done = subprocess.run(
            command, env={**clean, **given, **change}, stdout=out, stderr=out, timeout=30, check=False
        )
    code = done.returncode
    assert code == 2, log.read_text()
    assert says in log.read_text()
    assert "Traceback" not in log.read_text()


def test_two_parts_on_one_port_end_with_a_sentence(tmp_path: Path) -> None:
    given = environment(tmp_path / "center")
    process = start({**given, "RONDA_ROUTER_PORT": given["RONDA_MQTT_PORT"]})
    assert process.popen.wait(timeout=60) != 0
    log = process.log.read_text()
    assert f"cannot listen on 127.0.0.1:{given['RONDA_MQTT_PORT']}" in log
    assert "Traceback" not in log


def test_the_first_password_is_made_up_and_told_once(tmp_path: Path) -> None:
    given = environment(tmp_path / "center")
    del given["RONDA_ADMIN_PASSWORD"]
    with running(given) as process:
        text = eventually(lambda: "first login" in process.log.read_text() and process.log.read_text())
        password = text.split("admin / ")[1].split()[0]
        login = {"username": "admin", "password": password}
        answer = httpx.post(f"{process.url}/api/v1/session", json=login, headers={"X-Ronda": "1"}, timeout=60)
        assert answer.status_code == 200
    with running(given) as process:
        assert "first login" not in process.log.read_text()


def test_flags_say_the_same_as_the_environment(tmp_path: Path) -> None:
    given = environment(tmp_path / "ignored")
    flags = ("--data", str(tmp_path / "center"), "--site", "xinghe")
    with running(given, *flags):
        assert (tmp_path / "center" / "center.db").exists()
        assert not (tmp_path / "ignored").exists()


def test_every_robot_and_fixed_camera_has_a_token_only_its_user_can_read(tmp_path: Path) -> None:
    given = environment(tmp_path / "center")
    with running(given):
        files = sorted((tmp_path / "center" / "enroll").iterdir())
        site = load_site("xinghe")
        assert [f.name for f in files] == sorted(f"{source}.token" for source in [*site.robots, *site.cameras])
        assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
