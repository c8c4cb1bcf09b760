"""Sets ROS clocks from /clock while `use_sim_time` is true."""

from __future__ import annotations

import weakref
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
    """Follows the parameter `use_sim_time` of the node it is attached to, and sets the clocks attached to it."""

    def __init__(self, *, node: Node | None = None) -> None:
        self._node: weakref.ReferenceType[Node] | None = None
        self._clocks: set[ROSClock] = set()
        self._clock_sub: Subscription[rosgraph_msgs.msg.Clock] | None = None
        self._last = Time(clock_type=ClockType.ROS_TIME)
        self._active = False
        if node is not None:
            self.attach_node(node)

    @property
    def ros_time_is_active(self) -> bool:
        """Whether the clocks follow /clock."""
        return self._active

    @ros_time_is_active.setter
    def ros_time_is_active(self, enabled: bool) -> None:
        if enabled == self._active:
            return
        self._active = enabled
        for clock in self._clocks:
            clock._set_ros_time_is_active(enabled)
        self._listen()

    def attach_node(self, node: Node) -> None:
        """Follow this node's parameter, in place of another's."""
        from rclpy.node import Node as NodeType

        if not isinstance(node, NodeType):
            raise TypeError("Node must be of type rclpy.node.Node")
        if self._node is not None:
            self.detach_node()
        self._node = weakref.ref(node)
        if not node.has_parameter(USE_SIM_TIME_NAME):
            node.declare_parameter(USE_SIM_TIME_NAME, False)
        given = node.get_parameter(USE_SIM_TIME_NAME)
        if given.type_ is Parameter.Type.BOOL:
            self.ros_time_is_active = given.value
        else:
            node.get_logger().error(f"{USE_SIM_TIME_NAME}: expected a bool, got {given.value!r}; system time is used")
        self._listen()
        node.add_on_set_parameters_callback(self._check)
        node.add_post_set_parameters_callback(self._on_set)

    def detach_node(self) -> None:
        """Follow no node; the clocks stay as they are."""
        node = self._get_node()
        self._node = None
        if node is not None:
            node.remove_on_set_parameters_callback(self._check)
            node.remove_post_set_parameters_callback(self._on_set)
            if self._clock_sub is not None:
                node.destroy_subscription(self._clock_sub)
        self._clock_sub = None

    def attach_clock(self, clock: ROSClock) -> None:
        """Set this clock too."""
        if not isinstance(clock, ROSClock):
            raise ValueError("Only clocks with type ROS_TIME can be attached.")
        clock.set_ros_time_override(self._last)
        clock._set_ros_time_is_active(self._active)
        self._clocks.add(clock)

    def detach_clock(self, clock: ROSClock) -> None:
        """Set it no more."""
        self._clocks.discard(clock)

    def clock_callback(self, msg: rosgraph_msgs.msg.Clock) -> None:
        """The time was published: set every clock."""
        self._last = Time.from_msg(msg.clock, clock_type=ClockType.ROS_TIME)
        for clock in self._clocks:
            clock.set_ros_time_override(self._last)

    def _get_node(self) -> Node | None:
        return None if self._node is None else self._node()

    def _listen(self) -> None:
        """Subscribe to /clock while the time is followed, and only then."""
        node = self._get_node()
        if node is None:
            return
        if self._active and self._clock_sub is None:
            profile = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
            self._clock_sub = node.create_subscription(
                rosgraph_msgs.msg.Clock, CLOCK_TOPIC, self.clock_callback, profile
            )
        elif not self._active and self._clock_sub is not None:
            node.destroy_subscription(self._clock_sub)
            self._clock_sub = None

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
