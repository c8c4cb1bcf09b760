"""Durations, times, clocks and timers."""

from __future__ import annotations

import threading

import pytest
from builtin_interfaces.msg import Time as TimeMsg
from rosgraph_msgs.msg import Clock as ClockMsg

from rclpy.clock import Clock, ClockType, ROSClock
from rclpy.duration import Duration, Infinite
from rclpy.exceptions import ROSInterruptException
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rclpy.time import Time
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros


def test_durations_add_compare_and_travel_as_messages() -> None:
    half = Duration(seconds=0.5)
    assert half + half == Duration(seconds=1)
    assert half * 3 > Duration(seconds=1, nanoseconds=1)
    assert Duration.from_msg(Duration(seconds=-1.25).to_msg()) == Duration(seconds=-1.25)
    assert str(Infinite) == "Infinite"


def test_a_difference_of_times_is_a_duration_and_the_clocks_must_be_the_same() -> None:
    early, late = Time(seconds=1), Time(seconds=3)
    assert late - early == Duration(seconds=2)
    assert early + Duration(seconds=2) == late
    assert late - Duration(seconds=2) == early
    with pytest.raises(TypeError, match="different clock types"):
        _ = early < Time(seconds=1, clock_type=ClockType.STEADY_TIME)


def test_a_time_message_forgets_its_clock_and_counts_as_ros_time() -> None:
    time = Time(seconds=5, nanoseconds=7, clock_type=ClockType.ROS_TIME)
    assert time.to_msg() == TimeMsg(sec=5, nanosec=7)
    assert Time.from_msg(time.to_msg()) == time


def test_a_time_is_never_negative() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        Time(seconds=-1)


def test_a_clock_of_ros_time_can_be_set_and_tells_system_time_until_then() -> None:
    clock = Clock(clock_type=ClockType.ROS_TIME)
    assert isinstance(clock, ROSClock)
    assert abs(clock.now().nanoseconds - Clock().now().nanoseconds) < 10**9
    clock.set_ros_time_override(Time(seconds=9, clock_type=ClockType.ROS_TIME))
    assert clock.now().nanoseconds > 10**15, "it is not active yet"
    clock._set_ros_time_is_active(True)
    clock.set_ros_time_override(Time(seconds=9, clock_type=ClockType.ROS_TIME))
    assert clock.now() == Time(seconds=9, clock_type=ClockType.ROS_TIME)


def test_a_sleep_ends_early_when_the_context_is_shut_down(ros: Ros) -> None:
    node = ros.node("sleeper")
    slept: list[bool] = []
    executor = ros.spin(node)
    executor.create_task(lambda: slept.append(Clock().sleep_for(Duration(seconds=60), context=ros.context)))
    eventually(lambda: executor._active, what="the sleep has begun")
    ros.context.shutdown()
    eventually(lambda: slept == [False])


def test_a_timer_calls_every_period_and_can_be_stopped_and_started(ros: Ros) -> None:
    node = ros.node("ticker")
    ticks: list[int] = []
    timer = node.create_timer(0.01, lambda: ticks.append(1))
    ros.spin(node)
    eventually(lambda: len(ticks) >= 3)
    timer.cancel()
    assert timer.is_canceled()
    assert timer.time_until_next_call() is None
    eventually(lambda: not node.executor._active)  # type: ignore[union-attr]
    count = len(ticks)
    node.executor.create_task(lambda: None)  # type: ignore[union-attr]
    timer.reset()
    eventually(lambda: len(ticks) > count)


def test_a_timer_leaves_out_the_periods_it_missed() -> None:
    clock = ROSClock()
    clock._set_ros_time_is_active(True)
    clock.set_ros_time_override(Time(seconds=100, clock_type=ClockType.ROS_TIME))
    from rclpy.timer import Timer

    timer = Timer(lambda: None, None, 10**9, clock)
    clock.set_ros_time_override(Time(seconds=103.5, clock_type=ClockType.ROS_TIME))
    assert timer.is_ready()
    assert timer._take() is not None
    assert timer._take() is None
    assert timer.time_until_next_call() == 500_000_000


def test_a_timer_that_was_made_without_autostart_waits_for_reset(ros: Ros) -> None:
    node = ros.node("ticker")
    ticks: list[int] = []
    timer = node.create_timer(0.0, lambda: ticks.append(1), autostart=False)
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    executor.spin_once(timeout_sec=0.02)
    assert ticks == []
    timer.reset()
    executor.spin_once(timeout_sec=1)
    assert ticks == [1]


def test_simulated_time_drives_clock_and_timers(ros: Ros) -> None:
    world = ros.node("world")
    robot = ros.node("robot", parameter_overrides=[Parameter("use_sim_time", value=True)])
    seen: list[int] = []
    robot.create_timer(1.0, lambda: seen.append(robot.get_clock().now().nanoseconds // 10**9))
    ros.spin(robot)
    publisher = world.create_publisher(ClockMsg, "/clock", 1)
    eventually(lambda: publisher.get_subscription_count() == 1)
    assert robot.get_clock().now().nanoseconds == 0, "before the first /clock it is zero"

    def at(second: int) -> None:
        publisher.publish(ClockMsg(clock=TimeMsg(sec=second)))
        eventually(lambda: robot.get_clock().now().nanoseconds == second * 10**9)

    at(1)
    eventually(lambda: seen == [1])
    at(2)
    eventually(lambda: seen == [1, 2])
    at(60)
    eventually(lambda: seen == [1, 2, 60])


def test_simulated_time_can_be_switched_off_again(ros: Ros) -> None:
    node = ros.node("robot")
    node.set_parameters([Parameter("use_sim_time", value=True)])
    assert node.get_clock().now().nanoseconds == 0
    node.set_parameters([Parameter("use_sim_time", value=False)])
    assert node.get_clock().now().nanoseconds > 10**15
    assert not node.set_parameters([Parameter("use_sim_time", value=3)])[0].successful


def test_a_rate_sleeps_in_rhythm_until_it_is_destroyed_or_the_context_shut_down(ros: Ros) -> None:
    node = ros.node("worker")
    rate, other = node.create_rate(200), node.create_rate(0.001)
    ros.spin(node)
    for _ in range(3):
        rate.sleep()
    rate.destroy()
    with pytest.raises(RuntimeError, match="destroyed"):
        rate.sleep()
    outcome: list[type[BaseException]] = []

    def sleep() -> None:
        try:
            other.sleep()
        except ROSInterruptException as error:
            outcome.append(type(error))

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    ros.context.try_shutdown()
    sleeper.join(30)
    assert outcome == [ROSInterruptException]
