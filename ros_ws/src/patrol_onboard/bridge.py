"""From rclpy's thread into asyncio: the one way across."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any


def call_in(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *arguments: object) -> None:
    """Run `callback` in the loop's thread; nothing once the loop has closed (the process is ending)."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, *arguments)


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
