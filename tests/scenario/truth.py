"""The simulator's truth, read only to score what the system believed."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from patrol_core.geometry import Point2


@dataclass(frozen=True, slots=True)
class Truth:
    """Lines of the simulator's truth file, oldest first."""

    lines: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, path: Path) -> Truth:
        """The complete lines of a file that may still be written."""
        text = path.read_text()
        return cls(tuple(json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()))

    def position(self, robot_id: str, at: datetime) -> Point2:
        """Where the robot really was at the line nearest in time."""
        poses = [line for line in self.lines if line.get("robot_id") == robot_id and "x_m" in line]
        times = [datetime.fromisoformat(line["at"]) for line in poses]
        i = min(bisect_left(times, at), len(times) - 1)
        if i and at - times[i - 1] < times[i] - at:
            i -= 1
        return Point2(poses[i]["x_m"], poses[i]["y_m"])

    def fallen(self) -> list[Point2]:
        """Where people fell, the first first."""
        return [Point2(line["x_m"], line["y_m"]) for line in self.lines if line.get("event") == "Fell"]
