"""Clocks: steady, system, and ROS time that a simulator may set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rclpy.clock_type import ClockType
from rclpy.context import Context
from rclpy.duration import Duration
from rclpy.exceptions import NotInitializedException
from rclpy.time import Time
from rclpy.utilities import get_default_context

__all__ = ["Clock", "ClockType", "ROSClock"]


class Clock:
    """A clock of one type; `Clock(clock_type=ClockType.ROS_TIME)` makes a `ROSClock`."""

    def __new__(cls, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> Clock:
        if not isinstance(clock_type, ClockType):
            raise TypeError("Clock type must be a ClockType enum")
        return super().__new__(ROSClock if clock_type is ClockType.ROS_TIME else cls)

    def __init__(self, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> None:
        self._clock_type = clock_type

    @property
    def clock_type(self) -> ClockType:
        """Its type."""
        return self._clock_type

    def __repr__(self) -> str:
        return f"Clock(clock_type={self._clock_type.name})"

    def now(self) -> Time:
        """The time now."""
        return Time(nanoseconds=self._now_ns(), clock_type=self._clock_type)

    def _now_ns(self) -> int:
        return time.monotonic_ns() if self._clock_type is ClockType.STEADY_TIME else time.time_ns()

    def _runs_by_itself(self) -> bool:
        """Whether waiting real seconds brings it forward."""
        return True

    def sleep_until(self, until: Time, context: Context | None = None) -> bool:
        """Sleep; False where the context was shut down first.

        Raises:
            NotInitializedException: the context is not open.
            ValueError: `until` is of another clock.
        """
        context = get_default_context() if context is None else context
        if not context.ok():
            raise NotInitializedException
        if until.clock_type is not self._clock_type:
            raise ValueError("until's clock type does not match this clock's type")
        woken = threading.Condition()

        def wake() -> None:
            with woken:
                woken.notify_all()

        context.on_shutdown(wake)
        self._watch(wake)
        try:
            with woken:
                while context.ok():
                    left_ns = until.nanoseconds - self._now_ns()
                    if left_ns <= 0:
                        return True
                    woken.wait(left_ns / 1e9 if self._runs_by_itself() else None)
            return False
        finally:
            context.remove_on_shutdown(wake)
            self._unwatch(wake)

    def sleep_for(self, rel_time: Duration, context: Context | None = None) -> bool:
        """Sleep for a span of this clock's time."""
        return self.sleep_until(self.now() + rel_time, context)

    def _watch(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the time is set."""

    def _unwatch(self, callback: Callable[[], None]) -> None:
        """Do not call it."""


class ROSClock(Clock):
    """System time, or while ROS time is active the time it was set to last."""

    def __init__(self, *, clock_type: ClockType = ClockType.ROS_TIME) -> None:
        super().__init__(clock_type=ClockType.ROS_TIME)
        self._set_ns: int | None = None
        self._watchers: list[Callable[[], None]] = []

    @property
    def ros_time_is_active(self) -> bool:
        """Whether somebody sets the time."""
        return self._set_ns is not None

    def _set_ros_time_is_active(self, active: bool) -> None:
        if active != self.ros_time_is_active:
            self._set_ns = 0 if active else None
            self._tell()

    def set_ros_time_override(self, time: Time) -> None:
        """Set the time; it holds while ROS time is active."""
        if not isinstance(time, Time):
            raise TypeError("Time must be specified as rclpy.time.Time")
        if self._set_ns is not None:
            self._set_ns = time.nanoseconds
            self._tell()

    def _now_ns(self) -> int:
        return super()._now_ns() if self._set_ns is None else self._set_ns

    def _runs_by_itself(self) -> bool:
        return self._set_ns is None

    def _watch(self, callback: Callable[[], None]) -> None:
        self._watchers.append(callback)

    def _unwatch(self, callback: Callable[[], None]) -> None:
        if callback in self._watchers:
            self._watchers.remove(callback)

    def _tell(self) -> None:
        for watcher in list(self._watchers):
            watcher()
