"""Jumps of a clock: what is told to those who asked, and how far it must jump for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rclpy.duration import Duration

if TYPE_CHECKING:
    from rclpy.clock import Clock


class ClockChange(IntEnum):
    """Whether somebody began or ceased to set the time; rcl's numbers."""

    ROS_TIME_NO_CHANGE = 1
    ROS_TIME_ACTIVATED = 2
    ROS_TIME_DEACTIVATED = 3
    SYSTEM_TIME_NO_CHANGE = 4


class TimeJump:
    """One jump: of which kind, and how far."""

    __slots__ = ("_clock_change", "_delta")

    def __init__(self, clock_change: ClockChange, delta: Duration) -> None:
        if not isinstance(clock_change, ClockChange):
            raise TypeError("clock_change must be an instance of rclpy.clock.ClockChange")
        self._clock_change = clock_change
        self._delta = delta

    @property
    def clock_change(self) -> ClockChange:
        """Whether the time was replaced by another."""
        return self._clock_change

    @property
    def delta(self) -> Duration:
        """How far the time went; negative for backwards, zero where it was replaced."""
        return self._delta


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpThreshold:
    """Which jumps are told: at least so far forward, so far backward, or to another time."""

    min_forward: Duration | None
    min_backward: Duration | None
    on_clock_change: bool = True

    def __post_init__(self) -> None:
        if self.min_forward is not None and self.min_forward <= Duration():
            raise ValueError("min_forward must be a positive non-zero duration")
        if self.min_backward is not None and self.min_backward >= Duration():
            raise ValueError("min_backward must be a negative non-zero duration")
        if self.min_forward is None and self.min_backward is None and not self.on_clock_change:
            raise ValueError("At least one jump threshold must be enabled")

    def reached_by(self, jump: TimeJump) -> bool:
        """Whether a jump is far enough."""
        if jump.clock_change in (ClockChange.ROS_TIME_ACTIVATED, ClockChange.ROS_TIME_DEACTIVATED):
            return self.on_clock_change
        forward = self.min_forward is not None and jump.delta >= self.min_forward
        return forward or (self.min_backward is not None and jump.delta <= self.min_backward)


class JumpHandle:
    """Callbacks that are told of jumps until `unregister`, or the end of a `with`."""

    def __init__(
        self,
        *,
        clock: Clock,
        threshold: JumpThreshold,
        pre_callback: Callable[[], object] | None,
        post_callback: Callable[[TimeJump], object] | None,
    ) -> None:
        if pre_callback is None and post_callback is None:
            raise ValueError("One of pre_callback or post_callback must be callable")
        for name, callback in (("pre_callback", pre_callback), ("post_callback", post_callback)):
            if callback is not None and not callable(callback):
                raise ValueError(f"{name} must be callable if given")
        self.threshold = threshold
        self._clock: Clock | None = clock
        self._pre_callback = pre_callback
        self._post_callback = post_callback
        clock._jump_handles.append(self)

    def before(self) -> None:
        """The time is about to jump."""
        if self._pre_callback is not None:
            self._pre_callback()

    def after(self, jump: TimeJump) -> None:
        """The time jumped."""
        if self._post_callback is not None:
            self._post_callback(jump)

    def unregister(self) -> None:
        """Tell no more."""
        clock, self._clock = self._clock, None
        if clock is not None:
            clock._jump_handles.remove(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unregister()
