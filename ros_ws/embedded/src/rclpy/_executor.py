"""What every executor is: a queue of entities with work. An executor with nothing to do waits on a condition."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from rclpy._entity import Entity, Work
from rclpy._executor_ends import (
    ConditionReachedException,
    ExternalShutdownException,
    ShutdownException,
    TimeoutException,
)
from rclpy._runner import Runner
from rclpy.context import Context
from rclpy.task import Future, Task
from rclpy.timer import Timer
from rclpy.utilities import get_default_context

if TYPE_CHECKING:
    from rclpy.node import Node

T = TypeVar("T")


class Executor(Runner):
    """Serves the entities of its nodes in the order in which their work came.

    Each entity stands at most once in the queue, and goes to its end after each piece of work: the queue is bounded by
    the number of entities, and none can starve another.
    """

    _ONE_THREAD = False  # whether callbacks run on the thread that spins, and on no other

    def __init__(self, *, context: Context | None = None) -> None:
        self._context = get_default_context() if context is None else context
        super().__init__()
        self._queued: set[Entity] = set()
        self._timers: set[Timer] = set()
        self._nodes: list[Node] = []
        self._is_shutdown = False
        self._spinning = False
        self._context.on_shutdown(self.wake)

    @property
    def context(self) -> Context:
        """The context whose shutdown ends its spinning."""
        return self._context

    # nodes

    def add_node(self, node: Node) -> bool:
        """Serve a node; False where it was served already."""
        with self._condition:
            if node in self._nodes:
                return False
            self._nodes.append(node)
        other = node.executor
        if other is not None and other is not self:
            other.remove_node(node)
        node._rcl_attach_to(self)
        return True

    def remove_node(self, node: Node) -> None:
        """Serve it no more."""
        with self._condition:
            if node not in self._nodes:
                return
            self._nodes.remove(node)
        node._rcl_attach_to(None)
        self.wake()

    def get_nodes(self) -> list[Node]:
        """The nodes it serves."""
        with self._condition:
            return list(self._nodes)

    # what entities, timers and tasks call

    def wake(self) -> None:
        """Have the spinning thread look again."""
        with self._condition:
            self._row_until_s = 0.0
            self._condition.notify_all()

    def _entity_ready(self, entity: Entity) -> None:
        with self._condition:
            if entity not in self._queued:
                self._queued.add(entity)
                self._ready.append(entity)
                self._condition.notify_all()

    def _watch_timer(self, timer: Timer, watch: bool) -> None:
        with self._condition:
            (self._timers.add if watch else self._timers.discard)(timer)
            self.wake()

    def _queue_task(self, task: Task[Any]) -> None:
        with self._condition:
            self._ready.append(task)
            self._condition.notify_all()

    def create_task(self, callback: Callable[..., Any] | Coroutine[Any, Any, T], *args: Any, **kwargs: Any) -> Task[T]:
        """Run a callable or coroutine on this executor; it may be called from any thread."""
        task: Task[T] = Task(callback, args, kwargs, executor=self)
        self._queue_task(task)
        return task

    def _task_of(self, coroutine: Coroutine[Any, Any, Any]) -> Task[Any]:
        return Task(coroutine, executor=self)

    # spinning

    def spin(self) -> None:
        """Run callbacks until the context or the executor is shut down."""
        self._spinning = True
        try:
            while self._context.ok() and not self._is_shutdown:
                self.spin_once()
        finally:
            self._spinning = False

    def spin_once(self, timeout_sec: float | None = None) -> None:
        """Run one callback; wait for it `timeout_sec`, for ever where that is None or negative.

        Raises:
            ExternalShutdownException: the context was shut down meanwhile.
            Exception: what the callback raised.
        """
        self._spin_once(timeout_sec, lambda: False)

    def spin_until_future_complete(self, future: Future[Any], timeout_sec: float | None = None) -> None:
        """Run callbacks until the future is done, or the time is over."""
        future.add_done_callback(lambda _: self.wake())
        deadline = _deadline(timeout_sec)
        while self._context.ok() and not future.done() and not self._is_shutdown:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left < 0:
                return
            self._spin_once(left, future.done)

    def spin_once_until_future_complete(self, future: Future[Any], timeout_sec: float | None = None) -> None:
        """Run one callback, unless the future is done first."""
        future.add_done_callback(lambda _: self.wake())
        self._spin_once(timeout_sec, future.done)

    def shutdown(self, timeout_sec: float | None = None) -> bool:
        """Stop serving; wait for callbacks that run. False where some still run after `timeout_sec`."""
        deadline = _deadline(timeout_sec)
        with self._condition:
            self._is_shutdown = True
            self.wake()
            nodes = list(self._nodes)
            while self._active:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return False
                self._condition.wait(left)
        for node in nodes:
            self.remove_node(node)
        self._context.remove_on_shutdown(self.wake)
        return True

    def wait_for_ready_callbacks(
        self, timeout_sec: float | None = None, condition: Callable[[], bool] = lambda: False
    ) -> tuple[Task[Any], Entity | None, Node | None]:
        """Wait for one piece of work, and leave it to the caller to run: for executors of people's own.

        Raises:
            TimeoutException, ShutdownException, ExternalShutdownException, ConditionReachedException: none came.
        """
        work, entity = self._next_job(_deadline(timeout_sec), condition)
        owner = next((node for node in self.get_nodes() if entity in node._rcl_entities_served), None)
        return Task(lambda: self._run(work, entity)), entity, owner

    def _spin_once(self, timeout_sec: float | None, reached: Callable[[], bool]) -> None:
        try:
            job = self._next_job(_deadline(timeout_sec), reached)
        except (ShutdownException, TimeoutException, ConditionReachedException):
            return
        self._run(*job)
        if self._failures:
            raise self._failures.popleft()

    def _may_run_more(self) -> bool:
        return True

    def _next_job(self, deadline: float | None, reached: Callable[[], bool]) -> tuple[Task[Any] | Work, Entity | None]:
        """The next piece of work, with the entity whose group it keeps busy."""
        with self._condition:
            while True:
                if self._is_shutdown:
                    raise ShutdownException
                if not self._context.ok():
                    raise ExternalShutdownException
                if self._failures:
                    raise self._failures.popleft()
                if reached():
                    raise ConditionReachedException
                next_timer_s = self._queue_due_timers()
                self._row_until_s = self._row_ends(next_timer_s) if self._ONE_THREAD and self._spinning else 0.0
                if self._may_run_more():
                    while self._ready:
                        job = self._job_of(self._ready.popleft())
                        if job is not None:
                            self._active += 1
                            return job
                waits = [next_timer_s] if next_timer_s is not None else []
                if deadline is not None:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise TimeoutException
                    waits.append(left)
                self._condition.wait(min(waits) if waits else None)

    def _queue_due_timers(self) -> float | None:
        """Queue the timers that are due; seconds until the next of the others, None where none is foreseeable."""
        soonest: float | None = None
        for timer in self._timers:
            left = timer._seconds_left()
            if left is None or timer in self._queued:
                continue
            if left <= 0:
                self._queued.add(timer)
                self._ready.append(timer)
            elif timer._clock_runs_by_itself() and (soonest is None or left < soonest):
                soonest = left
        return soonest

    def _job_of(self, item: Entity | Task[Any]) -> tuple[Task[Any] | Work, Entity | None] | None:
        if isinstance(item, Task):
            return item, None
        self._queued.discard(item)
        group = item.callback_group
        if item._executor is not self or (group is not None and not group.beginning_execution(item)):
            return None
        work = item._take()
        if work is None:
            if group is not None:
                group.ending_execution(item)
            return None
        if item._pending():
            self._entity_ready(item)
        return work, item

    @staticmethod
    def _row_ends(next_timer_s: float | None) -> float:
        return math.inf if next_timer_s is None else time.monotonic() + next_timer_s

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()


def _deadline(timeout_sec: float | None) -> float | None:
    return None if timeout_sec is None or timeout_sec < 0 else time.monotonic() + timeout_sec
