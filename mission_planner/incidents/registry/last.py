"""What every device last said, in arrays beside the registry: one row for each position, 400,000 of them in 20 MB.

Written by the lanes as words come in, read by views and by the watch over deadlines. Times are milliseconds of site
time (Unix), 0 where there is none. One thread writes at a time; a reader may see a word one message old, never a
position of another device.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mission_planner.incidents.registry.registry import Registry

UNKNOWN, NORMAL, ALARM = 0, 1, 2
STATE_NAMES: Mapping[int, str] = {UNKNOWN: "unknown", NORMAL: "normal", ALARM: "alarm"}
STATE_CODES: Mapping[str, int] = {name: code for code, name in STATE_NAMES.items()}

FLOW_GAP_MS = 30 * 60_000  # a meter that has not risen for so long has stood still

TURNED = 100_000  # changes of state that wait for the next sweep; beyond, the oldest is left out and counted

_COLUMNS: Mapping[str, tuple[Any, Any]] = {  # name: type, and what stands there before the first word
    "state": (np.uint8, UNKNOWN),
    "value": (np.float64, np.nan),
    "unit": (np.uint16, 0),
    "battery_pct": (np.float32, np.nan),
    "heard_ms": (np.int64, 0),
    "valued_ms": (np.int64, 0),  # when it last said a value
    "used_ms": (np.int64, 0),  # when its value or state last moved
    "flowing_ms": (np.int64, 0),  # since when a meter has risen without a pause
}


class LastWords:
    """One row per device; grows with the registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._units: list[str] = [""]
        self._unit_codes: dict[str, int] = {"": 0}
        self._room = 0
        self._writing = threading.Lock()
        self._turned: deque[tuple[int, int, int, float]] = deque(maxlen=TURNED)
        self.turned_missed = 0
        self.state: NDArray[np.uint8]
        self.value: NDArray[np.float64]
        self.unit: NDArray[np.uint16]
        self.battery_pct: NDArray[np.float32]
        self.heard_ms: NDArray[np.int64]
        self.valued_ms: NDArray[np.int64]
        self.used_ms: NDArray[np.int64]
        self.flowing_ms: NDArray[np.int64]
        self.fit()

    def fit(self) -> None:
        """Room for every device that is registered now."""
        if len(self.registry) > self._room or not self._room:
            with self._writing:
                self._grow()

    def _grow(self) -> None:
        wanted = len(self.registry)
        if wanted <= self._room and self._room:
            return
        room = max(1_024, wanted + wanted // 8)
        for name, (kind, blank) in _COLUMNS.items():
            column = np.full(room, blank, dtype=kind)
            if self._room:
                column[: self._room] = getattr(self, name)
            setattr(self, name, column)
        self._room = room

    def note(
        self,
        position: int,
        *,
        state: str | None,
        value: float | None,
        unit: str,
        battery_pct: float | None,
        at: datetime,
    ) -> None:
        """A device's word; an older one than the newest changes nothing. Without a state, that stays what it was.

        What `note_many` does for one: arrays of one element cost twenty times as much.
        """
        self.fit()
        with self._writing:
            at_ms, heard_ms, known = ms_of(at), self.heard_ms[position], self.state[position]
            if heard_ms > at_ms:
                return
            code = STATE_CODES[state] if state is not None else known
            before, used_ms = self.value[position], self.used_ms[position]
            if value is not None:
                if value > before and (self.flowing_ms[position] == 0 or at_ms - used_ms > FLOW_GAP_MS):
                    self.flowing_ms[position] = at_ms
                self.value[position], self.valued_ms[position] = value, at_ms
                self.unit[position] = self.unit_code(unit)
            if code != known or heard_ms == 0 or (value is not None and value != before):
                self.used_ms[position] = at_ms
            if battery_pct is not None:
                self.battery_pct[position] = battery_pct
            self.state[position], self.heard_ms[position] = code, at_ms
            if code != known:
                self.turned_missed += len(self._turned) == TURNED
                self._turned.append((position, at_ms, int(code), float("nan") if value is None else value))

    def take_turned(self) -> Sequence[tuple[int, int, int, float]]:
        """Changes of state that `note` saw since the last asking, oldest first: position, when, state, value."""
        with self._writing:
            taken = tuple(self._turned)
            self._turned.clear()
        return taken

    def note_many(  # noqa: PLR0917 - columns
        self,
        positions: NDArray[np.int64],
        states: NDArray[np.uint8],
        values: NDArray[np.float64],  # not a number where none came
        batteries: NDArray[np.float32],  # the same
        units: NDArray[np.uint16],
        at_ms: int,
    ) -> NDArray[np.bool_]:
        """Words of one moment, each device at most once; which of them moved. Older than the newest: ignored."""
        with self._writing:
            fresh = self.heard_ms[positions] <= at_ms
            if fresh.all():
                return self._note(positions, states, values, batteries, units, at_ms)
            moved = np.zeros(len(positions), dtype=np.bool_)
            moved[fresh] = self._note(
                positions[fresh], states[fresh], values[fresh], batteries[fresh], units[fresh], at_ms
            )
            return moved

    def bring_back(
        self, positions: NDArray[np.int64], columns: Mapping[str, NDArray[Any]], units: Sequence[str]
    ) -> None:
        """Rows of an earlier process, whole; a device that was heard since keeps what it said.

        Args:
            units: what the numbers in `columns["unit"]` mean.
        """
        self.fit()
        codes = np.array([self.unit_code(unit) for unit in units], dtype=np.uint16)
        with self._writing:
            older = columns["heard_ms"] > self.heard_ms[positions]
            for name in _COLUMNS:
                given = codes[columns[name]] if name == "unit" else columns[name]
                getattr(self, name)[positions[older]] = given[older]

    def follow(
        self,
        positions: NDArray[np.int64],
        *,
        states: NDArray[np.uint8],
        heard_ms: NDArray[np.int64],
        values: NDArray[np.float64],  # not a number where none came
        valued_ms: NDArray[np.int64],
        used_ms: NDArray[np.int64],  # 0 where nothing moved
    ) -> None:
        """What the points after those rows say; as above."""
        with self._writing:
            older = heard_ms > self.heard_ms[positions]
            at, said = positions[older], older & ~np.isnan(values)
            self.state[at], self.heard_ms[at] = states[older], heard_ms[older]
            self.used_ms[at] = np.maximum(self.used_ms[at], used_ms[older])
            self.value[positions[said]], self.valued_ms[positions[said]] = values[said], valued_ms[said]

    def _note(  # noqa: PLR0917 - columns
        self,
        positions: NDArray[np.int64],
        states: NDArray[np.uint8],
        values: NDArray[np.float64],
        batteries: NDArray[np.float32],
        units: NDArray[np.uint16],
        at_ms: int,
    ) -> NDArray[np.bool_]:
        before, used, heard = self.value[positions], self.used_ms[positions], self.heard_ms[positions]
        valued = ~np.isnan(values)
        value_moved = valued & (values != before)
        moved: NDArray[np.bool_] = value_moved | (states != self.state[positions]) | (heard == 0)
        rising = valued & (values > before)  # false against not a number
        still = at_ms - used > FLOW_GAP_MS
        flowing = self.flowing_ms[positions]
        self.flowing_ms[positions] = np.where(rising & (still | (flowing == 0)), at_ms, flowing)
        self.used_ms[positions[moved]] = at_ms
        told = positions[valued]
        self.value[told] = values[valued]
        self.valued_ms[told] = at_ms
        self.unit[told] = units[valued]
        powered = ~np.isnan(batteries)
        self.battery_pct[positions[powered]] = batteries[powered]
        self.state[positions] = states
        self.heard_ms[positions] = at_ms
        return moved

    def unit_code(self, unit: str) -> int:
        """A small number for a unit; beyond 65,000 different ones, none."""
        code = self._unit_codes.get(unit)
        if code is None:
            if len(self._units) >= 65_000:
                return 0
            code = len(self._units)
            self._units.append(unit)
            self._unit_codes[unit] = code
        return code

    def unit_of(self, position: int) -> str:
        """In which its value is."""
        return self._units[int(self.unit[position])]

    def value_of(self, position: int) -> float | None:
        """None where it never said one."""
        value = float(self.value[position])
        return None if value != value else value  # noqa: PLR0124 - not a number is what nobody said

    def battery_of(self, position: int) -> float | None:
        """None where it never said."""
        value = float(self.battery_pct[position])
        return None if value != value else round(value, 1)  # noqa: PLR0124

    def heard_at(self, position: int) -> datetime | None:
        """None where it never spoke."""
        return time_of(int(self.heard_ms[position]))

    def spoke(self) -> int:
        """How many devices ever spoke."""
        return int(np.count_nonzero(self.heard_ms))

    def heard(self) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        """Positions and rows of the devices that ever spoke, as of one moment."""
        with self._writing:
            spoke = np.flatnonzero(self.heard_ms[: len(self.registry)])
            return spoke, {name: getattr(self, name)[spoke] for name in _COLUMNS}

    @property
    def units(self) -> list[str]:
        """By code."""
        return list(self._units)


def ms_of(at: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return int(at.timestamp() * 1000)


def time_of(at_ms: int) -> datetime | None:
    """The inverse; None for 0."""
    return datetime.fromtimestamp(at_ms / 1000, UTC) if at_ms else None
