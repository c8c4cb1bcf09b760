"""Times and durations, as rclpy has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builtin_interfaces.msg import Duration as DurationMsg
from builtin_interfaces.msg import Time as TimeMsg

from rclpy.clock_type import ClockType
from rclpy.duration import Duration, Infinite
from rclpy.time import Time

BIG_NS = 1_553_575_413_247_045_598  # no float holds it


def test_a_time_is_seconds_and_nanoseconds_of_a_clock() -> None:
    assert Time().nanoseconds == 0
    time = Time(seconds=1.5, nanoseconds=5, clock_type=ClockType.STEADY_TIME)
    assert (time.nanoseconds, time.clock_type) == (1_500_000_005, ClockType.STEADY_TIME)
    assert Time(nanoseconds=BIG_NS).nanoseconds == BIG_NS
    for arguments in ({"seconds": -1}, {"nanoseconds": -1}):
        with pytest.raises(ValueError, match="negative"):
            Time(**arguments)
    with pytest.raises(OverflowError):
        Time(nanoseconds=2**63)
    with pytest.raises(TypeError):
        Time(clock_type="STEADY_TIME")  # type: ignore[arg-type]


def test_a_duration_may_be_negative_and_is_bounded() -> None:
    assert Duration(seconds=1, nanoseconds=500).nanoseconds == 1_000_000_500
    assert Duration(seconds=-1).nanoseconds == -(10**9)
    for nanoseconds in (2**63, -(2**63) - 1):
        with pytest.raises(OverflowError):
            Duration(nanoseconds=nanoseconds)


def test_times_and_durations_are_added_and_subtracted() -> None:
    time = Time(nanoseconds=1000, clock_type=ClockType.STEADY_TIME)
    assert (time + Duration(nanoseconds=1)).nanoseconds == 1001
    assert (Duration(nanoseconds=1) + time).nanoseconds == 1001
    earlier = time - Duration(nanoseconds=1)
    assert isinstance(earlier, Time)
    assert (earlier.nanoseconds, earlier.clock_type) == (999, ClockType.STEADY_TIME)
    assert time - earlier == Duration(nanoseconds=1)
    with pytest.raises(ValueError, match="negative"):
        time - Duration(nanoseconds=1001)
    with pytest.raises(OverflowError):
        time + Duration(nanoseconds=2**63 - 1)
    with pytest.raises(TypeError):
        time + time  # type: ignore[operator]
    with pytest.raises(TypeError, match="clock types"):
        time - Time(nanoseconds=1)


COMPARISONS: list[tuple[Callable[[Any, Any], bool], bool, bool]] = [
    (lambda a, b: a < b, True, False),
    (lambda a, b: a <= b, True, True),
    (lambda a, b: a == b, False, True),
    (lambda a, b: a >= b, False, True),
    (lambda a, b: a > b, False, False),
    (lambda a, b: a != b, True, False),
]


@pytest.mark.parametrize(("compare", "of_smaller", "of_equal"), COMPARISONS)
def test_times_of_one_clock_and_durations_compare(
    compare: Callable[[Any, Any], bool], of_smaller: bool, of_equal: bool
) -> None:
    for kind in (Time, Duration):
        assert compare(kind(nanoseconds=1), kind(nanoseconds=2)) is of_smaller
        assert compare(kind(nanoseconds=2), kind(nanoseconds=2)) is of_equal
    with pytest.raises(TypeError, match="different clock types"):
        compare(Time(clock_type=ClockType.ROS_TIME), Time(clock_type=ClockType.STEADY_TIME))
    if (of_smaller, of_equal) not in {(False, True), (True, False)}:
        with pytest.raises(TypeError):
            compare(Duration(), 1)


@pytest.mark.parametrize("nanoseconds", [0, 1_500_000_005, BIG_NS])
def test_times_and_durations_travel_as_messages_to_the_nanosecond(nanoseconds: int) -> None:
    message = Time(nanoseconds=nanoseconds).to_msg()
    assert (message.sec, message.nanosec) == divmod(nanoseconds, 10**9)
    assert Time.from_msg(message, clock_type=ClockType.SYSTEM_TIME).nanoseconds == nanoseconds
    assert Time.from_msg(message).clock_type is ClockType.ROS_TIME
    assert Duration.from_msg(Duration(nanoseconds=nanoseconds).to_msg()).nanoseconds == nanoseconds
    with pytest.raises(TypeError, match="builtin_interfaces"):
        Time.from_msg(DurationMsg())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="builtin_interfaces"):
        Duration.from_msg(TimeMsg())  # type: ignore[arg-type]


def test_a_negative_duration_travels_with_nanoseconds_that_count_up() -> None:
    message = Duration(seconds=-0.5).to_msg()
    assert (message.sec, message.nanosec) == (-1, 500_000_000)
    assert Duration.from_msg(message) == Duration(seconds=-0.5)


def test_a_time_is_told_in_seconds_and_nanoseconds() -> None:
    assert Time(seconds=1, nanoseconds=5 * 10**9 + 3).seconds_nanoseconds() == (6, 3)


def test_for_ever_is_the_longest_duration() -> None:
    assert Infinite.nanoseconds == 2**63 - 1
    assert str(Infinite) == "Infinite"
    assert str(Duration(nanoseconds=5)) == "5 nanoseconds"
