"""rclpy, in pure Python over Zenoh: the ROS 2 client library for nodes of this project where no ROS 2 is installed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rclpy.context import Context
from rclpy.signals import SignalHandlerOptions, install_signal_handlers, uninstall_signal_handlers, watch
from rclpy.task import Future
from rclpy.utilities import get_default_context, get_rmw_implementation_identifier, ok
from rclpy.utilities import shutdown as _shutdown
from rclpy.utilities import try_shutdown as _try_shutdown

if TYPE_CHECKING:
    from rclpy.executors import Executor
    from rclpy.node import Node
    from rclpy.parameter import Parameter

__all__ = [
    "Context", "Future", "Parameter", "SignalHandlerOptions", "create_node", "get_default_context",
    "get_global_executor", "get_rmw_implementation_identifier", "init", "ok", "shutdown", "spin", "spin_once",
    "spin_until_future_complete", "try_shutdown",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # not imported above: it needs message packages, and those of another installation are for `init` to refuse
    if name == "Parameter":
        from rclpy.parameter import Parameter

        return Parameter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def init(
    *,
    args: Sequence[str] | None = None,
    context: Context | None = None,
    domain_id: int | None = None,
    signal_handler_options: SignalHandlerOptions | None = None,
) -> Context:
    """Open a context, the default one where none is given; signals are handled for the default one only.

    Raises:
        MixedInstallationError: rclpy and the message packages are not of one installation.
    """
    default = get_default_context()
    context = default if context is None else context
    if signal_handler_options is None:
        signal_handler_options = SignalHandlerOptions.ALL if context is default else SignalHandlerOptions.NO
    context.init(args, domain_id=domain_id)
    if signal_handler_options != SignalHandlerOptions.NO:
        watch(context)
        install_signal_handlers(signal_handler_options)
    return context


def shutdown(*, context: Context | None = None, uninstall_handlers: bool | None = None) -> None:
    """Close a context, the default one where none is given."""
    _shutdown(context=context)
    if uninstall_handlers or (uninstall_handlers is None and context is None):
        uninstall_signal_handlers()


def try_shutdown(*, context: Context | None = None, uninstall_handlers: bool | None = None) -> None:
    """Close a context where it is open."""
    _try_shutdown(context=context)
    if uninstall_handlers or (uninstall_handlers is None and context is None):
        uninstall_signal_handlers()


_lock = threading.Lock()


def create_node(node_name: str, **arguments: Any) -> Node:
    """Make a node; the arguments are those of `Node`."""
    from rclpy.node import Node

    return Node(node_name, **arguments)


def get_global_executor() -> Executor:
    """The executor that `spin` uses for nodes of the default context where none is given."""
    return _executor_of(get_default_context(), None)


def _executor_of(context: Context, executor: Executor | None) -> Executor:
    """The executor given, or the one that a context keeps for spinning."""
    from rclpy.executors import SingleThreadedExecutor

    if executor is not None:
        return executor
    with _lock:
        kept: Executor | None = context.spinner
        if kept is None:
            kept = context.spinner = SingleThreadedExecutor(context=context)
        return kept


def spin(node: Node, executor: Executor | None = None) -> None:
    """Run a node's callbacks until its context is shut down."""
    executor = _executor_of(node.context, executor)
    try:
        executor.add_node(node)
        executor.spin()
    finally:
        executor.remove_node(node)


def spin_once(node: Node, *, executor: Executor | None = None, timeout_sec: float | None = None) -> None:
    """Run one callback of a node."""
    executor = _executor_of(node.context, executor)
    try:
        executor.add_node(node)
        executor.spin_once(timeout_sec=timeout_sec)
    finally:
        executor.remove_node(node)


def spin_until_future_complete(
    node: Node, future: Future[Any], executor: Executor | None = None, timeout_sec: float | None = None
) -> None:
    """Run a node's callbacks until a future is done, or the time is over."""
    executor = _executor_of(node.context, executor)
    try:
        executor.add_node(node)
        executor.spin_until_future_complete(future, timeout_sec)
    finally:
        executor.remove_node(node)
