"""What every part of a node stands on: its context, its names, its clock and its logger.

People subclass nodes: private names are rclpy's own, which a subclass minds anyway, or begin with `_rcl_`.
"""

from __future__ import annotations

from rclpy._arguments import Arguments
from rclpy._names import resolve_name
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ROSClock
from rclpy.context import Context
from rclpy.logging import RcutilsLogger, get_logger
from ros_wire.names import NodeId


class NodeBase:
    """A node's identity."""

    def __init__(self, *, context: Context, node_id: NodeId, arguments: Arguments) -> None:
        self._context = context
        self._rcl_id = node_id
        self._rcl_arguments = arguments
        self._clock = ROSClock()
        self._logger = get_logger(node_id.full_name.strip("/").replace("/", "."))
        self._default_callback_group = MutuallyExclusiveCallbackGroup()

    @property
    def context(self) -> Context:
        """The context it was made in."""
        return self._context

    @property
    def handle(self) -> NodeId:
        """What the wire knows it by; it cannot be set."""
        return self._rcl_id

    @property
    def default_callback_group(self) -> CallbackGroup:
        """The group of entities made without one."""
        return self._default_callback_group

    def get_name(self) -> str:
        """Its name."""
        return self._rcl_id.name

    def get_namespace(self) -> str:
        """Its namespace."""
        return self._rcl_id.namespace

    def get_fully_qualified_name(self) -> str:
        """Namespace and name."""
        return self._rcl_id.full_name

    def get_clock(self) -> Clock:
        """Its clock, of ROS time."""
        return self._clock

    def get_logger(self) -> RcutilsLogger:
        """Its logger."""
        return self._logger

    def resolve_topic_name(self, topic: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a topic."""
        arguments = Arguments() if only_expand else self._rcl_arguments
        return resolve_name(topic, self._rcl_id.name, self._rcl_id.namespace, arguments)

    def resolve_service_name(self, service: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a service."""
        arguments = Arguments() if only_expand else self._rcl_arguments
        return resolve_name(service, self._rcl_id.name, self._rcl_id.namespace, arguments, is_service=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._rcl_id.full_name}>"
