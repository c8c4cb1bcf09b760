"""Sets ROS clocks from /clock while `use_sim_time` is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rosgraph_msgs.msg
from rcl_interfaces.msg import SetParametersResult

from rclpy.clock import ROSClock
from rclpy.clock_type import ClockType
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.time import Time

if TYPE_CHECKING:
    from rclpy.node import Node
    from rclpy.subscription import Subscription

CLOCK_TOPIC = "/clock"
USE_SIM_TIME_NAME = "use_sim_time"


class TimeSource:
    """One node's: follows its parameter `use_sim_time`."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._clocks: set[ROSClock] = set()
        self._subscription: Subscription[rosgraph_msgs.msg.Clock] | None = None
        self._last: Time | None = None
        self._active = False
        if not node.has_parameter(USE_SIM_TIME_NAME):
            node.declare_parameter(USE_SIM_TIME_NAME, False)
        given = node.get_parameter(USE_SIM_TIME_NAME)
        if given.type_ is Parameter.Type.BOOL:
            self.ros_time_is_active = given.value
        else:
            node.get_logger().error(f"{USE_SIM_TIME_NAME}: expected a bool, got {given.value!r}; system time is used")
        node.add_on_set_parameters_callback(self._check)
        node.add_post_set_parameters_callback(self._on_set)

    @property
    def ros_time_is_active(self) -> bool:
        """Whether the clocks follow /clock."""
        return self._active

    @ros_time_is_active.setter
    def ros_time_is_active(self, active: bool) -> None:
        if active == self._active:
            return
        self._active = active
        for clock in self._clocks:
            clock._set_ros_time_is_active(active)
        if active:
            profile = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
            self._subscription = self._node.create_subscription(
                rosgraph_msgs.msg.Clock, CLOCK_TOPIC, self._on_clock, profile
            )
        elif self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
            self._subscription = None

    def attach_clock(self, clock: ROSClock) -> None:
        """Set this clock too."""
        if not isinstance(clock, ROSClock):
            raise ValueError("Only clocks with type ROS_TIME can be attached.")
        clock._set_ros_time_is_active(self._active)
        if self._last is not None and self._active:
            clock.set_ros_time_override(self._last)
        self._clocks.add(clock)

    def detach_clock(self, clock: ROSClock) -> None:
        """Set it no more."""
        self._clocks.discard(clock)

    def _on_clock(self, msg: rosgraph_msgs.msg.Clock) -> None:
        self._last = Time.from_msg(msg.clock, clock_type=ClockType.ROS_TIME)
        for clock in self._clocks:
            clock.set_ros_time_override(self._last)

    @staticmethod
    def _check(parameters: list[Parameter]) -> SetParametersResult:
        for parameter in parameters:
            if parameter.name == USE_SIM_TIME_NAME and parameter.type_ is not Parameter.Type.BOOL:
                return SetParametersResult(successful=False, reason=f"{USE_SIM_TIME_NAME} must be a bool")
        return SetParametersResult(successful=True)

    def _on_set(self, parameters: list[Parameter]) -> None:
        for parameter in parameters:
            if parameter.name == USE_SIM_TIME_NAME:
                self.ros_time_is_active = parameter.value
