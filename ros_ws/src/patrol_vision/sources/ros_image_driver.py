"""Pictures of a ROS image topic. The callback only keeps the newest message; pixels are unpacked by whoever looks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from patrol_core.errors import InvalidInput
from patrol_vision.sources.pixels import picture_from
from patrol_vision.sources.port import Shot, Slot
from patrol_wire.topics import Topic
from patrol_wire.values import time_from
from rclpy.node import Node

_STALE_S = 2.0


class RosImageSource:
    """Satisfies FrameSource on `sensor_msgs/Image`; another thread spins the node."""

    def __init__(self, node: Node, topic: Topic, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.name = topic.name
        self._node = node
        self._monotonic = monotonic
        self._slot: Slot[Any] = Slot()
        self._heard_s: float | None = None
        self._wrong: str | None = None
        self._subscription: Any = node.create_subscription(topic.type, topic.name, self._on_image, topic.qos or 1)

    def newest(self, within_s: float) -> Shot | None:
        message = self._slot.take(within_s)
        if message is None:
            return None
        try:
            picture = picture_from(
                width=message.width,
                height=message.height,
                encoding=message.encoding,
                step=message.step,
                data=memoryview(message.data),
            )
        except InvalidInput as error:
            self._wrong = str(error)
            return None
        self._wrong = None
        return Shot(picture=picture, taken_at=time_from(message.header.stamp))

    @property
    def trouble(self) -> str | None:
        if self._wrong is not None:
            return self._wrong
        if self._heard_s is None:
            return f"nothing has come on {self.name} yet"
        silent_s = self._monotonic() - self._heard_s
        return f"nothing has come on {self.name} for {silent_s:.0f} s" if silent_s > _STALE_S else None

    @property
    def missed(self) -> int:
        return self._slot.missed

    def close(self) -> None:
        self._slot.close()
        self._node.destroy_subscription(self._subscription)

    def _on_image(self, message: Any) -> None:
        """In rclpy's thread."""
        self._heard_s = self._monotonic()
        self._slot.put(message)
