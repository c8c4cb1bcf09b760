"""The rule of node names, under the name that user code imports."""

from rclpy._names import validate_node_name

__all__ = ["validate_node_name"]
