"""Serves a node's callbacks from a thread of its own, for as long as a block lasts."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

_CALLBACK_FAILED = 1  # exit code
log = logging.getLogger(__name__)


@contextmanager
def spinning(node: Node) -> Iterator[None]:
    """Spin. A callback that raises ends the process: its supervisor starts it again, and the log says why."""
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(node)

    def spin() -> None:
        try:
            executor.spin()
        except ExternalShutdownException:
            return
        except Exception:
            log.exception("a callback failed")
            os._exit(_CALLBACK_FAILED)

    thread = threading.Thread(target=spin, name="rclpy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        executor.shutdown(timeout_sec=1.0)
        thread.join(1.0)
