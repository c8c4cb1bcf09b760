"""Futures, and tasks that run callbacks and coroutines on an executor."""

from __future__ import annotations

import inspect
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from rclpy.executors import Executor

T = TypeVar("T")


class Future(Generic[T]):
    """A result that will be there later. Its methods may be called from any thread."""

    def __init__(self, *, executor: Executor | None = None) -> None:
        self._lock = threading.Lock()
        self._done = False
        self._cancelled = False
        self._result: T | None = None
        self._exception: BaseException | None = None
        self._asked = False
        self._callbacks: list[Callable[[Any], object]] = []
        self._executor: Callable[[], Executor | None] = lambda: None
        self._set_executor(executor)

    def __await__(self) -> Generator[Any, None, T | None]:
        while not self.done():
            yield self
        return self.result()

    def cancel(self) -> None:
        """Ask to give up; a future that is done stays as it is."""
        self._finish(cancelled=True)

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._cancelled

    def done(self) -> bool:
        """Whether there is a result, an exception or a cancellation."""
        return self._done or self._cancelled

    def __del__(self) -> None:
        if self._exception is not None and not self._asked:
            sys.stderr.write(f"The following exception was never retrieved: {self._exception!r}\n")

    def result(self) -> T | None:
        """The result; None while there is none. Raises the exception where there is one."""
        self._asked = True
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self) -> BaseException | None:
        """The exception, or None."""
        self._asked = True
        return self._exception

    def set_result(self, result: T) -> None:
        """Finish with a result."""
        self._finish(result=result)

    def set_exception(self, exception: BaseException) -> None:
        """Finish with an exception."""
        self._finish(exception=exception)

    def add_done_callback(self, callback: Callable[[Any], object]) -> None:
        """Call `callback(self)` once it is done: on its executor if it has one, else on the thread that finishes it."""
        with self._lock:
            if not self.done():
                self._callbacks.append(callback)
                return
        self._invoke([callback])

    def remove_done_callback(self, callback: Callable[[Any], object]) -> bool:
        """Do not call it; whether it was there."""
        with self._lock:
            if callback not in self._callbacks:
                return False
            self._callbacks.remove(callback)
            return True

    def _set_executor(self, executor: Executor | None) -> None:
        self._executor = (lambda: None) if executor is None else weakref.ref(executor)

    def _finish(
        self, *, result: T | None = None, exception: BaseException | None = None, cancelled: bool = False
    ) -> None:
        with self._lock:
            if cancelled and self.done():
                return
            self._result = result
            self._exception = exception
            self._cancelled = cancelled
            self._done = not cancelled
            callbacks, self._callbacks = self._callbacks, []
        self._invoke(callbacks)

    def _invoke(self, callbacks: list[Callable[[Any], object]]) -> None:
        executor = self._executor()
        for callback in callbacks:
            if executor is None:
                callback(self)
            else:
                executor.create_task(callback, self)


class Task(Future[T]):
    """A callback or coroutine that an executor runs; calling the task runs it until it awaits or ends.

    One that is cancelled while it awaits is closed when it would go on.
    """

    def __init__(
        self,
        handler: Callable[..., Any] | Coroutine[Any, Any, T],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        *,
        executor: Executor | None = None,
    ) -> None:
        super().__init__(executor=executor)
        self._running = threading.Lock()
        self._coroutine: Coroutine[Any, Any, T] | None = None
        self._handler: Callable[[], Any] | None = None
        if inspect.iscoroutine(handler):
            self._coroutine = handler
        elif callable(handler):
            self._handler = lambda: handler(*args, **(kwargs or {}))
        else:
            raise TypeError(f"a task runs a callable or a coroutine, not {type(handler).__name__}")

    def executing(self) -> bool:
        """Whether it runs at this moment."""
        return self._running.locked()

    def __call__(self) -> None:
        """Run it, or go on with it. A second call while it runs does nothing."""
        if not self._running.acquire(blocking=False):
            return
        try:
            if not self.done():
                self._step()
            elif self._coroutine is not None:
                self._coroutine.close()
        finally:
            self._running.release()

    def _step(self) -> None:
        try:
            if self._handler is not None:
                handler, self._handler = self._handler, None
                outcome = handler()
                if not inspect.iscoroutine(outcome):
                    self.set_result(outcome)
                    return
                self._coroutine = outcome
            if self._coroutine is None:
                return
            awaited = self._coroutine.send(None)
        except StopIteration as end:
            self._coroutine = None
            self.set_result(end.value)
        except Exception as error:  # noqa: BLE001 - kept for whoever asks for the result
            self._coroutine = None
            self.set_exception(error)
        else:
            self._resume_after(awaited)

    def _resume_after(self, awaited: object) -> None:
        executor = self._executor()
        if executor is None:
            return
        if isinstance(awaited, Future):
            awaited.add_done_callback(lambda _: executor._queue_task(self))
        else:
            executor._queue_task(self)
