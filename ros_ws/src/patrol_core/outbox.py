"""The durable outbox: what a robot must tell the center stays on disk until the center says it has it."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from patrol_core.errors import OutboxFull

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    report_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    urgent INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_s REAL NOT NULL DEFAULT 0
)
"""

_DOUBLINGS = 30  # beyond this the bound of the wait has long been reached; 2.0 ** 1024 is no float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One report on its way."""

    report_id: UUID
    kind: str
    body: str  # JSON of the core type
    urgent: bool
    attempts: int


class Outbox:
    """A bounded SQLite queue. Every put is on disk (synchronous=FULL) when it returns.

    Overflow: `put` raises OutboxFull for what is not urgent at `capacity`; urgent reports have `reserve` places more.
    Nothing is dropped in silence. Resend: after 1 s, doubling to `retry_max_s`, until acknowledged; times are
    monotonic seconds of the caller's clock, forgotten at restart so that everything is tried again at once.
    """

    def __init__(
        self, path: Path | str, *, capacity: int = 10_000, reserve: int = 1_000, retry_max_s: float = 10.0
    ) -> None:
        self._capacity = capacity
        self._reserve = reserve
        self._retry_max_s = retry_max_s
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(_SCHEMA)
        self._db.execute("UPDATE outbox SET next_try_s = 0")

    def put(self, report_id: UUID, kind: str, body: str, *, urgent: bool = False) -> None:
        """Keep a report; a known id is ignored.

        Raises:
            OutboxFull: at the bound; nothing was kept.
        """
        with self._lock:
            limit = self._capacity + (self._reserve if urgent else 0)
            (count,) = self._db.execute("SELECT COUNT(*) FROM outbox").fetchone()
            if count >= limit and not self._knows(report_id):
                raise OutboxFull(f"expected fewer than {limit} reports waiting; came {count}: is the center away?")
            self._db.execute(
                "INSERT OR IGNORE INTO outbox (report_id, kind, body, urgent) VALUES (?, ?, ?, ?)",
                (str(report_id), kind, body, urgent),
            )

    def due(self, now_s: float, *, limit: int = 50) -> tuple[Parcel, ...]:
        """Reports whose (next) try is due, urgent first, then oldest; each is marked as tried at `now_s`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT report_id, kind, body, urgent, attempts FROM outbox WHERE next_try_s <= ?"
                " ORDER BY urgent DESC, report_id LIMIT ?",
                (now_s, limit),
            ).fetchall()
            self._db.executemany(
                "UPDATE outbox SET attempts = attempts + 1, next_try_s = ? WHERE report_id = ?",
                [(now_s + min(2.0 ** min(row[4], _DOUBLINGS), self._retry_max_s), row[0]) for row in rows],
            )
        return tuple(
            Parcel(report_id=UUID(r[0]), kind=r[1], body=r[2], urgent=bool(r[3]), attempts=r[4] + 1) for r in rows
        )

    def acknowledge(self, report_id: UUID) -> bool:
        """Forget a report the center has; whether it was here."""
        with self._lock:
            return self._db.execute("DELETE FROM outbox WHERE report_id = ?", (str(report_id),)).rowcount > 0

    def _knows(self, report_id: UUID) -> bool:
        row = self._db.execute("SELECT 1 FROM outbox WHERE report_id = ?", (str(report_id),)).fetchone()
        return row is not None

    def __len__(self) -> int:
        with self._lock:
            (count,) = self._db.execute("SELECT COUNT(*) FROM outbox").fetchone()
        return int(count)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
