"""Tasks and futures, as rclpy has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rclpy.task import Future, Task


class Step:
    """Awaited, it lets others run once."""

    def __await__(self) -> Any:
        yield


class Executors:
    """Takes the place of an executor: keeps what it is given to run."""

    def __init__(self) -> None:
        self.given: list[tuple[Any, ...]] = []

    def create_task(self, callback: Any, *args: Any) -> None:
        self.given.append((callback, *args))


def test_a_function_or_a_lambda_is_run_and_its_result_kept() -> None:
    def answer() -> int:
        return 42

    for handler in (answer, lambda: 42):
        task: Task[int] = Task(handler)
        assert not task.executing()
        task()
        assert (task.done(), task.result()) == (True, 42)


def test_a_coroutine_stops_where_it_awaits_and_goes_on_when_called_again() -> None:
    seen: list[str] = []

    async def work() -> str:
        seen.append("begun")
        await Step()
        seen.append("ended")
        return "result"

    task: Task[str] = Task(work)
    task()
    assert (seen, task.done()) == (["begun"], False)
    task()
    assert (seen, task.result()) == (["begun", "ended"], "result")


def test_arguments_reach_functions_and_coroutines() -> None:
    def plain(*args: int, **kwargs: int) -> tuple[Any, ...]:
        return args, kwargs

    async def awaiting(*args: int, **kwargs: int) -> tuple[Any, ...]:
        return args, kwargs

    for handler in (plain, awaiting):
        task: Task[Any] = Task(handler, args=(1,), kwargs={"named": 2})
        task()
        assert task.result() == ((1,), {"named": 2})


def test_a_task_that_is_done_is_not_run_again() -> None:
    calls: list[int] = []
    task: Task[None] = Task(lambda: calls.append(1))
    task()
    task()
    assert calls == [1]
    assert task.done()


def test_a_task_can_be_cancelled_until_it_is_done() -> None:
    early: Task[None] = Task(lambda: None)
    early.cancel()
    assert early.cancelled()
    late: Task[None] = Task(lambda: None)
    late()
    late.cancel()
    assert not late.cancelled()


def test_what_functions_and_coroutines_raise_is_kept_and_raised_by_result() -> None:
    def fail() -> None:
        raise KeyError("kept")

    async def fail_later() -> None:
        raise KeyError("kept")

    for handler in (fail, fail_later):
        task: Task[None] = Task(handler)
        task()
        assert isinstance(task.exception(), KeyError)
        with pytest.raises(KeyError, match="kept"):
            task.result()


@pytest.mark.parametrize("before", [True, False])
def test_done_callbacks_of_a_task_are_given_to_its_executor(before: bool) -> None:
    executor = Executors()
    task: Task[None] = Task(lambda: None, executor=executor)  # type: ignore[arg-type]
    callback: Any = object()
    if before:
        task.add_done_callback(callback)
    task()
    if not before:
        task.add_done_callback(callback)
    assert executor.given == [(callback, task)]


ENDS: list[Callable[[Future[Any]], None]] = [
    lambda future: future.cancel(),
    lambda future: future.set_result("any"),
    lambda future: future.set_exception(ValueError("any")),
]


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_a_future_calls_back_or_schedules_that(end: Callable[[Future[Any]], None]) -> None:
    called: list[Future[Any]] = []
    alone: Future[Any] = Future()
    alone.add_done_callback(called.append)
    end(alone)
    assert called == [alone]
    executor = Executors()
    scheduled: Future[Any] = Future(executor=executor)  # type: ignore[arg-type]
    scheduled.add_done_callback(called.append)
    end(scheduled)
    assert executor.given == [(called.append, scheduled)]
    for future in (alone, scheduled):
        future.exception()  # asked for: nothing is said about it at its end


def test_a_callback_added_to_a_future_that_is_done_is_called_at_once() -> None:
    future: Future[int] = Future()
    future.set_result(1)
    called: list[int | None] = []
    future.add_done_callback(lambda done: called.append(done.result()))
    assert called == [1]


def test_a_future_is_done_by_a_result_an_exception_or_a_cancellation() -> None:
    with_result: Future[str] = Future()
    assert not with_result.done()
    with_result.set_result("it")
    assert (with_result.done(), with_result.result()) == (True, "it")
    failed: Future[str] = Future()
    error = ValueError("why")
    failed.set_exception(error)
    assert (failed.done(), failed.exception()) == (True, error)
    cancelled: Future[str] = Future()
    cancelled.cancel()
    assert cancelled.cancelled()


def test_awaiting_a_future_gives_its_result_or_raises_its_exception() -> None:
    async def wait(future: Future[str]) -> str | None:
        return await future

    future: Future[str] = Future()
    waiting = wait(future)
    waiting.send(None)
    future.set_result("it")
    with pytest.raises(StopIteration) as end:
        waiting.send(None)
    assert end.value.value == "it"
    failing: Future[str] = Future()
    waiting = wait(failing)
    waiting.send(None)
    failing.set_exception(RuntimeError("why"))
    with pytest.raises(RuntimeError, match="why"):
        waiting.send(None)
