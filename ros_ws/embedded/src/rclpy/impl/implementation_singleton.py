"""The name under which user code finds the exceptions of rclpy's C module; nothing else of it is here."""

from rclpy import _rclpy_pybind11 as rclpy_implementation

__all__ = ["rclpy_implementation"]
