"""Where frames are, now and a moment ago: the Python API of tf2_ros, on the embedded rclpy."""

from tf2_ros.buffer import Buffer, TypeException
from tf2_ros.static_transform_broadcaster import StaticTransformBroadcaster
from tf2_ros.transform_broadcaster import TransformBroadcaster
from tf2_ros.transform_listener import TransformListener
from tf2_ros.tree import (
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
    TimeoutException,
    TransformException,
)

__all__ = [
    "Buffer", "ConnectivityException", "ExtrapolationException", "InvalidArgumentException", "LookupException",
    "StaticTransformBroadcaster", "TimeoutException", "TransformBroadcaster", "TransformException",
    "TransformListener", "TypeException",
]  # fmt: skip
