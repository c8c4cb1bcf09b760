"""Publishes what a node's logger, and those below it, say on /rosout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builtin_interfaces.msg import Time
from rcl_interfaces.msg import Log

from rclpy._logger import Line, outlets
from rclpy.exceptions import InvalidHandle, RCLError
from rclpy.qos import qos_profile_rosout_default

if TYPE_CHECKING:
    from rclpy.node import Node

ROSOUT_TOPIC = "/rosout"


class Rosout:
    """One node's; from construction to `close`."""

    def __init__(self, node: Node) -> None:
        self._name = node.get_logger().name
        self._publisher = node.create_publisher(Log, ROSOUT_TOPIC, qos_profile_rosout_default)
        outlets.add(self._name, self, self._publish)

    def close(self) -> None:
        """Publish no more."""
        outlets.remove(self._name, self)

    def _publish(self, line: Line) -> None:
        seconds, nanoseconds = divmod(line.stamp_ns, 10**9)
        message = Log(
            stamp=Time(sec=seconds, nanosec=nanoseconds),
            level=int(line.severity),
            name=line.name,
            msg=line.text,
            file=line.code.co_filename,
            function=line.code.co_name,
            line=line.number,
        )
        try:
            self._publisher.publish(message)
        except (InvalidHandle, RCLError):
            return  # the node is going away: the console has the line
