"""Figures of the incident spine: `make bench-incidents [FIGURES=sos,storm]`; generator and center on one machine.

Each load generator is a process of its own with fresh ids; a latency runs from when a message was due.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from sim.corpus import corpus
from sim.corpus_site import Estate, Sensors
from tests.bench.incidents_center import ESTATE_CENTER, api, center, life_sensors, load, to_stream
from tests.bench.incidents_reading import OPEN, reading_figures, spread
from tests.bench.incidents_registry import registry_figures, telemetry_figures
from tests.bench.incidents_store import store_rows
from tests.bench.incidents_storm import storm_figures
from tests.bench.report import BenchReport, percentile
from tests.helpers.corpus_outcome import best_by_distance, outcome_of
from tests.helpers.corpus_run import fresh_run
from tests.helpers.waiting import eventually

OPEN_STATES = "open,acknowledged,verifying,dispatched,on_scene,resolved"
STORED = int(os.environ.get("RONDA_BENCH_STORED", "1000000"))
CRIES = 200  # each from another home
CORPUS_SEED, CORPUS_DAYS = 77, float(os.environ.get("RONDA_BENCH_CORPUS_DAYS", "3"))
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
        report.add("sos_to_stream_p99_ms", percentile(to_stream(it, topics, rate=20), 0.99) * 1e3, "ms")


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
    "storm": storm_figures,
    "restart": restart,
    "reading": reading,
    "corpus": corpus_scores,
    "store": store_rows,
    "registry": registry,
    "telemetry": telemetry,
}


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
