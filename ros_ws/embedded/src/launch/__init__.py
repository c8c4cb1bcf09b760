"""Launch files without ROS: the part of launch that a robot's bring-up uses."""

from launch.context import LaunchContext, LaunchError
from launch.description import LaunchDescription, LaunchDescriptionEntity
from launch.service import LaunchService

__all__ = ["LaunchContext", "LaunchDescription", "LaunchDescriptionEntity", "LaunchError", "LaunchService"]
