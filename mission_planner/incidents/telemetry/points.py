"""Values on disk: a folder per day, in it append-only logs, sorted by device when they are full or their hour is over.

Points are kept for 35 days, hourly means for 400. Nothing here is synced: a power cut may cost the newest seconds of
values; findings do not pass here, they go through the inbox. Everything but `append` may run in a thread.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.last import STATE_NAMES, ms_of
from mission_planner.incidents.telemetry.numbers import Numbers

log = logging.getLogger(__name__)

POINT = np.dtype([("device", "<u4"), ("at_ms", "<i8"), ("value", "<f8"), ("state", "u1")])
HOUR = np.dtype(
    [
        ("device", "<u4"),
        ("at_ms", "<i8"),
        ("count", "<u4"),
        ("mean", "<f8"),
        ("low", "<f8"),
        ("high", "<f8"),
        ("state", "u1"),
    ]
)
KEEP_POINTS = timedelta(days=35)
KEEP_HOURS = timedelta(days=400)
FINE = timedelta(days=3)  # of a longer history, what lies before is told by the hour
MOST_POINTS = 2_000
SEGMENT_POINTS = 2_000_000  # 42 MB: a log this long is sorted, and a new one begun
_HOUR_MS = 3_600_000
_SCAN = 1_000_000

Points = NDArray[np.void]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPoint:
    """What a device said at a moment, or the mean of its hour."""

    at: datetime
    value: float | None
    state: Any  # normal, alarm, unknown


class PointStore:
    """The values of one site. One writer; readers in any thread."""

    def __init__(self, folder: Path, numbers: Numbers) -> None:
        self._folder = folder
        self._numbers = numbers
        self._lock = threading.Lock()
        self._open: Path | None = None
        self._open_hour = 0
        self._open_points = 0
        self._file: int | None = None
        self.written = 0  # points since the start
        self._close_leftovers()

    def append(self, points: Points) -> None:
        """Keep points of this moment; a new hour begins a new log.

        Raises:
            OSError: the disk; the caller counts them as lost.
        """
        if not len(points):
            return
        hour = int(points["at_ms"][-1]) // _HOUR_MS
        with self._lock:
            file = self._file
            if file is None or hour != self._open_hour or self._open_points >= SEGMENT_POINTS:
                file = self._begin(hour)
            data = points.tobytes()
            done = os.write(file, data)
            if done != len(data):
                os.ftruncate(file, os.fstat(file).st_size // POINT.itemsize * POINT.itemsize)
                raise OSError(f"expected {len(data)} bytes to be written; {done} were")
            self._open_points += len(points)
            self.written += len(points)

    def tend(self, now: datetime) -> None:
        """Sort the logs that are full, make the hours of days that are over, forget what is too old. Slow."""
        with self._lock:
            if self._open is not None and ms_of(now) // _HOUR_MS > self._open_hour:
                self._end()
            busy = self._open
        for path in sorted(self._folder.glob("*/*.log")):
            if path != busy:
                _sort(path)
        today = now.astimezone(UTC).date()
        for day in sorted(p for p in self._folder.iterdir() if p.is_dir()):
            date = datetime.fromisoformat(day.name).date()
            if date < today and not (day / "hours").exists():
                _roll_up(day)
            age = today - date
            if age > KEEP_POINTS:
                for path in day.glob("*.pts"):
                    path.unlink()
            if age > KEEP_HOURS:
                for path in day.iterdir():
                    path.unlink()
                day.rmdir()

    def of(self, device_id: str, start: datetime, end: datetime) -> list[HistoryPoint]:
        """Oldest first: every kept point of the newest days, hourly means before; thinned to 2,000."""
        number = self._numbers.of(device_id)
        if number is None:
            return []
        found = [
            *self._hours(number, start, max(start, end - FINE)),
            *self._points(number, max(start, end - FINE), end),
        ]
        return _thinned(found)

    def since(self, since_ms: int) -> Iterator[Points]:
        """Every kept point after that moment, a file at a time, the oldest file first; in each by device and time."""
        start = datetime.fromtimestamp(since_ms / 1000, UTC)
        for day in sorted(p for p in self._folder.iterdir() if p.is_dir() and p.name >= start.date().isoformat()):
            first = f"{start:%H}" if day.name == start.date().isoformat() else ""
            for path in sorted(p for p in day.glob("??-*") if p.suffix in {".log", ".pts"} and p.name >= first):
                points = _read(path)
                points = points[points["at_ms"] > since_ms]
                if len(points):
                    yield _by_device(points) if path.suffix == ".log" else points

    def close(self) -> None:
        """End the open log; the next start sorts it."""
        with self._lock:
            self._end()

    # inside

    def _begin(self, hour: int) -> int:
        self._end()
        at = datetime.fromtimestamp(hour * _HOUR_MS / 1000, UTC)
        day = self._folder / at.date().isoformat()
        day.mkdir(parents=True, exist_ok=True)
        (day / "hours").unlink(missing_ok=True)  # the clock was set back: its hours are made anew
        number = sum(1 for _ in day.glob(f"{at:%H}-*"))
        self._open = day / f"{at:%H}-{number:04d}.log"
        self._file = os.open(self._open, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._open_hour, self._open_points = hour, 0
        return self._file

    def _end(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file, self._open = None, None

    def _close_leftovers(self) -> None:
        """What a killed process left: whole points count, a torn one at the end does not."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*/*.partial"):
            path.unlink()
        for path in self._folder.glob("*/*.log"):
            size = path.stat().st_size
            if size % POINT.itemsize:
                os.truncate(path, size // POINT.itemsize * POINT.itemsize)

    def _points(self, number: int, start: datetime, end: datetime) -> list[HistoryPoint]:
        low, high = ms_of(start), ms_of(end)
        pieces: list[Points] = []
        for day in _days(self._folder, start, end):
            for path in sorted(day.glob("??-*")):
                pieces += _scan(path, number) if path.suffix == ".log" else [_seek(path, number)]
        return [_told(p) for p in _between(pieces, POINT, low, high)]

    def _hours(self, number: int, start: datetime, end: datetime) -> list[HistoryPoint]:
        low, high = ms_of(start), ms_of(end)
        pieces = [
            _seek(day / "hours", number, HOUR) for day in _days(self._folder, start, end) if (day / "hours").exists()
        ]
        return [_told(p, "mean") for p in _between(pieces, HOUR, low, high)]


def _thinned(found: list[HistoryPoint]) -> list[HistoryPoint]:
    """Evenly, with the newest and every turn to alarm; without those where they alone are too many."""
    step = -(-len(found) // MOST_POINTS)
    if step <= 1:
        return found
    newest = len(found) - 1
    turns = {i for i, p in enumerate(found) if p.state == "alarm" and (i == 0 or found[i - 1].state != "alarm")}
    if len(turns) > MOST_POINTS // 2:
        turns.clear()
    else:
        step *= 2
    return [p for i, p in enumerate(found) if (newest - i) % step == 0 or i in turns]


def _days(folder: Path, start: datetime, end: datetime) -> Iterator[Path]:
    day, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
    while day <= last:
        if (folder / day.isoformat()).is_dir():
            yield folder / day.isoformat()
        day += timedelta(days=1)


def _between(pieces: list[Points], kind: np.dtype[Any], low: int, high: int) -> Points:
    if not pieces:
        return np.empty(0, dtype=kind)
    points = np.concatenate(pieces)
    points = points[(points["at_ms"] >= low) & (points["at_ms"] <= high)]
    return points[np.argsort(points["at_ms"], kind="stable")]


def _scan(path: Path, number: int) -> list[Points]:
    found = []
    try:
        with path.open("rb") as file:
            while len(piece := np.fromfile(file, dtype=POINT, count=_SCAN)):
                found.append(piece[piece["device"] == number])
    except FileNotFoundError:  # it has just been sorted
        return [_seek(path.with_suffix(".pts"), number)]
    return found


def _seek(path: Path, number: int, kind: np.dtype[Any] = POINT) -> Points:
    if not path.exists() or not path.stat().st_size:
        return np.empty(0, dtype=kind)
    points = np.memmap(path, dtype=kind, mode="r")
    first, last = np.searchsorted(points["device"], [number, number + 1])
    return np.array(points[first:last])


def _sort(path: Path) -> None:
    """A log by device and time, under its final name; the log goes."""
    _write_whole(path.with_suffix(".pts"), _by_device(np.fromfile(path, dtype=POINT)))
    path.unlink()


def _by_device(points: Points) -> Points:
    """And by time."""
    return points[np.lexsort((points["at_ms"], points["device"]))]


def _read(path: Path) -> Points:
    try:
        return np.fromfile(path, dtype=POINT)
    except FileNotFoundError:  # it has just been sorted
        return np.fromfile(path.with_suffix(".pts"), dtype=POINT)


def _roll_up(day: Path) -> None:
    """The hours of a day, by device."""
    hours = [_hours_of(np.fromfile(path, dtype=POINT)) for path in sorted(day.glob("*.pts"))]
    if not hours:
        return
    merged = _merged(np.concatenate(hours))
    _write_whole(day / "hours", merged)
    log.info("telemetry of %s: %d device hours", day.name, len(merged))


def _hours_of(points: Points) -> Points:
    rows = np.empty(len(points), dtype=HOUR)
    rows["device"], rows["at_ms"] = points["device"], points["at_ms"] // _HOUR_MS * _HOUR_MS
    rows["count"] = ~np.isnan(points["value"])
    rows["mean"] = rows["low"] = rows["high"] = points["value"]
    rows["state"] = points["state"]
    return _merged(rows)


def _merged(rows: Points) -> Points:
    """One row for each device and hour; the mean weighs each by its count."""
    if not len(rows):
        return rows
    rows = rows[np.lexsort((rows["at_ms"], rows["device"]))]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = (rows["device"][1:] != rows["device"][:-1]) | (rows["at_ms"][1:] != rows["at_ms"][:-1])
    at = np.flatnonzero(first)
    merged = rows[at].copy()
    merged["count"] = np.add.reduceat(rows["count"], at)
    total = np.add.reduceat(np.nan_to_num(rows["mean"]) * rows["count"], at)
    with np.errstate(invalid="ignore", divide="ignore"):
        merged["mean"] = np.where(merged["count"] > 0, total / merged["count"], np.nan)
    merged["low"] = np.fmin.reduceat(rows["low"], at)
    merged["high"] = np.fmax.reduceat(rows["high"], at)
    merged["state"] = np.maximum.reduceat(rows["state"], at)
    return merged


def _write_whole(path: Path, rows: Points) -> None:
    partial = path.with_name(path.name + ".partial")
    rows.tofile(partial)
    partial.replace(path)


def _told(point: Any, value: str = "value") -> HistoryPoint:
    said = float(point[value])
    return HistoryPoint(
        at=datetime.fromtimestamp(int(point["at_ms"]) / 1000, UTC),
        value=None if np.isnan(said) else said,
        state=STATE_NAMES[int(point["state"])],
    )
