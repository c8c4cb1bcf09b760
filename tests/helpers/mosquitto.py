"""A Mosquitto of one's own: a broker that is not ours, on a free port, ended with the test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from tests.helpers.waiting import eventually, free_port

BINARY = shutil.which("mosquitto") or ("/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else None)
needs_broker = pytest.mark.skipif(BINARY is None, reason="mosquitto is not installed")
CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence {persistence}
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 0
max_inflight_bytes 0
"""


@dataclass
class Mosquitto:
    """May be ended and started again on the same port."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    persistent: bool = False

    def start(self) -> None:
        conf = self.folder / "mosquitto.conf"
        user = "user root\n"  # it would change to a user that may not read the folder
        persistence = "true" if self.persistent else "false"
        conf.write_text(CONF.format(port=self.port, folder=self.folder, persistence=persistence) + user)
        log = (self.folder / "mosquitto.log").open("ab")
        self.process = subprocess.Popen(
            [str(BINARY), "-c", str(conf)], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        log.close()
        eventually(self._answers, what=(self.folder / "mosquitto.log").read_text)

    def _answers(self) -> bool:
        try:
            client = self.client()
        except OSError:
            return False
        client.disconnect()
        client.loop_stop()
        return True

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def client(self) -> paho.Client:
        """One that is connected, with its loop in a thread of its own."""
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        client.max_inflight_messages_set(1_000)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        return client

    def publish(self, messages: Sequence[tuple[str, Any]], *, qos: int = 1) -> None:
        """Topic and payload, each acknowledged by the broker."""
        client = self.client()
        for info in [client.publish(topic, payload, qos=qos) for topic, payload in messages]:
            info.wait_for_publish(20)
        client.disconnect()
        client.loop_stop()


@contextmanager
def mosquitto(folder: Path, *, persistent: bool = False) -> Iterator[Mosquitto]:
    """A broker that runs."""
    broker = Mosquitto(folder=folder, port=free_port(), persistent=persistent)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
