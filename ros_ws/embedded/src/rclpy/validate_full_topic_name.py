"""The rule of absolute topic and service names, under the name that user code imports."""

from rclpy._names import validate_full_topic_name

__all__ = ["validate_full_topic_name"]
