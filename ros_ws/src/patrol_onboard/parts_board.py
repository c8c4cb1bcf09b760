"""What the robot's other processes last said about themselves; one that is silent is unavailable. Pure."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from patrol_core.part import PartReport, PartState
from patrol_core.site import Text

SILENT_AFTER_S = 3.0  # real time
MOST = 16  # parts; a name beyond is not listened to, and said once
NAMES = {
    "vision": Text(zh="视觉识别", en="vision"),
    "media": Text(zh="视频", en="video"),
    "voice": Text(zh="喊话", en="the loudspeaker"),
}

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class PartsBoard:
    """The newest word of each part. `heard` may be called in another thread than the rest."""

    expected: Sequence[str]  # parts this robot should have; they are told of even if they never speak
    since_s: float  # monotonic: from when a part that never spoke is silent
    _heard: dict[str, tuple[PartReport, float]] = field(default_factory=dict)
    _full: bool = False

    def heard(self, report: PartReport, now_s: float) -> None:
        """Take a word; `now_s` are monotonic seconds."""
        if report.name not in self._heard and len(self._heard) >= MOST:
            if not self._full:
                log.error("expected at most %d parts; the word of %r is not taken", MOST, report.name)
            self._full = True
            return
        self._heard[report.name] = (report, now_s)

    def reports(self, now_s: float, now: datetime) -> tuple[PartReport, ...]:
        """Every part as it is now, by name; `now` is UTC site time."""
        told = dict(self._heard)
        started_at = now - timedelta(seconds=now_s - self.since_s)
        never = {
            name: PartReport(name=name, state=PartState.UNAVAILABLE, because=_not_running(name), stamped_at=started_at)
            for name in self.expected
            if name not in told
        }
        spoke = {
            name: report if now_s - at_s <= SILENT_AFTER_S else _silent(report) for name, (report, at_s) in told.items()
        }
        return tuple(report for _, report in sorted({**never, **spoke}.items()))


def _silent(report: PartReport) -> PartReport:
    return replace(report, state=PartState.UNAVAILABLE, because=_fell_silent(report.name))


def _not_running(name: str) -> Text:
    part = NAMES.get(name, Text(zh=name, en=name))
    return Text(zh=f"{part.zh}没有运行", en=f"{part.en} is not running")


def _fell_silent(name: str) -> Text:
    part = NAMES.get(name, Text(zh=name, en=name))
    return Text(zh=f"{part.zh}没有响应", en=f"{part.en} has fallen silent")
