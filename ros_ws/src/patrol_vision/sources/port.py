"""The port of everything that gives pictures, and the slot for the newest one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from patrol_vision.pose import Picture

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture and when it was taken."""

    picture: Picture  # rows × columns × RGB
    taken_at: datetime  # UTC site time: of the camera where it says so, else when the picture came


class FrameSource(Protocol):
    """Gives the newest picture. Every implementation passes tests/contract/test_frame_source.py."""

    name: str  # for logs: the topic, the address without its password, the path

    def newest(self, within_s: float) -> Shot | None:
        """The newest picture that was not given yet; None where none came within so long (real time).

        A camera that is away is asked again in the background, ever less often; nothing is raised for it. An older
        picture is never given after a newer one.
        """

    @property
    def trouble(self) -> str | None:
        """Why no pictures come, in a sentence; None while they come."""

    @property
    def missed(self) -> int:
        """Pictures that came and were never given, because a newer one came first."""

    def close(self) -> None:
        """End everything it started; `newest` gives None from then on."""


class Slot(Generic[T]):
    """Room for one. Overflow: the newer one wins, and `missed` counts. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thing: T | None = None
        self._closed = False
        self.missed = 0

    def put(self, thing: T) -> None:
        """Take the place of what is there."""
        with self._changed:
            if self._thing is not None:
                self.missed += 1
            self._thing = thing
            self._changed.notify()

    def take(self, within_s: float) -> T | None:
        """What is there, or comes within so long; None otherwise."""
        with self._changed:
            self._changed.wait_for(lambda: self._thing is not None or self._closed, timeout=within_s)
            thing, self._thing = self._thing, None
            return None if self._closed else thing

    def close(self) -> None:
        """Wake whoever waits; nothing is given any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
