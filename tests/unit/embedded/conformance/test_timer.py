"""Timers, rates and guard conditions, as rclpy has them. Simulated time drives them: nothing here waits for a clock."""

from __future__ import annotations

import threading

import pytest

from rclpy.clock import ROSClock
from rclpy.clock_type import ClockType
from rclpy.exceptions import InvalidHandle, ROSInterruptException
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.time import Time
from rclpy.timer import Timer, TimerInfo
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros


class Stage:
    """A node with a timer, an executor, and a clock that only this test sets."""

    def __init__(self, ros: Ros, period_s: float = 1.0, *, autostart: bool = True) -> None:
        self.node = ros.node("timed")
        self.clock = ROSClock()
        self.clock._set_ros_time_is_active(True)
        self.calls: list[float] = []
        self.timer = self.node.create_timer(
            period_s,
            lambda: self.calls.append(self.clock.now().nanoseconds / 1e9),
            clock=self.clock,
            autostart=autostart,
        )
        self.executor = SingleThreadedExecutor(context=ros.context)
        self.executor.add_node(self.node)

    def at(self, seconds: float) -> list[float]:
        """Set the time and run what is due; the calls since the last question."""
        self.clock.set_ros_time_override(Time(seconds=seconds, clock_type=ClockType.ROS_TIME))
        for _ in range(3):
            self.executor.spin_once(timeout_sec=0)
        calls, self.calls[:] = list(self.calls), []
        return calls


def test_a_timer_does_not_call_before_its_period_is_over(ros: Ros) -> None:
    stage = Stage(ros)
    assert stage.at(0.5) == []
    assert not stage.timer.is_ready()
    assert stage.at(1.0) == [1.0]


def test_a_timer_calls_once_each_period_and_leaves_out_the_missed(ros: Ros) -> None:
    stage = Stage(ros)
    assert [stage.at(second) for second in (1, 2, 3)] == [[1.0], [2.0], [3.0]]
    assert stage.at(7.5) == [7.5]
    assert stage.at(7.9) == []
    assert stage.at(8.0) == [8.0]


def test_a_timer_is_silent_while_it_is_cancelled_and_begins_anew_at_reset(ros: Ros) -> None:
    stage = Stage(ros)
    assert stage.at(1) == [1.0]
    stage.timer.cancel()
    assert stage.timer.is_canceled()
    assert stage.at(5) == []
    stage.timer.reset()
    assert not stage.timer.is_canceled()
    assert (stage.at(5.9), stage.at(6)) == ([], [6.0])


def test_a_timer_says_how_long_it_has_and_since_when(ros: Ros) -> None:
    stage = Stage(ros)
    stage.at(0.25)
    assert stage.timer.time_until_next_call() == 750_000_000
    assert stage.timer.time_since_last_call() == 250_000_000
    stage.timer.reset()
    assert stage.timer.time_until_next_call() == 10**9
    stage.timer.cancel()
    assert stage.timer.time_until_next_call() is None
    assert (stage.timer.timer_period_ns, stage.timer.clock) == (10**9, stage.clock)


def test_a_timer_without_autostart_waits_for_reset(ros: Ros) -> None:
    stage = Stage(ros, autostart=False)
    assert stage.timer.is_canceled()
    assert stage.at(5) == []
    stage.timer.reset()
    assert stage.at(6) == [6.0]


def test_a_timer_is_not_silent_for_as_long_as_its_clock_jumped_back(ros: Ros) -> None:
    stage = Stage(ros)
    assert stage.at(100) == [100.0]
    assert stage.at(10) == []
    assert stage.at(11) == [11.0]


def test_what_was_left_of_a_period_still_is_when_the_clock_is_replaced(ros: Ros) -> None:
    stage = Stage(ros)
    stage.at(0.25)
    stage.clock._set_ros_time_is_active(False)
    left_ns = stage.timer.time_until_next_call()
    assert left_ns is not None
    assert 500_000_000 < left_ns <= 750_000_000


def test_a_callback_that_wants_it_is_told_when_its_call_was_due(ros: Ros) -> None:
    stage = Stage(ros)
    told: list[TimerInfo] = []

    def callback(*, info: TimerInfo) -> None:
        told.append(info)

    stage.timer.callback = callback
    stage.at(1.5)
    (info,) = told
    assert (info.expected_call_time.nanoseconds, info.actual_call_time.nanoseconds) == (10**9, 1_500_000_000)
    assert info.actual_call_time.clock_type is ClockType.ROS_TIME


def test_a_timer_that_was_destroyed_says_so(ros: Ros) -> None:
    stage = Stage(ros)
    with stage.timer.handle as handle:
        assert handle is stage.timer
    stage.node.destroy_timer(stage.timer)
    assert stage.at(5) == []
    with pytest.raises(InvalidHandle, match="Timer was destroyed"), stage.timer.handle:
        pass
    with pytest.raises(ValueError, match="negative"):
        Timer(None, None, -1, stage.clock)


@pytest.fixture
def spun(ros: Ros) -> Node:
    node = ros.node("rated")
    ros.spin(node)
    return node


def test_a_rate_sleeps_a_period(spun: Node) -> None:
    clock = spun.get_clock()
    rate = spun.create_rate(100)
    rate.sleep()
    before = clock.now()
    rate.sleep()
    rate.sleep()
    assert (clock.now() - before).nanoseconds > 10_000_000
    assert spun.destroy_rate(rate)


@pytest.mark.parametrize("frequency", [0, -1])
def test_a_rate_needs_a_frequency_above_nothing(spun: Node, frequency: float) -> None:
    with pytest.raises(ValueError, match="> 0"):
        spun.create_rate(frequency)


def test_a_rate_that_was_destroyed_does_not_sleep(spun: Node) -> None:
    rate = spun.create_rate(1000)
    spun.destroy_rate(rate)
    with pytest.raises(RuntimeError, match="destroyed"):
        rate.sleep()


@pytest.mark.parametrize("by_shutdown", [True, False])
def test_sleepers_are_woken_by_the_end_of_their_rate_or_context(ros: Ros, spun: Node, by_shutdown: bool) -> None:
    rate = spun.create_rate(0.001)
    ended: list[type[BaseException]] = []

    def sleep() -> None:
        try:
            rate.sleep()
        except (ROSInterruptException, RuntimeError) as error:
            ended.append(type(error))

    sleepers = [threading.Thread(target=sleep) for _ in range(2)]
    for sleeper in sleepers:
        sleeper.start()
    if by_shutdown:
        ros.context.shutdown()
    else:
        spun.destroy_rate(rate)
    for sleeper in sleepers:
        sleeper.join(30)
    assert ended == [ROSInterruptException if by_shutdown else RuntimeError] * 2


def test_a_guard_condition_calls_once_for_each_trigger_that_was_served(ros: Ros) -> None:
    node = ros.node("guarded")
    calls: list[int] = []
    guard = node.create_guard_condition(lambda: calls.append(1))
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    executor.spin_once(timeout_sec=0)
    assert calls == []
    for expected in (1, 2):
        guard.trigger()
        guard.trigger()
        executor.spin_once(timeout_sec=0)
        executor.spin_once(timeout_sec=0)
        assert len(calls) == expected
    node.destroy_guard_condition(guard)
    guard.trigger()
    executor.spin_once(timeout_sec=0)
    assert len(calls) == 2
    eventually(lambda: list(node.guards) == [])
