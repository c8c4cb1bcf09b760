"""Serves a node's callbacks from a thread of its own, for as long as a block lasts."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

CALLBACK_FAILED = 1  # exit code
log = logging.getLogger(__name__)


@contextmanager
def spinning(node: Node) -> Iterator[None]:
    """Spin; the callback that runs when the block ends is waited for, up to a second.

    A callback that raises ends the process at once: one that hears nothing must not look alive, and its supervisor
    starts it again.
    """
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(node)
    thread = threading.Thread(target=_spin, args=(executor,), name="rclpy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        executor.shutdown(timeout_sec=1.0)
        thread.join(1.0)


def _spin(executor: SingleThreadedExecutor) -> None:
    try:
        executor.spin()
    except ExternalShutdownException:
        return
    except Exception:
        log.exception("a callback failed")
        os._exit(CALLBACK_FAILED)
