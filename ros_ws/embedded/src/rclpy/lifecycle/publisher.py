"""Publishers that are silent while their node is not active."""

from __future__ import annotations

from typing import Any

from rclpy.lifecycle.managed_entity import SimpleManagedEntity
from rclpy.publisher import MsgT, Publisher


class LifecyclePublisher(SimpleManagedEntity, Publisher[MsgT]):
    """Made by `LifecycleNode.create_lifecycle_publisher`; what is published while inactive is dropped."""

    def __init__(self, *args: Any) -> None:
        SimpleManagedEntity.__init__(self)
        Publisher.__init__(self, *args)

    @SimpleManagedEntity.when_enabled
    def publish(self, msg: MsgT | bytes) -> None:
        """Send a message, where the node is active."""
        Publisher.publish(self, msg)
