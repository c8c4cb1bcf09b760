"""The exceptions that user code catches from rclpy's C module, which is not there."""

from rclpy._arguments import RosArgumentError as RCLInvalidROSArgsError
from rclpy._arguments import UnknownRosArgumentError as UnknownROSArgsError
from rclpy._node_graph import NodeNameNonExistentError
from rclpy.event_handler import UnsupportedEventTypeError
from rclpy.exceptions import InvalidHandle, RCLError

__all__ = [
    "InvalidHandle", "NodeNameNonExistentError", "RCLError", "RCLInvalidROSArgsError", "UnknownROSArgsError",
    "UnsupportedEventTypeError",
]  # fmt: skip
