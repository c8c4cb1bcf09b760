"""Rows a second that the inbox takes durably, on SQLite and on PostgreSQL, by how many wait for one commit."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from mission_planner.store import inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.opening import open_store
from mission_planner.store.protocol import Store
from tests.bench.report import BenchReport
from tests.helpers import postgres

SECONDS = 2.0  # for each figure
BODY = '{"state":"alarm","value":0.31,"unit":"%/m","battery_pct":81,"boot":"a1","seq":1}'
BATCHES = (1, 10, 100, 1_000)  # reports in one work, as the listener gives them
PUBLISHERS = 64  # works that wait for each other's commit, one report each


def store_rows(report: BenchReport) -> None:
    """Add `store_<database>_rows_per_s_<batch>` and `…_grouped` for both databases, synced to disk."""
    for name, figures in measured().items():
        for what, rows_per_s in figures.items():
            report.add(f"store_{name}_rows_per_s_{what}", rows_per_s, "rows/s")


def measured() -> Mapping[str, Mapping[str, float]]:
    """Rows a second, by database and batch; a database that is not installed is missing."""
    found: dict[str, Mapping[str, float]] = {}
    for name in ("sqlite", "postgresql"):
        with _store(name) as store:
            if store is not None:
                found[name] = asyncio.run(_figures(store))
    return found


async def _figures(store: Store) -> Mapping[str, float]:
    figures = {f"{batch}": await _one_after_the_other(store, batch) for batch in BATCHES}
    return {**figures, "grouped": await _side_by_side(store)}


async def _one_after_the_other(store: Store, batch: int) -> float:
    """Each commit waits for the one before it."""
    rows, begun_s = 0, time.monotonic()
    while (took_s := time.monotonic() - begun_s) < SECONDS:
        reports = _reports(f"{batch}-{rows}", batch)
        await store.write(lambda tx, reports=reports: inbox.keep(tx, reports))  # type: ignore[misc]
        rows += batch
    return rows / took_s


async def _side_by_side(store: Store) -> float:
    """Many works wait, one report each: what group commit makes of them."""
    begun_s = time.monotonic()

    async def publisher(number: int) -> int:
        rows = 0
        while time.monotonic() - begun_s < SECONDS:
            reports = _reports(f"p{number}-{rows}", 1)
            await store.write(lambda tx, reports=reports: inbox.keep(tx, reports))  # type: ignore[misc]
            rows += 1
        return rows

    rows = sum(await asyncio.gather(*(publisher(n) for n in range(PUBLISHERS))))
    return rows / (time.monotonic() - begun_s)


def _reports(name: str, count: int) -> list[Report]:
    return [
        Report(
            report_id=f"{name}-{n}", kind=ReportKind.MQTT, topic="xinghe/sensors/d/event", body=BODY, received_at=None
        )
        for n in range(count)
    ]


@contextmanager
def _store(name: str) -> Iterator[Store | None]:
    """A new, durable store; None where the database is not installed."""
    if name == "postgresql" and not postgres.installed():
        print("PostgreSQL is not installed (Debian's package postgresql): no figures of it", flush=True)
        yield None
        return
    server = postgres.Server(fsync=True) if name == "postgresql" else None
    try:
        with tempfile.TemporaryDirectory(prefix="ronda-bench-store-") as folder:
            address = server.database() if server else None
            with closing(open_store(address, file=Path(folder) / "center.db", site_id="bench")) as store:
                yield store
    finally:
        if server:
            server.stop()


if __name__ == "__main__":
    report = BenchReport("incidents-store")
    store_rows(report)
    report.write()
