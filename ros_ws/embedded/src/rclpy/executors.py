"""Executors: they run the callbacks of nodes, in one thread or several."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rclpy._executor import Executor, _deadline
from rclpy._executor_ends import (
    ConditionReachedException,
    ExternalShutdownException,
    ShutdownException,
    TimeoutException,
)
from rclpy.context import Context

__all__ = [
    "ConditionReachedException",
    "Executor",
    "ExternalShutdownException",
    "MultiThreadedExecutor",
    "ShutdownException",
    "SingleThreadedExecutor",
    "TimeoutException",
]


class SingleThreadedExecutor(Executor):
    """Runs callbacks on the thread that spins."""

    _ONE_THREAD = True


class MultiThreadedExecutor(Executor):
    """Runs callbacks on a pool of threads; callback groups say which may run beside which."""

    def __init__(self, num_threads: int | None = None, *, context: Context | None = None) -> None:
        """Start with so many threads, by default one for each processor that this process may use."""
        super().__init__(context=context)
        if num_threads == 1:
            warnings.warn(
                "MultiThreadedExecutor with one thread: take SingleThreadedExecutor instead",
                stacklevel=2,
            )
        self._num_threads = num_threads or len(os.sched_getaffinity(0))
        self._executor = ThreadPoolExecutor(self._num_threads, thread_name_prefix="rclpy")

    def _may_run_more(self) -> bool:
        # work stays in its bounded queue until a thread is free for it
        return self._active < self._num_threads

    def _spin_once(self, timeout_sec: float | None, reached: Callable[[], bool]) -> None:
        try:
            job = self._next_job(_deadline(timeout_sec), reached)
        except (ShutdownException, TimeoutException, ConditionReachedException):
            return
        self._executor.submit(self._run, *job)

    def shutdown(self, timeout_sec: float | None = None) -> bool:
        """Stop serving, and end the threads."""
        ended = super().shutdown(timeout_sec)
        self._executor.shutdown(wait=ended)
        return ended
