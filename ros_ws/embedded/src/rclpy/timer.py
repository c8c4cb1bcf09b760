"""Timers and rates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock
from rclpy.exceptions import ROSInterruptException

if TYPE_CHECKING:
    from rclpy.context import Context
    from rclpy.executors import Executor


class Timer(Entity):
    """Calls back every period of its clock. Periods that were missed are left out, as in rcl."""

    def __init__(
        self,
        callback: Callable[..., Any] | None,
        callback_group: CallbackGroup | None,
        timer_period_ns: int,
        clock: Clock,
        *,
        autostart: bool = True,
    ) -> None:
        if timer_period_ns < 0:
            raise ValueError(f"timer period must not be negative, got {timer_period_ns} ns")
        super().__init__(callback_group)
        self.callback = callback
        self._clock = clock
        self._period_ns = timer_period_ns
        now_ns = clock._now_ns()
        self._last_ns = now_ns
        self._next_ns = now_ns + timer_period_ns
        self._canceled = not autostart
        clock._watch(self._on_time_set)

    @property
    def clock(self) -> Clock:
        """Its clock."""
        return self._clock

    @property
    def timer_period_ns(self) -> int:
        """Its period in nanoseconds; it may be set, and holds after the next call."""
        return self._period_ns

    @timer_period_ns.setter
    def timer_period_ns(self, value: int) -> None:
        self._period_ns = int(value)

    def is_ready(self) -> bool:
        """Whether it is due."""
        return not self._canceled and self._clock._now_ns() >= self._next_ns

    def is_canceled(self) -> bool:
        """Whether it was cancelled."""
        return self._canceled

    def cancel(self) -> None:
        """Call back no more, until `reset`."""
        self._canceled = True

    def reset(self) -> None:
        """Begin a period now."""
        self._next_ns = self._clock._now_ns() + self._period_ns
        self._canceled = False
        if self._executor is not None:
            self._executor.wake()

    def time_since_last_call(self) -> int:
        """Nanoseconds since the last call, or since it was made."""
        return self._clock._now_ns() - self._last_ns

    def time_until_next_call(self) -> int | None:
        """Nanoseconds until it is due; negative when overdue, None when cancelled."""
        return None if self._canceled else self._next_ns - self._clock._now_ns()

    def destroy(self) -> None:
        """Call back no more, ever."""
        self._canceled = True
        self._attach(None)
        self._clock._unwatch(self._on_time_set)

    def _attach(self, executor: Executor | None) -> None:
        if self._executor is not None:
            self._executor._watch_timer(self, False)
        self._executor = executor
        if executor is not None:
            executor._watch_timer(self, True)

    def _seconds_left(self) -> float | None:
        left_ns = self.time_until_next_call()
        return None if left_ns is None else left_ns / 1e9

    def _clock_runs_by_itself(self) -> bool:
        return self._clock._runs_by_itself()

    def _pending(self) -> bool:
        return False  # the executor asks its timers by time, not through its queue

    def _take(self) -> Work | None:
        now_ns = self._clock._now_ns()
        if self._canceled or now_ns < self._next_ns:
            return None
        self._last_ns = now_ns
        self._next_ns += self._period_ns
        if self._next_ns < now_ns:
            missed = 1 + (now_ns - self._next_ns) // self._period_ns if self._period_ns else 0
            self._next_ns = self._next_ns + missed * self._period_ns if self._period_ns else now_ns
        return self.callback or (lambda: None)

    def _on_time_set(self) -> None:
        # a clock that jumped back would keep the timer silent for as long as it jumped
        self._next_ns = min(self._next_ns, self._clock._now_ns() + self._period_ns)
        executor = self._executor
        if executor is not None:
            executor.wake()


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
            ROSInterruptException: the context was shut down, or the rate destroyed.
        """
        with self._beat:
            seen = self._beats
            while self._beats == seen:
                if self._ended or not self._context.ok():
                    raise ROSInterruptException
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
