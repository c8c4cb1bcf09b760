"""A center without robots, for tests of the console that need no driving: alarms come from a sensor's own client."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import paho.mqtt.client as mqtt
from playwright.sync_api import Page

from tests.browser.chromium import chinese_page
from tests.helpers.waiting import eventually, free_port

PASSWORD = "patrol-at-dawn"


@dataclass(slots=True)
class LoneCenter:
    """`ronda center` on free ports; may be killed and started again with everything it kept."""

    folder: Path
    http_port: int
    mqtt_port: int
    router_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
        mine = {
            "RONDA_DATA": str(self.folder / "data"),
            "RONDA_PORT": str(self.http_port),
            "RONDA_MQTT_PORT": str(self.mqtt_port),
            "RONDA_MQTT_ANONYMOUS": "loopback",
            "RONDA_ROUTER_PORT": str(self.router_port),
            "RONDA_ADMIN_PASSWORD": PASSWORD,
        }
        log = self.folder / f"center-{time.monotonic_ns()}.log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "patrol_bringup.cli", "center"],
                env={**clean, **mine},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        process = self.process

        def ready() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                return httpx.get(f"{self.url}/readyz", timeout=30).status_code == 200
            except httpx.HTTPError:
                return False

        eventually(ready, within_s=120, what=f"the center ready; its log is {log}")

    def kill(self) -> None:
        """As a power cut would end it."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C would end it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def publish(self, device_id: str, **message: object) -> None:
        """A sensor's message, acknowledged by the center."""
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", self.mqtt_port)
        client.loop_start()
        try:
            sent = client.publish(f"xinghe/sensors/{device_id}/event", json.dumps(message), qos=1)
            sent.wait_for_publish(timeout=60)
            assert sent.is_published(), "expected the center to acknowledge it; no answer came"
        finally:
            client.disconnect()
            client.loop_stop()


def lone_center(folder: Path) -> LoneCenter:
    """A center that has not been started yet."""
    return LoneCenter(folder=folder, http_port=free_port(), mqtt_port=free_port(), router_port=free_port(room=8))


def log_in(page: Page, center: LoneCenter, username: str, password: str) -> None:
    """By the form, as anybody does."""
    page.goto(center.url)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


@contextmanager
def operators_page(center: LoneCenter) -> Iterator[Page]:
    """The console of that center in Chinese, logged in, its map drawn."""
    with chinese_page() as page:
        log_in(page, center, "admin", PASSWORD)
        page.wait_for_function("() => window.rondaMap?.loaded()", timeout=120_000)
        yield page
