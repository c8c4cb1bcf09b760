"""Waits for something to be seen in the graph, without polling."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rclpy.context import Context


def wait_for_graph(context: Context, reached: Callable[[], bool], timeout_sec: float | None) -> bool:
    """Wait until `reached()`; False when `timeout_sec` is over or the context was shut down first.

    None or a negative time waits for ever. No executor is needed for it.
    """
    changed = threading.Condition()

    def wake() -> None:
        with changed:
            changed.notify_all()

    deadline = None if timeout_sec is None or timeout_sec < 0 else time.monotonic() + timeout_sec
    graph = context.session.graph
    graph.add_listener(wake)
    context.on_shutdown(wake)
    try:
        with changed:
            while not reached():
                left = None if deadline is None else deadline - time.monotonic()
                if not context.ok() or (left is not None and left <= 0):
                    return False
                changed.wait(left)
        return True
    finally:
        graph.remove_listener(wake)
        context.remove_on_shutdown(wake)
