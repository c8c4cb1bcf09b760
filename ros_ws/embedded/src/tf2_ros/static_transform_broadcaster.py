"""Tells others, also those who come later, of links that never move."""

from __future__ import annotations

from collections.abc import Sequence

from geometry_msgs.msg import TransformStamped
from tf2_msgs.msg import TFMessage

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile


class StaticTransformBroadcaster:
    """Publishes on `/tf_static`: all that it was ever given, the newest of each child frame."""

    def __init__(self, node: Node, qos: QoSProfile | int | None = None) -> None:
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.pub_tf = node.create_publisher(TFMessage, "/tf_static", qos if qos is not None else latched)
        self._known: dict[str, TransformStamped] = {}

    def sendTransform(self, transform: TransformStamped | Sequence[TransformStamped]) -> None:
        """Publish one transform or several, with those before."""
        several = [transform] if isinstance(transform, TransformStamped) else transform
        self._known |= {one.child_frame_id: one for one in several}
        self.pub_tf.publish(TFMessage(transforms=list(self._known.values())))
