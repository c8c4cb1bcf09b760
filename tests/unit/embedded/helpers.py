"""What the tests of the embedded ROS share: a context of one test's own, and nodes that are spun on a thread."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import rclpy
from rclpy.context import Context
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future
from tests.helpers.waiting import eventually

T = TypeVar("T")
_domains = itertools.count(1)  # a domain of its own keeps a test's graph apart from the others'


def override(*ports: int) -> str:
    """ZENOH_CONFIG_OVERRIDE of a session that connects to routers on these ports and listens where the system likes."""
    endpoints = [f"tcp/127.0.0.1:{port}" for port in ports]
    return f'connect/endpoints={json.dumps(endpoints)};listen/endpoints=["tcp/127.0.0.1:0"]'


class Ros:
    """One context; `close` ends everything made through it."""

    def __init__(self, *, args: Sequence[str] = (), domain: int | None = None) -> None:
        self.domain = next(_domains) if domain is None else domain
        self.context = Context()
        rclpy.init(context=self.context, args=list(args), domain_id=self.domain)
        self.nodes: list[Node] = []
        self.on_close: list[Callable[[], object]] = []  # lets callbacks go that a failed test would leave waiting
        self._threads: list[threading.Thread] = []
        self._executors: list[Executor] = []

    def node(self, name: str, **options: Any) -> Node:
        """A node; it is spun only once `spin` was called with it."""
        node = Node(name, context=self.context, **options)
        self.nodes.append(node)
        return node

    def spin(self, *nodes: Node, executor: Executor | None = None) -> Executor:
        """Spin nodes on a thread of their own until `close`."""
        executor = executor or SingleThreadedExecutor(context=self.context)
        for node in nodes:
            executor.add_node(node)
        thread = threading.Thread(target=_spin, args=(executor,), daemon=True)
        self._threads.append(thread)
        self._executors.append(executor)
        thread.start()
        return executor

    def close(self) -> None:
        """End the threads, then the context."""
        for let_go in self.on_close:
            let_go()
        for executor in self._executors:
            executor.shutdown()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "an executor did not stop"
        self.context.try_shutdown()


def _spin(executor: Executor) -> None:
    with suppress(ExternalShutdownException):
        executor.spin()


def result_of(future: Future[T], *, within_s: float = 30.0) -> Any:
    """The result of a future that a spinning node completes."""
    eventually(future.done, within_s=within_s, what="the future is done")
    return future.result()
