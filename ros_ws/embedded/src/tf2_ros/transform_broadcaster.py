"""Tells others of links that move."""

from __future__ import annotations

from collections.abc import Sequence

from geometry_msgs.msg import TransformStamped
from tf2_msgs.msg import TFMessage

from rclpy.node import Node
from rclpy.qos import QoSProfile


class TransformBroadcaster:
    """Publishes on `/tf`."""

    def __init__(self, node: Node, qos: QoSProfile | int | None = None) -> None:
        self.pub_tf = node.create_publisher(TFMessage, "/tf", qos if qos is not None else QoSProfile(depth=100))

    def sendTransform(self, transform: TransformStamped | Sequence[TransformStamped]) -> None:
        """Publish one transform or several."""
        several = [transform] if isinstance(transform, TransformStamped) else list(transform)
        self.pub_tf.publish(TFMessage(transforms=several))
