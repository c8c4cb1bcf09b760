"""Points in time, each with the clock it was read from."""

from __future__ import annotations

import builtin_interfaces.msg

from rclpy.clock_type import ClockType
from rclpy.duration import S_TO_NS, Duration


class Time:
    """Nanoseconds since the clock's beginning; only times of the same clock compare."""

    __slots__ = ("_clock_type", "_nanoseconds")

    def __init__(
        self, *, seconds: int | float = 0, nanoseconds: int | float = 0, clock_type: ClockType = ClockType.SYSTEM_TIME
    ) -> None:
        if not isinstance(clock_type, ClockType):
            raise TypeError("Clock type must be a ClockType enum")
        if seconds < 0 or nanoseconds < 0:
            raise ValueError("Seconds and nanoseconds values must not be negative")
        total = int(seconds * S_TO_NS) + int(nanoseconds)
        if total >= 1 << 63:
            raise OverflowError("Total nanoseconds value is too large to store in C time point.")
        self._nanoseconds = total
        self._clock_type = clock_type

    @property
    def nanoseconds(self) -> int:
        """The whole time in nanoseconds."""
        return self._nanoseconds

    @property
    def clock_type(self) -> ClockType:
        """Which clock it was read from."""
        return self._clock_type

    def seconds_nanoseconds(self) -> tuple[int, int]:
        """Whole seconds, and the nanoseconds beyond."""
        return divmod(self._nanoseconds, S_TO_NS)

    def __add__(self, other: Duration) -> Time:
        if not isinstance(other, Duration):
            return NotImplemented
        return Time(nanoseconds=self._nanoseconds + other.nanoseconds, clock_type=self._clock_type)

    __radd__ = __add__

    def __sub__(self, other: Time | Duration) -> Time | Duration:
        if isinstance(other, Time):
            self._same_clock(other, "subtract times")
            return Duration(nanoseconds=self._nanoseconds - other._nanoseconds)
        if isinstance(other, Duration):
            return Time(nanoseconds=self._nanoseconds - other.nanoseconds, clock_type=self._clock_type)
        return NotImplemented

    def _same_clock(self, other: Time, what: str = "compare times") -> None:
        if self._clock_type != other._clock_type:
            raise TypeError(f"Can't {what} with different clock types")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Time):
            return NotImplemented
        self._same_clock(other)
        return self._nanoseconds == other._nanoseconds

    def __hash__(self) -> int:
        return hash((self._clock_type, self._nanoseconds))

    def __lt__(self, other: Time) -> bool:
        if not isinstance(other, Time):
            return NotImplemented
        self._same_clock(other)
        return self._nanoseconds < other._nanoseconds

    def __le__(self, other: Time) -> bool:
        return NotImplemented if not isinstance(other, Time) else not other < self

    def __gt__(self, other: Time) -> bool:
        return NotImplemented if not isinstance(other, Time) else other < self

    def __ge__(self, other: Time) -> bool:
        return NotImplemented if not isinstance(other, Time) else not self < other

    def __repr__(self) -> str:
        return f"Time(nanoseconds={self._nanoseconds}, clock_type={self._clock_type.name})"

    def to_msg(self) -> builtin_interfaces.msg.Time:
        """As a message, which no longer knows its clock."""
        seconds, nanoseconds = self.seconds_nanoseconds()
        return builtin_interfaces.msg.Time(sec=seconds, nanosec=nanoseconds)

    @classmethod
    def from_msg(cls, msg: builtin_interfaces.msg.Time, clock_type: ClockType = ClockType.ROS_TIME) -> Time:
        """From a message."""
        if not isinstance(msg, builtin_interfaces.msg.Time):
            raise TypeError("Must pass a builtin_interfaces.msg.Time object")
        return cls(seconds=msg.sec, nanoseconds=msg.nanosec, clock_type=clock_type)
