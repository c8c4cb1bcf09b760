"""The rule of namespaces, under the name that user code imports."""

from rclpy._names import validate_namespace

__all__ = ["validate_namespace"]
