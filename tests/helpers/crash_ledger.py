"""Alarms with fresh ids, which of them were acknowledged, and what a center's files say of them afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import mqtt5

from tests.helpers.mqtt import RawClient
from tests.helpers.waiting import eventually, free_port

IN_FLIGHT = 20
PACKET_IDS = 60_000
PACE_S = 0.002  # between two packets: what is taken through afterwards has an end


def taken_through(database: Path) -> list[dict[str, Any]]:
    """What a store says of each alarm: as a finding, or as a storm's repeat that was counted."""
    query = "SELECT body FROM findings UNION ALL SELECT body FROM inbox WHERE state = 'counted'"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return [json.loads(body) for (body,) in db.execute(query)]


@dataclass
class Ledger:
    """What was published, and what was acknowledged; ids are fresh for each ledger."""

    devices: list[str]
    site_id: str = "xinghe"
    boot: str = field(default_factory=lambda: uuid4().hex)
    published: int = 0
    acknowledged: set[int] = field(default_factory=set)

    def publish_until(self, port: int, stop: threading.Event, most: int = PACKET_IDS) -> int:
        """Publish over one connection until it breaks or `stop` is set; how many were acknowledged meanwhile.

        What an earlier connection left unacknowledged is sent again first, as publishers do.
        """
        again = [n for n in range(self.published) if n not in self.acknowledged]
        before, waiting, sent = len(self.acknowledged), dict[int, int](), 0
        with contextlib.suppress(OSError), RawClient(port) as client:
            client.connect(f"ledger-{uuid4().hex[:8]}")
            while not stop.wait(PACE_S) and (waiting or sent < most):
                while len(waiting) < IN_FLIGHT and sent < most:
                    number = again.pop(0) if again else self._next()
                    sent += 1
                    waiting[sent] = number
                    client.publish(self._body(number), topic=self._topic(number), packet_id=sent)
                packet = client.read()
                if packet is None:
                    break
                if isinstance(packet, mqtt5.PubAckPacket):
                    self.acknowledged.add(waiting.pop(packet.packet_id))
        return len(self.acknowledged) - before

    def lost_and_doubled(self, database: Path) -> tuple[set[int], set[int]]:
        """Acknowledged numbers a store does not have, and numbers it has twice."""
        kept = Counter(int(b["value"]) for b in taken_through(database) if b["unit"] == self.boot[:16])
        return self.acknowledged - set(kept), {number for number, times in kept.items() if times > 1}

    def _next(self) -> int:
        self.published += 1
        return self.published - 1

    def _topic(self, number: int) -> str:
        return f"{self.site_id}/sensors/{self.devices[number % len(self.devices)]}/event"

    def _body(self, number: int) -> bytes:
        words = {"state": "alarm", "value": number, "unit": self.boot[:16], "boot": self.boot, "seq": number}
        return json.dumps(words).encode()


@dataclass
class CenterProcess:
    """One center's folder and ports, and the process that runs on them now."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = (sys.executable, "-m", "tests.helpers.center_process")
    mqtt_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    popen: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        return self.folder / "center.db"

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self, **more: str) -> None:
        """Start it; returns at once."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
        given = {
            "RONDA_DATA": str(self.folder),
            "RONDA_PORT": str(self.http_port),
            "RONDA_MQTT_PORT": str(self.mqtt_port),
            "RONDA_MQTT_ANONYMOUS": "loopback",
            "RONDA_ADMIN_PASSWORD": "patrol-at-dawn",
            "RONDA_SITE": "xinghe",
        }
        with self.log.open("ab") as out:
            self.popen = subprocess.Popen(
                self.command, env={**clean, **given, **self.more, **more}, stdout=out, stderr=subprocess.STDOUT
            )

    def wait_listening(self, within_s: float = 60.0) -> bool:
        """Until it takes messages; False where it ended before."""
        assert self.popen is not None
        deadline = time.monotonic() + within_s
        while self.popen.poll() is None:
            assert time.monotonic() < deadline, self.log.read_text()[-2_000:]
            with contextlib.suppress(OSError), RawClient(self.mqtt_port):
                return True
            time.sleep(0.05)
        return False

    def ended(self, within_s: float) -> int:
        """Its exit status, once it has one."""
        assert self.popen is not None
        try:
            return self.popen.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it still runs after {within_s:g} s: {self.log.read_text()[-2_000:]}") from None

    def kill(self) -> None:
        """As `kill -9`; one that has ended is left alone."""
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait(30)

    def taken_through(self) -> bool:
        """Whether nothing waits in the inbox, or to be drawn into it."""
        with closing(sqlite3.connect(self.database)) as db:
            db.execute("ATTACH ? AS beside", (str(self.database.with_suffix(".arrivals.db")),))
            arrived = sum(_left(db, table) for table in ("calls", "arrivals"))
            (waiting,) = db.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
        return waiting == arrived == 0


def _left(db: sqlite3.Connection, table: str) -> int:
    drawn_in = f"SELECT coalesce(max(position), 0) FROM cursor WHERE name = '{table}'"
    (count,) = db.execute(f"SELECT count(*) FROM beside.{table} WHERE seq > ({drawn_in})").fetchone()
    return int(count)


@contextmanager
def publishing(ledger: Ledger, port: int) -> Iterator[threading.Event]:
    """Publish in a thread; the event ends it."""
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            ledger.publish_until(port, stop)
            stop.wait(0.05)

    thread = threading.Thread(target=go_on, name="publishing")
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(30)


def settled(center: CenterProcess, ledger: Ledger) -> tuple[set[int], set[int]]:
    """What was lost and doubled, once a center that is not disturbed has taken everything through."""
    center.start()
    assert center.wait_listening(), center.log.read_text()[-2_000:]
    eventually(center.taken_through, within_s=240, every_s=0.2, what="everything taken through")
    lost, doubled = ledger.lost_and_doubled(center.database)
    center.kill()
    return lost, doubled
