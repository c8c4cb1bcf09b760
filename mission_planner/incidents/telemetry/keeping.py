"""Last words across a restart: a copy of the arrays on disk now and then, and the points that were kept after it."""

from __future__ import annotations

import logging
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.last import LastWords
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import Points, PointStore
from mission_planner.incidents.telemetry.recorder import Recorder

log = logging.getLogger(__name__)

COPY = "last-words.npz"
WITHOUT_COPY_MS = 26 * 3_600_000  # so far back points are read where there is no copy: a living device spoke since
MARGIN_MS = 60_000  # a word on its way while the copy was made is found among the points
WITHIN_S = 60.0  # real time that reading points may take
_NUMBER = "number"  # the column that says whose row it is
_UNITS = "units"
_SINCE = "since_ms"  # everything said until then is in the copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a start found."""

    copied: int  # devices from the copy
    points: int  # read after it
    whole: bool  # False where the time was over before all points were read


def copy(folder: Path, words: LastWords, numbers: Numbers, *, now_ms: int) -> int:
    """Put the last words of every device that spoke beside the values; how many. Takes the place of the one before.

    Raises:
        OSError: the disk; the one before stays.
    """
    spoke, columns = words.heard()
    partial = folder / f"{COPY}.partial"
    rows: dict[str, Any] = {
        **columns,
        _NUMBER: numbers.of_positions(spoke),
        _UNITS: np.array(words.units),
        _SINCE: np.int64(now_ms - MARGIN_MS),
    }
    with partial.open("wb") as file:
        np.savez(file, **rows)
    partial.replace(folder / COPY)
    return len(spoke)


def restore(
    folder: Path, words: LastWords, numbers: Numbers, points: PointStore, recorder: Recorder, *, now_ms: int
) -> Restored:
    """Bring back what devices last said; a newer word that came meanwhile stays. Slow, for a thread."""
    until_s = monotonic() + WITHIN_S
    copied, since_ms = _from_copy(folder / COPY, words, numbers, recorder)
    position_of, read = numbers.positions(), 0
    for piece in points.since(since_ms if since_ms is not None else now_ms - WITHOUT_COPY_MS):
        known = piece[position_of[np.minimum(piece["device"], len(position_of) - 1)] >= 0]
        if len(known):
            _follow(known, position_of, words, recorder)
        read += len(known)
        if monotonic() > until_s:
            return Restored(copied=copied, points=read, whole=False)
    return Restored(copied=copied, points=read, whole=True)


def _from_copy(path: Path, words: LastWords, numbers: Numbers, recorder: Recorder) -> tuple[int, int | None]:
    """How many devices, and until when it knows; (0, None) without a copy, or with one nobody can read."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        since_ms = int(columns.pop(_SINCE))
        units = [str(unit) for unit in columns.pop(_UNITS)]
        position_of = numbers.positions()
        whose = columns.pop(_NUMBER)
        positions = position_of[np.minimum(whose, len(position_of) - 1)]
        known = positions >= 0
        chosen = {name: column[known] for name, column in columns.items()}
        words.bring_back(positions[known], chosen, units)
        recorder.found(positions[known], chosen["state"], chosen["heard_ms"])
    except FileNotFoundError:
        return 0, None
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        log.warning("%s: expected a copy of the last words; came: %s; points are read instead", path, error)
        return 0, None
    log.info("last words of %d devices as of %s", int(known.sum()), datetime.fromtimestamp(since_ms / 1000, UTC))
    return int(known.sum()), since_ms


def _follow(piece: Points, position_of: NDArray[np.int64], words: LastWords, recorder: Recorder) -> None:
    """Points by device and time, of one file: where each device stands after them."""
    words.fit()
    device, at_ms, values, states = (piece[name] for name in ("device", "at_ms", "value", "state"))
    first = np.ones(len(piece), dtype=np.bool_)
    first[1:] = device[1:] != device[:-1]
    begins = np.flatnonzero(first)
    ends = np.append(begins[1:], len(piece)) - 1
    positions = position_of[device[begins]]
    said = ~np.isnan(values)
    newest_said = np.maximum.reduceat(np.where(said, np.arange(len(piece)), -1), begins)
    state_before = np.roll(states, 1)
    value_before = np.roll(values, 1)
    state_before[begins], value_before[begins] = words.state[positions], words.value[positions]
    moved = (states != state_before) | (said & (values != value_before))
    moved[begins] |= words.heard_ms[positions] == 0
    words.follow(
        positions,
        states=states[ends],
        heard_ms=at_ms[ends],
        values=np.where(newest_said >= 0, values[newest_said], np.nan),
        valued_ms=np.where(newest_said >= 0, at_ms[newest_said], 0),
        used_ms=np.maximum.reduceat(np.where(moved, at_ms, 0), begins),
    )
    recorder.found(positions, states[ends], at_ms[ends])
