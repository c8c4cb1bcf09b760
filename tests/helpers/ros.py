"""A ROS context of a test's own: a router on a free port, and nodes that are spun by a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import rclpy
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from ros_wire.router import Router
from tests.helpers.waiting import free_port


@contextmanager
def router() -> Iterator[str]:
    """A Zenoh router on a free port; the value is what `ZENOH_CONFIG_OVERRIDE` must be to reach it."""
    port = free_port()
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        yield f'connect/endpoints=["tcp/127.0.0.1:{port}"]'


@contextmanager
def context(override: str) -> Iterator[rclpy.Context]:
    """An open ROS context at that router."""
    opened = rclpy.Context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZENOH_CONFIG_OVERRIDE", override)
        rclpy.init(context=opened)
    try:
        yield opened
    finally:
        rclpy.try_shutdown(context=opened)


@contextmanager
def spun(node: Any, *, executor: Executor | None = None) -> Iterator[Any]:
    """The node, its callbacks served by a thread until the block ends."""
    executor = executor or SingleThreadedExecutor(context=node.context)
    executor.add_node(node)

    def spin() -> None:
        try:
            executor.spin()
        except ExternalShutdownException:
            return

    thread = threading.Thread(target=spin, name=f"spin {node.get_name()}")
    thread.start()
    try:
        yield node
    finally:
        executor.shutdown(timeout_sec=5)
        thread.join(30)
        node.destroy_node()
