"""Futures and tasks."""

from __future__ import annotations

from typing import Any

import pytest

from rclpy.executors import SingleThreadedExecutor
from rclpy.task import Future, Task
from tests.unit.embedded.helpers import Ros


def test_a_future_holds_what_it_was_given_and_calls_back_once() -> None:
    future: Future[int] = Future()
    seen: list[Any] = []
    future.add_done_callback(lambda done: seen.append(done.result()))
    assert not future.done()
    future.set_result(3)
    future.add_done_callback(lambda done: seen.append("late"))
    assert (future.done(), future.result(), seen) == (True, 3, [3, "late"])


def test_a_future_raises_the_exception_it_was_given() -> None:
    future: Future[int] = Future()
    future.set_exception(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        future.result()
    assert isinstance(future.exception(), ValueError)


def test_an_exception_that_nobody_asked_for_is_said_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    future: Future[int] = Future()
    future.set_exception(ValueError("unheard"))
    del future
    assert "never retrieved: ValueError('unheard')" in capfd.readouterr().err


def test_a_cancelled_future_is_done_without_a_result() -> None:
    future: Future[int] = Future()
    future.cancel()
    assert (future.cancelled(), future.done(), future.result()) == (True, True, None)


def test_a_future_that_is_done_cannot_be_cancelled_any_more() -> None:
    future: Future[int] = Future()
    future.set_result(1)
    future.cancel()
    assert (future.cancelled(), future.result()) == (False, 1)


def test_a_removed_callback_is_not_called() -> None:
    future: Future[int] = Future()
    seen: list[Any] = []
    future.add_done_callback(seen.append)
    assert future.remove_done_callback(seen.append) is True
    assert future.remove_done_callback(seen.append) is False
    future.set_result(1)
    assert seen == []


def test_a_task_runs_a_function_with_its_arguments() -> None:
    task: Task[int] = Task(lambda a, b: a + b, (1,), {"b": 2})
    task()
    assert task.result() == 3


def test_a_task_keeps_the_exception_of_its_function() -> None:
    task: Task[None] = Task(lambda: 1 / 0)
    task()
    assert isinstance(task.exception(), ZeroDivisionError)


def test_a_task_that_was_cancelled_before_it_ran_does_not_run() -> None:
    ran: list[int] = []
    task: Task[None] = Task(lambda: ran.append(1))
    task.cancel()
    task()
    assert ran == []


def test_a_coroutine_goes_on_when_what_it_awaits_is_done(ros: Ros) -> None:
    executor = SingleThreadedExecutor(context=ros.context)
    awaited: Future[str] = Future()

    async def twice() -> str:
        return f"{await awaited}{await awaited}"

    task = executor.create_task(twice())
    executor.spin_once(timeout_sec=0)
    assert not task.done()
    awaited.set_result("a")
    executor.spin_until_future_complete(task, timeout_sec=1)
    assert task.result() == "aa"


def test_what_a_task_raises_is_raised_where_the_executor_spins(ros: Ros) -> None:
    executor = SingleThreadedExecutor(context=ros.context)

    async def fail() -> None:
        raise ValueError("in a task")

    executor.create_task(fail)
    with pytest.raises(ValueError, match="in a task"):
        executor.spin_once(timeout_sec=1)


def test_a_done_callback_of_a_future_with_an_executor_runs_on_it(ros: Ros) -> None:
    executor = SingleThreadedExecutor(context=ros.context)
    future: Future[int] = Future(executor=executor)
    seen: list[Any] = []
    future.add_done_callback(lambda done: seen.append(done.result()))
    future.set_result(5)
    assert seen == []
    executor.spin_once(timeout_sec=1)
    assert seen == [5]
