"""Clocks: steady, system, and ROS time that a simulator may set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rclpy._jump import ClockChange, JumpHandle, JumpThreshold, TimeJump
from rclpy.clock_type import ClockType
from rclpy.context import Context
from rclpy.duration import Duration
from rclpy.exceptions import NotInitializedException
from rclpy.time import Time
from rclpy.utilities import get_default_context

__all__ = ["Clock", "ClockChange", "ClockType", "JumpHandle", "JumpThreshold", "ROSClock", "TimeJump"]

_ANY_JUMP = JumpThreshold(min_forward=Duration(nanoseconds=1), min_backward=Duration(nanoseconds=-1))


class Clock:
    """A clock of one type; `Clock(clock_type=ClockType.ROS_TIME)` makes a `ROSClock`."""

    def __new__(cls, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> Clock:
        if not isinstance(clock_type, ClockType):
            raise TypeError("Clock type must be a ClockType enum")
        return super().__new__(ROSClock if clock_type is ClockType.ROS_TIME else cls)

    def __init__(self, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> None:
        self._clock_type = clock_type
        self._jump_handles: list[JumpHandle] = []

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

    def create_jump_callback(
        self,
        threshold: JumpThreshold,
        *,
        pre_callback: Callable[[], object] | None = None,
        post_callback: Callable[[TimeJump], object] | None = None,
    ) -> JumpHandle:
        """Be told before and after the time is set, until `unregister`; only ROS clocks are ever set."""
        return JumpHandle(clock=self, threshold=threshold, pre_callback=pre_callback, post_callback=post_callback)

    def sleep_until(self, until: Time, context: Context | None = None) -> bool:
        """Sleep; False where the context was shut down, or somebody began or ceased to set the time, first.

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
        replaced = False

        def wake() -> None:
            with woken:
                woken.notify_all()

        def on_jump(jump: TimeJump) -> None:
            nonlocal replaced
            with woken:
                replaced = replaced or jump.clock_change is not ClockChange.ROS_TIME_NO_CHANGE
                woken.notify_all()

        context.on_shutdown(wake)
        try:
            with self.create_jump_callback(_ANY_JUMP, post_callback=on_jump), woken:
                while context.ok() and not replaced:
                    left_ns = until.nanoseconds - self._now_ns()
                    if left_ns <= 0:
                        return True
                    woken.wait(left_ns / 1e9 if self._runs_by_itself() else None)
            return False
        finally:
            context.remove_on_shutdown(wake)

    def sleep_for(self, rel_time: Duration, context: Context | None = None) -> bool:
        """Sleep for a span of this clock's time."""
        return self.sleep_until(self.now() + rel_time, context)


class ROSClock(Clock):
    """System time, or while ROS time is active the time it was set to last: 0 before that."""

    def __init__(self, *, clock_type: ClockType = ClockType.ROS_TIME) -> None:
        super().__init__(clock_type=ClockType.ROS_TIME)
        self._active = False
        self._set_ns = 0

    @property
    def ros_time_is_active(self) -> bool:
        """Whether somebody sets the time."""
        return self._active

    def _set_ros_time_is_active(self, enabled: bool) -> None:
        if enabled == self._active:
            return
        change = ClockChange.ROS_TIME_ACTIVATED if enabled else ClockChange.ROS_TIME_DEACTIVATED

        def replace() -> None:
            self._active = enabled

        self._jump(TimeJump(change, Duration()), replace)

    def set_ros_time_override(self, time: Time) -> None:
        """Set the time; it is told, and holds, while ROS time is active."""
        if not isinstance(time, Time):
            raise TypeError(f"Time must be specified as rclpy.time.Time. Received type: {type(time)}")

        def replace() -> None:
            self._set_ns = time.nanoseconds

        if self._active:
            delta = Duration(nanoseconds=time.nanoseconds - self._set_ns)
            self._jump(TimeJump(ClockChange.ROS_TIME_NO_CHANGE, delta), replace)
        else:
            replace()

    def _jump(self, jump: TimeJump, replace: Callable[[], None]) -> None:
        told = [handle for handle in list(self._jump_handles) if handle.threshold.reached_by(jump)]
        for handle in told:
            handle.before()
        replace()
        for handle in told:
            handle.after(jump)

    def _now_ns(self) -> int:
        return self._set_ns if self._active else super()._now_ns()

    def _runs_by_itself(self) -> bool:
        return not self._active
