"""Looks through a ROS camera topic, and only while a picture is wanted: an idle robot decodes no video."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from patrol_core.event_loop import call_in
from patrol_onboard import phrases
from patrol_onboard.photo import Frame, Photo, PhotoPolicy, Unusable, photo_from
from patrol_wire.topics import RobotTopics
from patrol_wire.values import time_from
from rclpy.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPolicy:
    """How long to look for a usable picture. Real time."""

    patience_s: float = 3.0
    pause_s: float = 0.2  # between two pictures that were judged unusable


class RosCamera:
    """The Camera port on `sensor_msgs/Image`. Call it from asyncio while another thread spins the node."""

    def __init__(
        self,
        node: Node,
        topics: RobotTopics,
        *,
        monotonic_s: Callable[[], float],
        photo: PhotoPolicy | None = None,
        look: LookPolicy | None = None,
    ) -> None:
        self._node = node
        self._card = topics.image
        self._monotonic_s = monotonic_s
        self._photo = photo or PhotoPolicy()
        self._look = look or LookPolicy()

    async def take(self, *, not_before: datetime) -> Photo:
        """See `Camera.take`."""
        newest = _Newest(asyncio.get_running_loop(), self._monotonic_s)
        subscription: Any = self._node.create_subscription(
            self._card.type, self._card.name, newest.on_image, self._card.qos or 1
        )
        reason = Unusable(phrases.NO_FRAME)
        try:
            async with asyncio.timeout(self._look.patience_s):
                while True:
                    message, heard_s = await newest.next()
                    try:
                        return await asyncio.to_thread(self._judged, message, heard_s, not_before)
                    except Unusable as unusable:
                        reason = unusable
                    await asyncio.sleep(self._look.pause_s)
        except TimeoutError:
            raise reason from None
        finally:
            self._node.destroy_subscription(subscription)

    def _judged(self, message: Any, heard_s: float, not_before: datetime) -> Photo:
        frame = Frame(
            width_px=message.width,
            height_px=message.height,
            encoding=message.encoding,
            step=message.step,
            data=bytes(message.data),
            stamped_at=time_from(message.header.stamp),
            heard_s=heard_s,
        )
        return photo_from(frame, not_before=not_before, now_s=self._monotonic_s(), policy=self._photo)


class _Newest:
    """The newest image and when it came. Overflow: a newer one replaces one that was not looked at."""

    def __init__(self, loop: asyncio.AbstractEventLoop, monotonic_s: Callable[[], float]) -> None:
        self._loop = loop
        self._monotonic_s = monotonic_s
        self._came = asyncio.Event()
        self._image: tuple[Any, float] | None = None

    def on_image(self, message: Any) -> None:
        """In rclpy's thread."""
        self._image = (message, self._monotonic_s())
        call_in(self._loop, self._came.set)

    async def next(self) -> tuple[Any, float]:
        """The newest image that was not looked at yet."""
        while self._image is None:
            self._came.clear()
            if self._image is None:
                await self._came.wait()
        image, self._image = self._image, None
        return image
