"""A node of the command line's own, and the graph as it is once the others have been heard of."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from ros_cli.errors import CommandError

_QUIET_S = 0.25  # no news of the graph for so long: it is known
_ROUTER_S = 3.0


@contextmanager
def node(router: str | None, *, spin: bool = True) -> Iterator[Node]:
    """A hidden node, spun by a thread; it knows the graph.

    Raises:
        CommandError: no router answers.
    """
    if router:
        endpoints = f'connect/endpoints=["{router}"]'
        before = os.environ.get("ZENOH_CONFIG_OVERRIDE")
        os.environ["ZENOH_CONFIG_OVERRIDE"] = f"{before};{endpoints}" if before else endpoints
    context = rclpy.Context()
    rclpy.init(context=context, signal_handler_options=SignalHandlerOptions.NO)
    executor = SingleThreadedExecutor(context=context)
    try:
        made = Node(
            f"_ronda_ros_{os.getpid()}", context=context, start_parameter_services=False, use_global_arguments=False
        )
        _await_router(context, router)
        settle(made)
        if spin:
            executor.add_node(made)
            threading.Thread(target=_spin, args=(executor,), name="ronda ros", daemon=True).start()
        yield made
    finally:
        executor.shutdown(timeout_sec=2)
        context.try_shutdown()


def settle(at: Node) -> None:
    """Wait until the graph has been quiet for a moment."""
    news = threading.Event()
    graph = at.context.session.graph
    graph.add_listener(news.set)
    try:
        while news.wait(_QUIET_S):
            news.clear()
    finally:
        graph.remove_listener(news.set)


def news(at: Node, within_s: float) -> bool:
    """Wait until the graph changes; False where it did not."""
    changed = threading.Event()
    graph = at.context.session.graph
    graph.add_listener(changed.set)
    try:
        return changed.wait(within_s)
    finally:
        graph.remove_listener(changed.set)


def until(at: Node, reached: Callable[[], Any], within_s: float | None) -> Any:
    """What `reached()` says once it is true; None where the time is over. Looks again whenever the graph changes."""
    news = threading.Condition()

    def wake() -> None:
        with news:
            news.notify_all()

    graph = at.context.session.graph
    graph.add_listener(wake)
    try:
        with news:
            return news.wait_for(reached, within_s)
    finally:
        graph.remove_listener(wake)


def _await_router(context: Any, router: str | None) -> None:
    info = context.session.zenoh.info
    pause = threading.Event()
    for _ in range(int(_ROUTER_S / 0.02)):
        if info.routers_zid() or info.peers_zid():
            return
        pause.wait(0.02)
    where = router or os.environ.get("ZENOH_CONFIG_OVERRIDE") or "tcp/localhost:7447"
    raise CommandError(
        f"no Zenoh router answers at {where}. Start one (`ronda ros router`, or the robot's or center's), "
        "or name it: --router tcp/host:port"
    )


def _spin(executor: SingleThreadedExecutor) -> None:
    with suppress(ExternalShutdownException):
        executor.spin()
