"""What a console waits for: a page of the queue, the stream's first snapshot, how long incidents took; 2,000 open."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import httpx

from tests.bench.report import percentile

OPEN = 2_000
A_DAY = 1_000  # stored incidents are spread over days so
SETTLE_S = 5.0

Figures = Mapping[str, tuple[float, str]]


def spread(database: Path, incident_id: str) -> None:
    """What was stored as one incident's copies was closed at `A_DAY` a day up to it, and took from 30 s to 17 min."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA synchronous=OFF")
        (closed_at,) = db.execute("SELECT closed_at FROM incidents WHERE incident_id = ?", (incident_id,)).fetchone()
        earlier = f"julianday(?) - CAST(rowid AS REAL) / {A_DAY}"
        db.execute(
            f"UPDATE incidents SET closed_at = strftime('%Y-%m-%dT%H:%M:%f000Z', {earlier}), "
            "handled_s = 30 + rowid % 997 WHERE incident_id <> ? AND ended",
            (closed_at, incident_id),
        )
        db.commit()


def reading_figures(http: httpx.Client) -> Figures:
    """Each asked for often enough; a snapshot from asking until its last byte."""
    time.sleep(SETTLE_S)
    queue = _timed(lambda: http.get("/incidents/queue").raise_for_status(), 200)
    week = _timed(lambda: http.get("/incidents/handling").raise_for_status(), 20)
    quarter = _timed(lambda: http.get("/incidents/handling", params={"days": 92}).raise_for_status(), 20)
    snapshots = _timed(lambda: _snapshot(http), 10, apart_s=1.5)
    return {
        "reading_queue_page_p50_ms": (percentile(queue, 0.5) * 1e3, "ms"),
        "reading_queue_page_p99_ms": (percentile(queue, 0.99) * 1e3, "ms"),
        "reading_snapshot_p50_ms": (percentile(snapshots, 0.5) * 1e3, "ms"),
        "reading_snapshot_worst_ms": (max(snapshots) * 1e3, "ms"),
        "reading_handling_week_worst_ms": (max(week) * 1e3, "ms"),
        "reading_handling_quarter_first_ms": (quarter[0] * 1e3, "ms"),
        "reading_handling_quarter_worst_again_ms": (max(quarter[1:]) * 1e3, "ms"),
    }


def _snapshot(http: httpx.Client) -> None:
    with http.stream("GET", "/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                return


def _timed(what: Callable[[], object], times: int, *, apart_s: float = 0.0) -> list[float]:
    """Seconds of each; a pause between them, so that none finds another's answer."""
    took = []
    for _ in range(times):
        time.sleep(apart_s)
        begun = time.monotonic()
        what()
        took.append(time.monotonic() - begun)
    return took
