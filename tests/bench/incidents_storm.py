"""A storm of alarms: how fast it is taken in and through, and how long somebody waits who calls for a person in it."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psutil

from sim.corpus_site import Estate, Sensors
from tests.bench.incidents_center import ESTATE_CENTER, center, load, to_stream
from tests.bench.report import BenchReport, percentile
from tests.helpers.crash_ledger import CenterProcess
from tests.helpers.waiting import eventually

STORM = int(os.environ.get("RONDA_BENCH_STORM", "600000"))
CALLS = 60  # in the storm, each from another home


def storm_figures(report: BenchReport) -> None:
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
            late_s = opened_late_s(db)
        report.add("storm_incidents", incidents, "incidents")
        report.add("storm_counted", counted, "messages")
        report.add("storm_lost", came.acknowledged - kept - counted, "messages")
        report.add("storm_to_incident_p50_s", percentile(late_s, 0.5), "s")
        report.add("storm_to_incident_p99_s", percentile(late_s, 0.99), "s")
    with center(ESTATE_CENTER) as it:
        topics = [f"xinghe/sensors/{d}/event" for d in everywhere]
        came = storm_of(it, topics, rate=0, count=len(topics))
        report.add("storm_first_words_per_s", came.acknowledged / came.through_s, "messages/s")
    report_calls(report, [d for d in everywhere if not d.endswith("sos1")])


def report_calls(report: BenchReport, alarming: list[str]) -> None:
    """While detectors of all towers alarm for the first time, somebody presses a button three times a second."""
    buttons = [d for d in Sensors(Estate()) if d.endswith("sos1")]
    calls = [f"xinghe/sensors/{d}/event" for d in buttons[:: len(buttons) // CALLS][:CALLS]]
    alarms = [f"xinghe/sensors/{d}/event" for d in alarming]
    with center(ESTATE_CENTER) as it:
        storm = threading.Thread(target=load, args=(it,), kwargs={"topics": alarms, "rate": 0, "count": len(alarms)})
        storm.start()
        try:
            waited_s = to_stream(it, calls, rate=3)
            report.add("storm_sos_to_stream_p50_ms", percentile(waited_s, 0.5) * 1e3, "ms")
            report.add("storm_sos_to_stream_p99_ms", percentile(waited_s, 0.99) * 1e3, "ms")
        finally:
            storm.join()
        with closing(sqlite3.connect(it.database)) as db:
            late_s = opened_late_s(db, only="WHERE findings.source_id LIKE '%sos1'")
        report.add("storm_sos_to_incident_p99_ms", percentile(late_s, 0.99) * 1e3, "ms")


def opened_late_s(db: sqlite3.Connection, only: str = "") -> list[float]:
    """How long after its first word was received each incident was opened."""
    of = "SELECT opened_at, min(observed_at) FROM incidents JOIN findings USING (incident_id)"
    opened = db.execute(f"{of} {only} GROUP BY incident_id").fetchall()
    return [(datetime.fromisoformat(o) - datetime.fromisoformat(f)).total_seconds() for o, f in opened]


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
