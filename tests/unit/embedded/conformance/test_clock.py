"""Clocks, their jumps, sleeping, and the source of simulated time, as rclpy has them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from rosgraph_msgs.msg import Clock as ClockMsg

from rclpy.clock import Clock, ClockChange, JumpHandle, JumpThreshold, ROSClock, TimeJump
from rclpy.clock_type import ClockType
from rclpy.context import Context
from rclpy.duration import Duration
from rclpy.exceptions import NotInitializedException
from rclpy.parameter import Parameter
from rclpy.time import Time
from rclpy.time_source import TimeSource
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros

KINDS = [ClockType.SYSTEM_TIME, ClockType.STEADY_TIME, ClockType.ROS_TIME]
SECOND = Duration(seconds=1)


@pytest.mark.parametrize(
    ("forward", "backward", "what"),
    [(0, -1, "min_forward"), (-1, -1, "min_forward"), (1, 0, "min_backward"), (1, 1, "min_backward")],
)
def test_a_threshold_points_away_from_now(forward: int, backward: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        JumpThreshold(min_forward=Duration(nanoseconds=forward), min_backward=Duration(nanoseconds=backward))


def test_a_threshold_that_nothing_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="must be enabled"):
        JumpThreshold(min_forward=None, min_backward=None, on_clock_change=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_is_of_one_kind(kind: ClockType) -> None:
    clock = Clock(clock_type=kind)
    assert clock.clock_type is kind
    assert isinstance(clock, ROSClock) is (kind is ClockType.ROS_TIME)
    assert Clock().clock_type is ClockType.SYSTEM_TIME
    assert ROSClock().clock_type is ClockType.ROS_TIME
    with pytest.raises(TypeError, match="ClockType"):
        Clock(clock_type="STEADY_TIME")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_time_goes_forward(kind: ClockType) -> None:
    clock = Clock(clock_type=kind)
    seen = [clock.now() for _ in range(10)]
    assert seen == sorted(seen, key=lambda time: time.nanoseconds)
    assert seen[0].clock_type is kind


def test_somebody_sets_ros_time_or_not() -> None:
    clock = ROSClock()
    for active in (True, False):
        clock._set_ros_time_is_active(active)
        assert clock.ros_time_is_active is active


class Told:
    """What a jump handle was told, in order."""

    def __init__(self, clock: Clock, threshold: JumpThreshold) -> None:
        self.heard: list[Any] = []
        self.handle = clock.create_jump_callback(
            threshold,
            pre_callback=lambda: self.heard.append("before"),
            post_callback=self.heard.append,
        )

    def jumps(self) -> list[tuple[ClockChange, float]]:
        """Every jump since the last question; each was announced before."""
        heard = list(self.heard)
        self.heard.clear()
        assert heard[::2] == ["before"] * (len(heard) // 2)
        return [(jump.clock_change, jump.delta.nanoseconds / 1e9) for jump in heard[1::2]]


def test_jumps_are_told_to_those_whose_threshold_they_reach() -> None:
    clock = ROSClock()
    half, back_half = Duration(seconds=0.5), Duration(seconds=-0.5)
    one = Told(clock, JumpThreshold(min_forward=SECOND, min_backward=back_half, on_clock_change=False))
    other = Told(clock, JumpThreshold(min_forward=half, min_backward=Duration(seconds=-1), on_clock_change=False))
    clock.set_ros_time_override(Time(seconds=1))
    clock._set_ros_time_is_active(True)
    assert (one.jumps(), other.jumps()) == ([], [])
    clock.set_ros_time_override(Time(seconds=1.75))
    assert (one.jumps(), other.jumps()) == ([], [(ClockChange.ROS_TIME_NO_CHANGE, 0.75)])
    clock.set_ros_time_override(Time(seconds=1))
    assert (one.jumps(), other.jumps()) == ([(ClockChange.ROS_TIME_NO_CHANGE, -0.75)], [])
    one.handle.unregister()
    one.handle.unregister()
    clock.set_ros_time_override(Time(seconds=9))
    assert one.jumps() == []


def test_a_change_of_the_clock_is_told_to_those_who_want_it_and_only_once() -> None:
    clock = ROSClock()
    not_wanted = Told(clock, JumpThreshold(min_forward=SECOND, min_backward=None, on_clock_change=False))
    wanted = Told(clock, JumpThreshold(min_forward=None, min_backward=None))
    for active, change in ((True, ClockChange.ROS_TIME_ACTIVATED), (False, ClockChange.ROS_TIME_DEACTIVATED)):
        clock._set_ros_time_is_active(active)
        assert (wanted.jumps(), not_wanted.jumps()) == ([(change, 0.0)], [])
        clock._set_ros_time_is_active(active)
        assert wanted.jumps() == []


def test_one_callback_of_a_jump_is_enough_and_none_is_refused() -> None:
    clock = ROSClock()
    heard: list[str] = []
    threshold = JumpThreshold(min_forward=None, min_backward=None)
    clock.create_jump_callback(threshold, post_callback=lambda jump: heard.append("after"))
    clock.create_jump_callback(threshold, pre_callback=lambda: heard.append("before"))
    clock._set_ros_time_is_active(True)
    assert heard == ["before", "after"]
    with pytest.raises(ValueError, match="callable"):
        clock.create_jump_callback(threshold)
    with pytest.raises(ValueError, match="pre_callback"):
        clock.create_jump_callback(threshold, pre_callback="no", post_callback=print)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="ClockChange"):
        TimeJump("forward", SECOND)  # type: ignore[arg-type]


def test_a_jump_handle_ends_with_its_block() -> None:
    clock = ROSClock()
    heard: list[TimeJump] = []
    threshold = JumpThreshold(min_forward=None, min_backward=None)
    with clock.create_jump_callback(threshold, post_callback=heard.append) as handle:
        assert isinstance(handle, JumpHandle)
        clock._set_ros_time_is_active(True)
    clock._set_ros_time_is_active(False)
    assert len(heard) == 1


Sleep = Callable[[Clock, Duration, Context], bool]
SLEEPS: list[Sleep] = [
    lambda clock, span, context: clock.sleep_for(span, context),
    lambda clock, span, context: clock.sleep_until(clock.now() + span, context),
]


@pytest.mark.parametrize("sleep", SLEEPS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_sleep_lasts_as_long_as_asked_and_not_at_all_into_the_past(ros: Ros, kind: ClockType, sleep: Sleep) -> None:
    clock = Clock(clock_type=kind)
    before = clock.now()
    assert sleep(clock, Duration(seconds=0.02), ros.context)
    assert clock.now() >= before + Duration(seconds=0.02)
    assert sleep(clock, Duration(seconds=-1), ros.context)


@pytest.mark.parametrize("sleep", SLEEPS)
def test_no_sleep_without_an_open_context_or_by_another_clock(ros: Ros, sleep: Sleep) -> None:
    with pytest.raises(NotInitializedException):
        sleep(Clock(), SECOND, Context())
    with pytest.raises(ValueError, match="clock type does not match"):
        Clock().sleep_until(Time(clock_type=ClockType.STEADY_TIME), ros.context)


def asleep(sleep: Sleep, clock: Clock, context: Context) -> tuple[threading.Thread, list[bool]]:
    """A thread that sleeps for ten seconds of a clock, once it does."""
    outcome: list[bool] = []
    thread = threading.Thread(target=lambda: outcome.append(sleep(clock, Duration(seconds=10), context)))
    thread.start()
    eventually(lambda: bool(clock._jump_handles), what="it sleeps")
    return thread, outcome


@pytest.mark.parametrize("sleep", SLEEPS)
@pytest.mark.parametrize("active", [True, False])
def test_a_sleep_ends_when_the_clock_is_replaced_beneath_it(ros: Ros, active: bool, sleep: Sleep) -> None:
    clock = ROSClock()
    clock._set_ros_time_is_active(not active)
    thread, outcome = asleep(sleep, clock, ros.context)
    clock._set_ros_time_is_active(active)
    thread.join(30)
    assert outcome == [False]


@pytest.mark.parametrize("sleep", SLEEPS)
def test_a_sleep_ends_when_the_context_is_shut_down(ros: Ros, sleep: Sleep) -> None:
    thread, outcome = asleep(sleep, Clock(), ros.context)
    ros.context.shutdown()
    thread.join(30)
    assert outcome == [False]


@pytest.mark.parametrize("sleep", SLEEPS)
def test_a_sleep_in_simulated_time_ends_when_that_time_has_come(ros: Ros, sleep: Sleep) -> None:
    clock = ROSClock()
    clock._set_ros_time_is_active(True)
    thread, outcome = asleep(sleep, clock, ros.context)
    clock.set_ros_time_override(Time(seconds=9, clock_type=ClockType.ROS_TIME))
    assert outcome == []
    clock.set_ros_time_override(Time(seconds=10, clock_type=ClockType.ROS_TIME))
    thread.join(30)
    assert outcome == [True]


def test_only_ros_clocks_follow_a_time_source(ros: Ros) -> None:
    source, clock = TimeSource(node=ros.node("simulated")), ROSClock()
    clock._set_ros_time_is_active(True)
    source.attach_clock(clock)
    assert not clock.ros_time_is_active, "it is as the source is"
    for kind in (ClockType.SYSTEM_TIME, ClockType.STEADY_TIME):
        with pytest.raises(ValueError, match="ROS_TIME"):
            source.attach_clock(Clock(clock_type=kind))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Node"):
        source.attach_node("node")  # type: ignore[arg-type]


def test_without_simulated_time_nobody_listens_for_it(ros: Ros) -> None:
    node = ros.node("real")
    source, clock = TimeSource(node=node), ROSClock()
    source.attach_clock(clock)
    assert node.count_subscribers("/clock") == 0
    assert not source.ros_time_is_active
    assert clock.now().nanoseconds > 10**18


def test_simulated_time_stands_still_until_it_is_published_and_jumps_as_it_is(ros: Ros) -> None:
    node = ros.node("simulated")
    source, clock = TimeSource(node=node), ROSClock()
    source.attach_clock(clock)
    told = Told(clock, JumpThreshold(min_forward=SECOND, min_backward=Duration(seconds=-1)))
    node.set_parameters([Parameter("use_sim_time", value=True)])
    assert source.ros_time_is_active
    assert told.jumps() == [(ClockChange.ROS_TIME_ACTIVATED, 0.0)]
    assert clock.now() == Time(clock_type=ClockType.ROS_TIME)
    ros.spin(node)
    publisher = node.create_publisher(ClockMsg, "/clock", 1)
    for seconds in (5, 3):
        publisher.publish(ClockMsg(clock=Time(seconds=seconds).to_msg()))
        eventually(lambda: clock.now().nanoseconds == seconds * 10**9)  # noqa: B023
    assert told.jumps() == [(ClockChange.ROS_TIME_NO_CHANGE, 5.0), (ClockChange.ROS_TIME_NO_CHANGE, -2.0)]
    node.set_parameters([Parameter("use_sim_time", value=False)])
    assert told.jumps() == [(ClockChange.ROS_TIME_DEACTIVATED, 0.0)]
    source.detach_node()
    source.detach_clock(clock)
    node.set_parameters([Parameter("use_sim_time", value=True)])
    assert not clock.ros_time_is_active


def test_a_time_source_may_be_switched_on_before_it_has_a_node(ros: Ros) -> None:
    source, clock = TimeSource(), ROSClock()
    source.attach_clock(clock)
    source.ros_time_is_active = True
    assert clock.ros_time_is_active
    node = ros.node("late", parameter_overrides=[Parameter("use_sim_time", value=True)])
    source.attach_node(node)
    source.attach_node(node)
    assert node.count_subscribers("/clock") == 2, "the node's own and this one"
