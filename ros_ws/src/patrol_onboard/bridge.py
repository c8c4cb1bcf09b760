"""What rclpy will know, awaited in asyncio."""

from __future__ import annotations

import asyncio
from typing import Any

from patrol_core.event_loop import call_in


def awaitable(future: Any) -> asyncio.Future[Any]:
    """An rclpy future as one of the running loop. Cancelling it leaves the rclpy future alone."""
    loop = asyncio.get_running_loop()
    mirror: asyncio.Future[Any] = loop.create_future()

    def settle(done: Any) -> None:
        if mirror.done():
            return
        if done.cancelled():
            mirror.cancel()
        elif (error := done.exception()) is not None:
            mirror.set_exception(error)
        else:
            mirror.set_result(done.result())

    future.add_done_callback(lambda done: call_in(loop, settle, done))
    return mirror
