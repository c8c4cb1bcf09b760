"""What processes with an event loop share: the way into it from other threads, and the end they are told of."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress


def call_in(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *arguments: object) -> None:
    """Run `callback` in the loop's thread; nothing once the loop has closed (the process is ending)."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, *arguments)


def told_to_end() -> asyncio.Event:
    """Set by SIGTERM or SIGINT from now on; for the main thread's loop."""
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    return ending


async def work_until(ending: asyncio.Event, works: Iterable[Coroutine[object, object, None]]) -> None:
    """Do these together until `ending` is set.

    Raises:
        ExceptionGroup: one of them died; the others were cancelled.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        await ending.wait()
        for task in tasks:
            task.cancel()
