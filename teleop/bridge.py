"""From rclpy's and the encoder's threads into asyncio's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[..., Any], *arguments: Any) -> None:
    """Have the loop call it soon; nothing happens where the loop has ended meanwhile."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *arguments)
