"""Timers: they call back every period of a clock."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rclpy._entity import Entity, Work
from rclpy._jump import ClockChange, JumpThreshold, TimeJump
from rclpy._rate import Rate
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock
from rclpy.duration import Duration
from rclpy.time import Time

if TYPE_CHECKING:
    from rclpy.executors import Executor

__all__ = ["Rate", "Timer", "TimerInfo"]
_ANY_JUMP = JumpThreshold(min_forward=Duration(nanoseconds=1), min_backward=Duration(nanoseconds=-1))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerInfo:
    """When a call was due, and when it was made; given to callbacks that annotate a parameter with it."""

    expected_call_time: Time
    actual_call_time: Time


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
        self._left_ns = 0  # until the next call, when the clock was about to jump
        self._canceled = not autostart
        self._jumps = clock.create_jump_callback(_ANY_JUMP, pre_callback=self._before_jump, post_callback=self._on_jump)

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
        super().destroy()
        self._jumps.unregister()

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
        due_ns = self._next_ns
        self._last_ns = now_ns
        self._next_ns += self._period_ns
        if self._next_ns < now_ns:
            missed = 1 + (now_ns - self._next_ns) // self._period_ns if self._period_ns else 0
            self._next_ns = self._next_ns + missed * self._period_ns if self._period_ns else now_ns
        if self.callback is None:
            return lambda: None
        informed = _parameter_for_info(self.callback)
        if informed is None:
            return self.callback
        info = TimerInfo(
            expected_call_time=Time(nanoseconds=due_ns, clock_type=self._clock.clock_type),
            actual_call_time=Time(nanoseconds=now_ns, clock_type=self._clock.clock_type),
        )
        return partial(self.callback, **{informed: info})

    def _before_jump(self) -> None:
        self._left_ns = self._next_ns - self._clock._now_ns()

    def _on_jump(self, jump: TimeJump) -> None:
        now_ns = self._clock._now_ns()
        if jump.clock_change is not ClockChange.ROS_TIME_NO_CHANGE:
            self._next_ns = now_ns + self._left_ns  # another time: what was left of the period still is
            self._last_ns = now_ns
        elif now_ns < self._last_ns:
            # back before the last call: it would be silent for as long as the clock jumped
            self._next_ns = now_ns + self._period_ns
            self._last_ns = now_ns
        executor = self._executor
        if executor is not None:
            executor.wake()


def _parameter_for_info(callback: Callable[..., Any]) -> str | None:
    """The name of the parameter that takes a `TimerInfo`, by its annotation; None where none does."""
    try:
        parameters = inspect.signature(callback).parameters.values()
    except (TypeError, ValueError):  # a builtin without a signature
        return None
    named = (TimerInfo, TimerInfo.__name__, f"rclpy.timer.{TimerInfo.__name__}")
    return next((parameter.name for parameter in parameters if parameter.annotation in named), None)
