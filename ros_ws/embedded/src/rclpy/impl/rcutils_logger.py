"""The logger, under the name that some user code imports."""

from rclpy._logger import RcutilsLogger

__all__ = ["RcutilsLogger"]
