"""What devices said, over time: brings last words back after a start, sweeps new ones to disk, copies them at times."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic

from mission_planner.incidents.registry.last import ms_of
from mission_planner.incidents.registry.registry import Registry
from mission_planner.incidents.telemetry import keeping
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import HistoryPoint, PointStore
from mission_planner.incidents.telemetry.recorder import Recorder

log = logging.getLogger(__name__)

SWEEP_S = 2.0  # real time, as the next
COPY_EVERY_S = 600.0  # 20 MB of 400,000 devices; and
COPY_NEW_S = 60.0  # when devices spoke for the first time, whose units no point tells


class History:
    """One for the center; a disk that refuses is told in `trouble`, and tried again."""

    def __init__(self, folder: Path, registry: Registry, now: Callable[[], datetime | None]) -> None:
        self._folder = folder
        self._words = registry.words
        self._now = now
        self.numbers = Numbers(folder / "devices.txt", registry)
        self.points = PointStore(folder, self.numbers)
        self.recorder = Recorder(registry, self.points, self.numbers)
        self.restored = False  # the last words are what they were; until then some are unknown
        self.trouble: str | None = None

    async def run(self) -> None:
        """Bring back, then sweep for ever."""
        await asyncio.to_thread(self._restore)
        self.restored = True
        copied_s, copied = monotonic(), self._words.spoke()
        while True:
            await asyncio.sleep(SWEEP_S)
            await asyncio.to_thread(self._attempt, self.recorder.sweep)
            waited_s, spoke = monotonic() - copied_s, self._words.spoke()
            if waited_s >= COPY_EVERY_S or (waited_s >= COPY_NEW_S and spoke > copied):
                copied_s, copied = monotonic(), spoke
                await asyncio.to_thread(self._attempt, self._copy)

    def of(self, device_id: str, start: datetime, end: datetime) -> list[HistoryPoint]:
        """What a device said, up to its newest word; as `PointStore.of`."""
        if self.restored:
            self._attempt(self.recorder.sweep)
        return self.points.of(device_id, start, end)

    def close(self) -> None:
        """Keep what is known, for the next start."""
        if self.restored:  # before that a copy would forget those that were not brought back yet
            self._attempt(self.recorder.sweep)
            self._attempt(self._copy)
        self.points.close()

    def _restore(self) -> None:
        now, began_s = self._now(), monotonic()
        now_ms = ms_of(now) if now is not None else 0
        try:
            found = keeping.restore(self._folder, self._words, self.numbers, self.points, self.recorder, now_ms=now_ms)
        except OSError as error:
            log.error("what devices last said is unknown until they speak: %s", error)
            return
        taken_s = monotonic() - began_s
        log.info("last words brought back in %.1f s: %d, and %d points", taken_s, found.copied, found.points)
        if not found.whole:
            log.warning("some values are older than they need be: not all points were read in %.0f s", taken_s)

    def _copy(self) -> None:
        now = self._now()
        if now is not None:
            keeping.copy(self._folder, self._words, self.numbers, now_ms=ms_of(now))

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OSError as error:
            if self.trouble is None:
                log.error("values of devices are not kept: %s", error)
            self.trouble = f"values are not kept: {error}"
        else:
            self.trouble = None
