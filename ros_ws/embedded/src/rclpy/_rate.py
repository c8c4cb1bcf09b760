"""Rates: they sleep in a steady rhythm."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rclpy.exceptions import ROSInterruptException

if TYPE_CHECKING:
    from rclpy.context import Context
    from rclpy.timer import Timer


class Rate:
    """Sleeps in a steady rhythm; its timer must be served by an executor on another thread."""

    def __init__(self, timer: Timer, *, context: Context) -> None:
        self._timer = timer
        self._context = context
        self._beat = threading.Condition()
        self._beats = 0
        self._ended = False
        timer.callback = self._on_beat
        context.on_shutdown(self._end)

    def sleep(self) -> None:
        """Sleep until the next beat.

        Raises:
            ROSInterruptException: the context was shut down.
            RuntimeError: the rate was destroyed.
        """
        with self._beat:
            seen = self._beats
            while self._beats == seen:
                if not self._context.ok():
                    raise ROSInterruptException
                if self._ended:
                    raise RuntimeError("Rate cannot sleep because it has been destroyed")
                self._beat.wait()

    def destroy(self) -> None:
        """End; sleepers are woken."""
        self._timer.destroy()
        self._end()
        self._context.remove_on_shutdown(self._end)

    def _on_beat(self) -> None:
        with self._beat:
            self._beats += 1
            self._beat.notify_all()

    def _end(self) -> None:
        with self._beat:
            self._ended = True
            self._beat.notify_all()
