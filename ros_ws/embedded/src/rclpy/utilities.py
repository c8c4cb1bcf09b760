"""The default context, and small questions about it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rclpy._arguments import remove_ros_args as _remove_ros_args
from rclpy.duration import S_TO_NS

if TYPE_CHECKING:
    from rclpy.context import Context


class _Default:
    """The context that is used where none is given; a new one takes the place of one that was shut down."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.context: Context | None = None


_default = _Default()


def get_default_context(*, shutting_down: bool = False) -> Context:
    """The default context; after its shutdown a fresh one, unless asked while shutting down."""
    from rclpy.context import Context

    with _default.lock:
        current = _default.context
        if current is None or (current._initialized and not current.ok() and not shutting_down):
            current = _default.context = Context()
        return current


def ok(*, context: Context | None = None) -> bool:
    """Whether the context is open."""
    return (get_default_context() if context is None else context).ok()


def shutdown(*, context: Context | None = None) -> None:
    """Close the context; an error where it is not open."""
    (get_default_context(shutting_down=True) if context is None else context).shutdown()


def try_shutdown(*, context: Context | None = None) -> None:
    """Close the context where it is open."""
    (get_default_context(shutting_down=True) if context is None else context).try_shutdown()


def remove_ros_args(args: Sequence[str] | None = None) -> list[str]:
    """The arguments without those of ROS."""
    import sys

    return _remove_ros_args(sys.argv if args is None else args)


def get_rmw_implementation_identifier() -> str:
    """The wire spoken here."""
    return "rmw_zenoh_cpp"


def timeout_sec_to_nsec(timeout_sec: float | None) -> int:
    """Seconds as nanoseconds; -1, no limit, for None and negative values."""
    return -1 if timeout_sec is None or timeout_sec < 0 else int(timeout_sec * S_TO_NS)
