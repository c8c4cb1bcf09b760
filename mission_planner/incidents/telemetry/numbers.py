"""A small number for each device, the same for ever: what values on disk name it by."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.registry import Registry


class Numbers:
    """Line `n` of a text file is the id of device number `n`. Lines are only ever added."""

    def __init__(self, path: Path, registry: Registry) -> None:
        self._path = path
        self._registry = registry
        self._lock = threading.Lock()
        self._at: NDArray[np.uint32] = np.zeros(max(1_024, len(registry)), dtype=np.uint32)
        self._next = 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                position = registry.position(line.rstrip("\n"))
                if position is not None:
                    self._at[position] = self._next
                self._next += 1

    def of(self, device_id: str) -> int | None:
        """None for a device that never had a value kept."""
        position = self._registry.position(device_id)
        if position is None or position >= len(self._at):
            return None
        return int(self._at[position]) or None

    def positions(self) -> NDArray[np.int64]:
        """The position of each number's device; -1 where it is not registered, and behind the last number."""
        with self._lock:
            found = np.full(self._next + 1, -1, dtype=np.int64)
            numbered = np.flatnonzero(self._at)
            found[self._at[numbered]] = numbered
            return found

    def of_positions(self, positions: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Numbers of devices; those that have none get one, kept before it is used."""
        with self._lock:
            top = len(self._registry)
            if top > len(self._at):
                grown = np.zeros(top + top // 8, dtype=np.uint32)
                grown[: len(self._at)] = self._at
                self._at = grown
            fresh = np.unique(positions[self._at[positions] == 0])
            if len(fresh):
                with self._path.open("a", encoding="utf-8") as lines:
                    lines.write("".join(self._registry.device_id(int(p)) + "\n" for p in fresh))
                self._at[fresh] = np.arange(self._next, self._next + len(fresh), dtype=np.uint32)
                self._next += len(fresh)
            return self._at[positions]
