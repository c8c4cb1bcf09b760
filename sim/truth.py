"""The simulator's truth on file, for tests that score what the system believed. Nobody else reads it, and it is off."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sim.crowd import Fell
from sim.world import Bumped, Happened, Reported, World, WorldEvent

_EVERY_TICKS = 4  # five times in a second of site time


class TruthFile:
    """Appends JSON lines: `{"at", "robot_id", "x_m", "y_m", "heading_rad", ...}` and `{"at", "event", ...}`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def note(self, world: World, events: list[WorldEvent]) -> None:
        """After each step of the world."""
        for event in events:
            match event:
                case Happened():
                    self._write(world.now, event=type(event.what).__name__, what=repr(event.what))
                case Bumped():
                    self._write(world.now, event="Bumped", robot=event.robot_id, into=event.into)
                case Fell():
                    at = event.position_m
                    self._write(
                        world.now,
                        event="Fell",
                        person_id=event.person_id,
                        x_m=round(at.x_m, 4),
                        y_m=round(at.y_m, 4),
                        posture=event.posture,
                        head_toward_rad=round(event.head_toward_rad, 5),
                    )
                case Reported():
                    if event.report.alarm:
                        self._write(world.now, event="Alarm", device_id=event.report.device_id)
        if world.tick % _EVERY_TICKS:
            return
        for robot in world.robots.values():
            self._write(
                world.now,
                robot_id=robot.robot_id,
                x_m=round(robot.pose.x_m, 4),
                y_m=round(robot.pose.y_m, 4),
                heading_rad=round(robot.pose.heading_rad, 5),
                speed_mps=round(robot.motion.speed_mps, 4),
                battery_pct=round(robot.battery.pct, 3),
                charging=robot.charging,
            )

    def _write(self, at: datetime, **fields: Any) -> None:
        self._file.write(json.dumps({"at": at.isoformat(), **fields}, ensure_ascii=False) + "\n")
