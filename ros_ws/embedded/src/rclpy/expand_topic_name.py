"""Expansion of relative and private names, under the name that user code imports."""

from rclpy._names import expand_topic_name

__all__ = ["expand_topic_name"]
