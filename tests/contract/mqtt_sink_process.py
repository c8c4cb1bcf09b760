"""A listener with a small SQLite store behind it, in a process of its own, for tests that kill it.

Prints its port on one line; then runs until killed. Usage: `python mqtt_sink_process.py FILE.db [PORT]`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Sequence

from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.ingest.message import RawMessage


class SqliteSink:
    """Commits a batch in a thread, with full synchronisation."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE IF NOT EXISTS inbox (topic TEXT, payload BLOB)")

    async def __call__(self, batch: Sequence[RawMessage]) -> None:
        await asyncio.to_thread(self._commit, [(m.topic, m.payload) for m in batch])

    def _commit(self, rows: list[tuple[str, bytes]]) -> None:
        with self._db:
            self._db.executemany("INSERT INTO inbox VALUES (?, ?)", rows)


async def main(path: str, port: int) -> None:
    listener = MqttListener(host="127.0.0.1", port=port, sink=SqliteSink(path))
    await listener.start()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listener.serve())
        await listener.accepting()
        print(listener.port, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
