"""How a part of a robot or of the center fares, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from patrol_core.site import Text

_FIGURES = re.compile(r"\d+(\.\d+)?")


class PartState(StrEnum):
    """How a part fares."""

    OK = "ok"
    DEGRADED = "degraded"  # it works, but not as it should; the reason says how
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """What a part of a robot says about itself, about once a second. Silence is UNAVAILABLE, never OK."""

    name: str  # vision, media, camera
    state: PartState
    because: Text  # why it is so; empty texts where it is OK
    version: str = ""  # of its model or encoder; "" where it has none
    stamped_at: datetime  # UTC site time


def gist(report: PartReport) -> tuple[str, PartState, str, str]:
    """What is told at once when it changes: name, state, reason without its figures, version."""
    return (report.name, report.state, _FIGURES.sub("#", report.because.en), report.version)
