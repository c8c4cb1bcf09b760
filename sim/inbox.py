"""What reaches the simulated world from other threads, until its owner takes it between two steps."""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol

from patrol_core.geometry import Pose2
from sim.ground_robot import Twist
from sim.navigator import Steering

_ERRANDS_MAX = 100


class Errand(Protocol):
    """One goal somebody gave to a robot's navigation. The world's owner calls these; they return at once."""

    robot_id: str
    goal: Pose2

    @property
    def cancel_requested(self) -> bool:
        """Whether it shall end without arriving."""

    def progress(self, steering: Steering, pose: Pose2) -> None:
        """It drives."""

    def arrived(self) -> None:
        """It ended well."""

    def gave_up(self, because: str) -> None:
        """It ended without arriving."""

    def cancelled(self) -> None:
        """It ended because it was asked to."""


class Inbox:
    """Thread-safe. Wheels: the newest command of each robot replaces one not yet taken, as on a real bus.

    Errands: at most 100 wait; the next is refused (its owner says so to whoever asked).
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wheels: dict[str, Twist] = {}
        self._wheels_heard: dict[str, int] = {}
        self._limits: dict[str, float | None] = {}
        self._lights: dict[str, bool] = {}
        self._errands: deque[Errand] = deque()

    def wheels(self, robot_id: str, wish: Twist) -> None:
        """A command for the motors."""
        with self._changed:
            self._wheels[robot_id] = wish
            self._wheels_heard[robot_id] = self._wheels_heard.get(robot_id, 0) + 1
            self._changed.notify_all()

    def limit(self, robot_id: str, speed_mps: float | None) -> None:
        """A speed limit for navigation; None lifts it."""
        with self._changed:
            self._limits[robot_id] = speed_mps

    def lights(self, robot_id: str, on: bool) -> None:
        """A switch for the lights; the newest replaces one not yet taken."""
        with self._changed:
            self._lights[robot_id] = on

    def errand(self, errand: Errand) -> bool:
        """A goal; False where too many wait."""
        with self._changed:
            if len(self._errands) >= _ERRANDS_MAX:
                return False
            self._errands.append(errand)
            return True

    def take_wheels(self) -> dict[str, Twist]:
        """The commands since the last call."""
        with self._changed:
            taken, self._wheels = self._wheels, {}
            return taken

    def take_limits(self) -> dict[str, float | None]:
        """The limits since the last call."""
        with self._changed:
            taken, self._limits = self._limits, {}
            return taken

    def take_lights(self) -> dict[str, bool]:
        """The switches since the last call."""
        with self._changed:
            taken, self._lights = self._lights, {}
            return taken

    def take_errands(self) -> list[Errand]:
        """The goals since the last call, in order."""
        with self._changed:
            taken = list(self._errands)
            self._errands.clear()
            return taken

    def heard(self) -> dict[str, int]:
        """How many commands each robot's motors were sent so far."""
        with self._changed:
            return dict(self._wheels_heard)

    def wait_heard(self, before: dict[str, int], robot_ids: set[str], within_s: float) -> bool:
        """Wait until each of these robots' motors were sent another command; False where that took too long."""
        with self._changed:
            return self._changed.wait_for(
                lambda: all(self._wheels_heard.get(r, 0) > before.get(r, 0) for r in robot_ids), timeout=within_s
            )
