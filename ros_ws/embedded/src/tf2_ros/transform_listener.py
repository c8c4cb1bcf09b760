"""Fills a buffer from `/tf` and `/tf_static`."""

from __future__ import annotations

import threading
from contextlib import suppress

from tf2_msgs.msg import TFMessage

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from tf2_ros.buffer import Buffer
from tf2_ros.tree import InvalidArgumentException


class TransformListener:
    """Listens from construction to `unregister`."""

    def __init__(
        self,
        buffer: Buffer,
        node: Node,
        *,
        spin_thread: bool = False,
        qos: QoSProfile | None = None,
        static_qos: QoSProfile | None = None,
    ) -> None:
        """With `spin_thread` a thread of the listener's own serves the node; else somebody must spin it."""
        self.buffer = buffer
        self.node = node
        self.group = ReentrantCallbackGroup()
        latched = QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.tf_sub = node.create_subscription(
            TFMessage, "/tf", self._on_tf, qos or QoSProfile(depth=100), callback_group=self.group
        )
        self.tf_static_sub = node.create_subscription(
            TFMessage, "/tf_static", self._on_tf_static, static_qos or latched, callback_group=self.group
        )
        self.executor: SingleThreadedExecutor | None = None
        if spin_thread:
            self.executor = SingleThreadedExecutor(context=node.context)
            self.executor.add_node(node)
            self._thread = threading.Thread(target=_spin, args=(self.executor,), name="tf2 listener", daemon=True)
            self._thread.start()

    def unregister(self) -> None:
        """Listen no more."""
        if self.executor is not None:
            self.executor.shutdown()
            self._thread.join(5)
        self.node.destroy_subscription(self.tf_sub)
        self.node.destroy_subscription(self.tf_static_sub)

    def _on_tf(self, message: TFMessage) -> None:
        self._take(message, static=False)

    def _on_tf_static(self, message: TFMessage) -> None:
        self._take(message, static=True)

    def _take(self, message: TFMessage, *, static: bool) -> None:
        put = self.buffer.set_transform_static if static else self.buffer.set_transform
        for transform in message.transforms:
            try:
                put(transform, "default_authority")
            except InvalidArgumentException as error:
                self.node.get_logger().error(f"transform left out: {error}", throttle_duration_sec=10)


def _spin(executor: SingleThreadedExecutor) -> None:
    with suppress(ExternalShutdownException):
        executor.spin()
