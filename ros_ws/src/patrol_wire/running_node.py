"""A process of a robot: it joins the graph, works until it is told to end, and says in words why it cannot start."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import rclpy
from patrol_core.errors import PatrolError
from patrol_core.supervisor import REFUSED
from rclpy.signals import SignalHandlerOptions

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})
log = logging.getLogger(__name__)


def run_process(work: Callable[[], None], ros_arguments: Sequence[str] | None = None) -> int:
    """Work on the graph; the exit code. ROS arguments are the command line's unless given."""
    try:
        with on_graph(sys.argv[1:] if ros_arguments is None else ros_arguments):
            work()
    except PatrolError as error:
        log.error("%s", error)
        return REFUSED
    return 0


@contextmanager
def on_graph(ros_arguments: Sequence[str] = ()) -> Iterator[None]:
    """Join the graph for as long as the block lasts; signals stay the process's own."""
    rclpy.init(args=list(ros_arguments), signal_handler_options=SignalHandlerOptions.NO)
    try:
        yield
    finally:
        rclpy.try_shutdown()


def hold_ending() -> None:
    """Let SIGTERM and SIGINT wait for `until_told`. Called before there is any thread: threads inherit it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def until_told() -> None:
    """Wait for SIGTERM or SIGINT."""
    signal.sigwait(ENDING)
