"""Runs single pieces of work: what an executor does once it has chosen one."""

from __future__ import annotations

import inspect
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Coroutine
from typing import Any

from rclpy._entity import Entity, Work
from rclpy.task import Task

_ROW_S = 0.001  # as long as one entity may keep the thread while nobody waits


class Runner(ABC):
    """Calls callbacks, sees their coroutines through, and keeps what they raise for the thread that spins."""

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.RLock())
        self._ready: deque[Entity | Task[Any]] = deque()
        self._failures: deque[BaseException] = deque()
        self._active = 0
        self._row_until_s = 0.0  # until when an entity may go on by itself: the next timer; 0 where none may

    @abstractmethod
    def _task_of(self, coroutine: Coroutine[Any, Any, Any]) -> Task[Any]:
        """A task that resumes here; it is not queued yet."""

    def _run(self, work: Task[Any] | Work, entity: Entity | None) -> None:
        """Do one piece of work; what it raises is raised by the spinning thread."""
        try:
            if isinstance(work, Task):
                work()
                self._note_failure(work)
                return
            group = None if entity is None else entity.callback_group
            outcome: object = None
            try:
                outcome = work()
                if entity is not None and outcome is None and self._row_until_s:
                    outcome = self._go_on(entity)
            finally:
                if group is not None and entity is not None and not inspect.iscoroutine(outcome):
                    group.ending_execution(entity)
            if inspect.iscoroutine(outcome):
                # a callback that awaits keeps its group busy until it ends
                task = self._task_of(_then_end(outcome, entity))
                task()
                self._note_failure(task)
        except Exception as error:  # noqa: BLE001 - raised again by the thread that spins
            self._failures.append(error)
        finally:
            with self._condition:
                self._active -= 1
                self._condition.notify_all()

    def _go_on(self, entity: Entity) -> object:
        """More work of the same entity while nobody else has any, for `_ROW_S` at most: a backlog costs no queueing.

        Whatever else there is to see to (a shutdown, a node that goes, a timer) wakes the executor, and ends the row.
        """
        ready, take, now = self._ready, entity._take, time.monotonic
        until_s = min(now() + _ROW_S, self._row_until_s)
        while now() < until_s and self._row_until_s and (not ready or (len(ready) == 1 and ready[0] is entity)):
            work = take()
            if work is None:
                return None
            outcome = work()
            if outcome is not None:
                return outcome
        return None

    def _note_failure(self, task: Task[Any]) -> None:
        error = task.exception() if task.done() else None
        if error is not None:
            self._failures.append(error)


async def _then_end(outcome: Coroutine[Any, Any, Any], entity: Entity | None) -> None:
    try:
        await outcome
    finally:
        if entity is not None and entity.callback_group is not None:
            entity.callback_group.ending_execution(entity)
