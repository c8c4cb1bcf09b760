"""The rule of topic and service names as users write them, under the name that user code imports."""

from rclpy._names import TOPIC_SEPARATOR_STRING, validate_topic_name

__all__ = ["TOPIC_SEPARATOR_STRING", "validate_topic_name"]
