"""Figures of the incident spine: `make bench-incidents [FIGURES=sos,storm]`; generator and center on one machine.

Each load generator is a process of its own with fresh ids; a latency runs from when a message was due.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil

from maps import load_site
from patrol_core.site import DeviceKind
from sim.corpus import corpus
from sim.corpus_site import Estate, Sensors
from tests.bench.incidents_reading import OPEN, reading_figures, spread
from tests.bench.incidents_registry import registry_figures, telemetry_figures
from tests.bench.incidents_store import store_rows
from tests.bench.report import BenchReport, percentile
from tests.helpers.corpus_outcome import best_by_distance, outcome_of
from tests.helpers.corpus_run import fresh_run
from tests.helpers.crash_ledger import CenterProcess
from tests.helpers.waiting import eventually

SITE_CENTER = (sys.executable, "-m", "tests.helpers.center_process")
ESTATE_CENTER = (*SITE_CENTER, "estate")
OPEN_STATES = "open,acknowledged,verifying,dispatched,on_scene,resolved"
STORED = int(os.environ.get("RONDA_BENCH_STORED", "1000000"))
CRIES = 200  # each from another home
STORM = int(os.environ.get("RONDA_BENCH_STORM", "600000"))
CORPUS_SEED, CORPUS_DAYS = 77, float(os.environ.get("RONDA_BENCH_CORPUS_DAYS", "3"))
OPENED = (  # when each incident was, and when its first word was received
    "SELECT opened_at, min(observed_at) FROM incidents JOIN findings USING (incident_id) GROUP BY incident_id"
)
UNITS = {"telemetry_msgs_per_s": "messages/s", "telemetry_lost": "messages", "registry_rss_mb": "MB"}


def sos(report: BenchReport) -> None:
    """Durable acknowledgement of cries for help at 1,000 a second, and how soon one is on a browser's stream."""
    with center() as it:
        topics = [f"xinghe/sensors/{d}/event" for d in life_sensors()]
        loaded = load(it, topics=topics, rate=1_000, seconds=20)
        report.add("sos_durable_p99_ms", percentile(loaded["latencies_s"], 0.99) * 1e3, "ms")
        report.add("sos_lost", loaded["sent"] - loaded["acknowledged"], "messages")
    buttons = [d for d in Sensors(Estate()) if d.endswith("sos1")]
    with center(ESTATE_CENTER) as it:
        topics = [f"xinghe/sensors/{d}/event" for d in buttons[:: len(buttons) // CRIES][:CRIES]]
        report.add("sos_to_stream_p99_ms", percentile(to_stream(it, topics, count=CRIES), 0.99) * 1e3, "ms")


def storm(report: BenchReport) -> None:
    """Half the life sensors of four towers alarm again and again, as fast as it is taken in, till all is through.

    And half of all nineteen towers' alarm once: there each opens an incident, or joins one.
    """
    everywhere = [d for d in Sensors(Estate()) if d.endswith(("smoke1", "smoke2", "sos1", "gas1"))][::2]
    devices = [d for d in everywhere if d.startswith(("t01-", "t02-", "t03-", "t04-"))]
    topics = [f"xinghe/sensors/{d}/event" for d in devices]
    with center(ESTATE_CENTER) as it:
        before = psutil.Process(it.popen.pid).memory_info().rss
        came = storm_of(it, topics, rate=0, count=STORM)
        report.add("storm_msgs_per_s", came.acknowledged / came.through_s, "messages/s")
        report.add("storm_accepted_per_s", came.acknowledged / came.accepted_s, "messages/s")
        report.add("storm_last_waits_s", came.through_s - came.accepted_s, "s")
        report.add("storm_sensors", len(devices), "sensors")
        report.add("storm_rss_mb", came.most_rss / 1e6, "MB")
        report.add("storm_rss_grown_mb", (came.most_rss - before) / 1e6, "MB")
        with closing(sqlite3.connect(it.database)) as db:
            (incidents,) = db.execute("SELECT count(*) FROM incidents").fetchone()
            (counted,) = db.execute("SELECT count(*) FROM inbox WHERE state = 'counted'").fetchone()
            (kept,) = db.execute("SELECT count(*) FROM findings").fetchone()
            opened = db.execute(OPENED).fetchall()
        report.add("storm_incidents", incidents, "incidents")
        report.add("storm_counted", counted, "messages")
        report.add("storm_lost", came.acknowledged - kept - counted, "messages")
        late_s = [(datetime.fromisoformat(o) - datetime.fromisoformat(f)).total_seconds() for o, f in opened]
        report.add("storm_to_incident_p50_s", percentile(late_s, 0.5), "s")
        report.add("storm_to_incident_p99_s", percentile(late_s, 0.99), "s")
    with center(ESTATE_CENTER) as it:
        topics = [f"xinghe/sensors/{d}/event" for d in everywhere]
        came = storm_of(it, topics, rate=0, count=len(topics))
        report.add("storm_first_words_per_s", came.acknowledged / came.through_s, "messages/s")


@dataclass(frozen=True, kw_only=True)
class Came:
    """What became of a storm."""

    acknowledged: int
    accepted_s: float
    through_s: float  # until the last one was taken through
    most_rss: int  # bytes


def storm_of(it: CenterProcess, topics: list[str], **given: Any) -> Came:
    """Send it, and wait until it is taken through."""
    process, most, over = psutil.Process(it.popen.pid), [0], threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            most.append(process.memory_info().rss)

    watch = threading.Thread(target=look)
    watch.start()
    begun = time.monotonic()
    loaded = load(it, topics=topics, **given)
    eventually(it.taken_through, within_s=900, every_s=0.25, what="the storm taken through")
    through_s = time.monotonic() - begun
    over.set()
    watch.join()
    return Came(
        acknowledged=loaded["acknowledged"],
        accepted_s=loaded["elapsed_s"],
        through_s=through_s,
        most_rss=max(most),
    )


def restart(report: BenchReport) -> None:
    """A center with a million stored incidents starts: how soon it takes a cry for help; and a page of the queue."""
    with center() as it:
        topics = [f"xinghe/sensors/{d}/event" for d in life_sensors()]
        load(it, topics=topics[:1], rate=10, count=1)
        eventually(it.taken_through, what="one incident")
        with api(it) as http:
            (incident,) = http.get("/incidents", params={"state": OPEN_STATES}).json()["items"]
            http.post(f"/incidents/{incident['incident_id']}/false-alarm", json={"note": "a bench"}).raise_for_status()
        it.popen.send_signal(signal.SIGTERM)
        it.ended(30)
        multiply(it.database, incident["incident_id"], STORED)
        begun = time.monotonic()
        it.start()
        it.wait_listening(within_s=300)
        load(it, topics=topics[1:2], rate=10, count=1)
        report.add("restart_to_sos_s", time.monotonic() - begun, "s")
        report.add("restart_stored", STORED, "incidents")
        load(it, topics=topics, rate=50, count=len(topics) * 4)
        eventually(it.taken_through, within_s=60, what="the queue filled")
        with api(it) as http:
            pages = timed(lambda: http.get("/incidents/queue"), 200)
        report.add("queue_page_p99_ms", percentile(pages, 0.99) * 1e3, "ms")


def reading(report: BenchReport) -> None:
    """What a console waits for, with 2,000 open of a million stored incidents."""
    buttons = [d for d in Sensors(Estate()) if d.endswith("sos1")]
    topics = [f"xinghe/sensors/{d}/event" for d in buttons[:: len(buttons) // OPEN][:OPEN]]
    with center(ESTATE_CENTER) as it:
        load(it, topics=topics[:1], rate=10, count=1)
        eventually(it.taken_through, what="one incident")
        with api(it) as http:
            (incident,) = http.get("/incidents", params={"state": OPEN_STATES}).json()["items"]
            http.post(f"/incidents/{incident['incident_id']}/close", json={"note": "a bench"}).raise_for_status()
        it.popen.send_signal(signal.SIGTERM)
        it.ended(30)
        multiply(it.database, incident["incident_id"], STORED)
        spread(it.database, incident["incident_id"])
        it.start()
        it.wait_listening(within_s=300)
        load(it, topics=topics, rate=200, count=OPEN)
        eventually(it.taken_through, within_s=120, every_s=0.5, what="the queue filled")
        with api(it) as http:
            for name, (value, unit) in reading_figures(http).items():
                report.add(name, value, unit)


def corpus_scores(report: BenchReport) -> None:
    """Days of a community with the truth about each alarm, on a seed nothing was tuned on."""
    messages = corpus(CORPUS_SEED, days=CORPUS_DAYS)
    with tempfile.TemporaryDirectory() as folder, fresh_run(Path(folder)) as run:
        run.take(messages)
        outcome = outcome_of(run, messages)
        bound = best_by_distance(messages, run.site)
    report.add("corpus_missed_life", len(outcome.missed_life), "incidents")
    report.add("corpus_bcubed_f1", outcome.score.f1, "1")
    report.add("corpus_bcubed_f1_distance_only", bound, "1")
    report.add("corpus_told_per_operator_10_min", outcome.told_per_operator, "tellings")
    report.add("corpus_told_per_operator_10_min_mean", outcome.told_per_operator_usually, "tellings")
    report.add("corpus_first_notice_p50_s", percentile(outcome.first_notice_s, 0.5), "s")
    report.add("corpus_first_notice_p99_s", percentile(outcome.first_notice_s, 0.99), "s")


def telemetry(report: BenchReport) -> None:
    """Values of 400,000 devices by a real broker for a minute, and cries for help at 50 a second beside them."""
    seconds = float(os.environ.get("RONDA_BENCH_TELEMETRY_S", "60"))
    topics = [f"xinghe/sensors/{d}/event" for d in life_sensors()]
    cries: dict[str, Any] = {}

    async def cry(port: int) -> None:
        given = {"port": port, "topics": topics, "rate": 50, "seconds": 0.8 * seconds}
        command = [sys.executable, "-m", "tests.bench.incidents_load", json.dumps(given)]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        cries.update(json.loads(out))

    for name, value in asyncio.run(telemetry_figures(seconds, beside=cry)).items():
        report.add(name, value, UNITS.get(name, "1"))
    report.add("sos_durable_p99_under_load_ms", percentile(cries["latencies_s"], 0.99) * 1e3, "ms")
    report.add("sos_under_load_lost", cries["sent"] - cries["acknowledged"], "messages")


def registry(report: BenchReport) -> None:
    """400,000 devices imported, and loaded from the database in a process of their own."""
    for name, value in registry_figures().items():
        report.add(name, value, UNITS.get(name, "1"))


FIGURES: Mapping[str, Callable[[BenchReport], None]] = {
    "sos": sos,
    "storm": storm,
    "restart": restart,
    "reading": reading,
    "corpus": corpus_scores,
    "store": store_rows,
    "registry": registry,
    "telemetry": telemetry,
}


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


def to_stream(it: CenterProcess, topics: list[str], *, count: int) -> list[float]:
    """Seconds from when each cry was due until a browser's stream carried its finding."""
    heard: dict[int, float] = {}
    ready = threading.Event()

    def listen() -> None:
        with api(it) as http, http.stream("GET", "/events", timeout=None) as stream:
            name = ""
            for line in stream.iter_lines():
                ready.set()
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and name == "finding":
                    value = json.loads(line.removeprefix("data: ")).get("value")
                    heard.setdefault(int(value), time.monotonic())
                    if len(heard) >= count:
                        return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    ready.wait(30)
    sender = [sys.executable, "-m", "tests.bench.incidents_load"]
    given = {"port": it.mqtt_port, "topics": topics, "rate": 20, "count": count, "connections": 4}
    answer = json.loads(subprocess.run([*sender, json.dumps(given)], check=True, stdout=subprocess.PIPE).stdout)
    thread.join(60)
    begun = answer["begun_s"]
    if len(heard) < count:
        raise RuntimeError(f"expected {count} findings on the stream; came {len(heard)}")
    return [heard[n] - (begun + n / 20) for n in range(count)]


def multiply(database: Path, incident_id: str, count: int) -> None:
    """Store one ended incident so many times more, each with an id of its own and older than the first."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA synchronous=OFF")
        columns = [row[1] for row in db.execute("PRAGMA table_info(incidents)")]
        new = "printf('%08x-%04x-7000-8000-000000000000', i / 65536, i % 65536)"
        changed = {"incident_id": new, "body": f"replace(body, '{incident_id}', {new})"}
        chosen = [changed.get(column, column) for column in columns]
        db.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
            f"INSERT INTO incidents ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM n, "
            "(SELECT * FROM incidents WHERE incident_id = ?)",
            (incident_id,),
        )
        db.commit()


def timed(what: Callable[[], httpx.Response], times: int) -> list[float]:
    """Seconds of each."""
    took = []
    for _ in range(times):
        begun = time.monotonic()
        what().raise_for_status()
        took.append(time.monotonic() - begun)
    return took


def main() -> None:
    report = BenchReport("incidents")
    wanted = [w for w in os.environ.get("FIGURES", "").split(",") if w] or list(FIGURES)
    for name in wanted:
        FIGURES[name](report)
        report.write()


if __name__ == "__main__":
    main()
