"""Which words become points: a change of state, a value that moves, a sign of life; the latter two at bounded rates.

The telemetry lane offers its slices. Words of the life lane are swept up from the arrays of last words, so that no
alarm on its way waits for a file; each change of state between two sweeps is noted beside the arrays.
"""

from __future__ import annotations

import logging
import threading

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.registry import Registry
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import POINT, Points, PointStore

log = logging.getLogger(__name__)

KEEP_EVERY_MS = 60_000  # a moving value is kept on disk at most this often
KEEP_STILL_MS = 3_600_000  # one that does not move, this often


class Recorder:
    """What was kept last of each device, by position; any thread."""

    def __init__(self, registry: Registry, points: PointStore, numbers: Numbers) -> None:
        self._registry = registry
        self._points = points
        self._numbers = numbers
        self._lock = threading.Lock()
        words = registry.words
        words.fit()
        words.take_turned()  # what a start finds in the table of devices was kept by the process before
        self._state: NDArray[np.uint8] = words.state.copy()
        self._kept_ms: NDArray[np.int64] = words.heard_ms.copy()

    def offer(
        self,
        positions: NDArray[np.int64],
        states: NDArray[np.uint8],
        values: NDArray[np.float64],
        moved: NDArray[np.bool_],
        at_ms: int,
    ) -> int:
        """Words of one moment, each device once; how many were kept.

        Raises:
            OSError: the disk; none was.
        """
        with self._lock:
            self._fit()
            since = at_ms - self._kept_ms[positions]
            keep = (states != self._state[positions]) | (moved & (since >= KEEP_EVERY_MS)) | (since >= KEEP_STILL_MS)
            kept = positions[keep]
            if len(kept):
                self._keep(kept, np.full(len(kept), at_ms), states[keep], values[keep])
            return len(kept)

    def sweep(self) -> int:
        """Keep what was noted since, whatever way it came; how many points.

        Raises:
            OSError: the disk; the newest word of each device is found again by the next sweep.
        """
        words, count = self._registry.words, len(self._registry)  # an import may add more meanwhile
        words.fit()
        turned = words.take_turned()
        with self._lock:
            self._fit()
            if turned:
                positions, at_ms, states, values = zip(*turned, strict=True)
                self._keep(
                    np.array(positions, dtype=np.int64),
                    np.array(at_ms, dtype=np.int64),
                    np.array(states, dtype=np.uint8),
                    np.array(values),
                )
            heard, kept_ms = words.heard_ms[:count].copy(), self._kept_ms[:count]
            since = heard - kept_ms
            moved = (words.used_ms[:count] > kept_ms) & (since >= KEEP_EVERY_MS)
            differs = (words.state[:count] != self._state[:count]) & (since > 0)
            due = np.flatnonzero((heard > 0) & (differs | moved | (since >= KEEP_STILL_MS)))
            if len(due):
                due = due[np.argsort(heard[due], kind="stable")]
                said = np.where(words.valued_ms[due] >= heard[due], words.value[due], np.nan)
                self._keep(due, heard[due], words.state[due], said)
            return len(turned) + len(due)

    def found(self, positions: NDArray[np.int64], states: NDArray[np.uint8], at_ms: NDArray[np.int64]) -> None:
        """These are the last points that files of an earlier process hold."""
        with self._lock:
            self._fit()
            self._state[positions], self._kept_ms[positions] = states, at_ms

    def _keep(
        self,
        positions: NDArray[np.int64],
        at_ms: NDArray[np.int64],
        states: NDArray[np.uint8],
        values: NDArray[np.float64],
    ) -> None:
        rows: Points = np.empty(len(positions), dtype=POINT)
        rows["device"] = self._numbers.of_positions(positions)
        rows["at_ms"], rows["value"], rows["state"] = at_ms, values, states
        self._points.append(rows)
        self._state[positions], self._kept_ms[positions] = states, at_ms

    def _fit(self) -> None:
        more = len(self._registry) - len(self._kept_ms)
        if more > 0:
            more += len(self._registry) // 8
            self._state = np.concatenate([self._state, np.zeros(more, dtype=np.uint8)])
            self._kept_ms = np.concatenate([self._kept_ms, np.zeros(more, dtype=np.int64)])
