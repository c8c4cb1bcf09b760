"""Executors and callback groups, as rclpy has them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from rcl_interfaces.srv import GetParameters
from std_msgs.msg import String
from std_srvs.srv import Empty

import rclpy
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.executors import (
    ExternalShutdownException,
    MultiThreadedExecutor,
    ShutdownException,
    SingleThreadedExecutor,
    TimeoutException,
)
from rclpy.node import Node
from rclpy.task import Future
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros

EXECUTORS = [SingleThreadedExecutor, MultiThreadedExecutor]


class Step:
    """Awaited, it lets others run once."""

    def __await__(self) -> Any:
        yield


@pytest.fixture
def node(ros: Ros) -> Node:
    return ros.node("served")


@pytest.fixture
def executor(ros: Ros, node: Node) -> SingleThreadedExecutor:
    served = SingleThreadedExecutor(context=ros.context)
    served.add_node(node)
    return served


@pytest.mark.parametrize("kind", EXECUTORS)
def test_an_executor_runs_what_is_due(ros: Ros, node: Node, kind: type[SingleThreadedExecutor]) -> None:
    calls: list[int] = []
    node.create_timer(0.01, lambda: calls.append(1))
    with kind(context=ros.context) as executor:
        executor.add_node(node)
        executor.spin_once(timeout_sec=30)
        eventually(lambda: bool(calls))


@pytest.mark.parametrize("kind", EXECUTORS)
def test_shutdown_ends_a_spin_at_once_and_nothing_runs_after_it(
    ros: Ros, node: Node, kind: type[SingleThreadedExecutor]
) -> None:
    calls: list[int] = []
    node.create_timer(3600, lambda: calls.append(1))
    executor = kind(context=ros.context)
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin)
    thread.start()
    executor.shutdown()
    thread.join(30)
    assert not thread.is_alive()
    assert calls == []
    with pytest.raises(ShutdownException):
        executor.wait_for_ready_callbacks()


def test_a_callback_may_shut_its_own_executor_down(executor: SingleThreadedExecutor, node: Node) -> None:
    node.create_guard_condition(lambda: executor.shutdown(timeout_sec=0)).trigger()
    thread = threading.Thread(target=executor.spin)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_the_shutdown_of_the_context_is_told_to_whoever_spins(
    ros: Ros, executor: SingleThreadedExecutor, node: Node
) -> None:
    ros.context.shutdown()
    with pytest.raises(ExternalShutdownException):
        executor.spin_once()


def test_a_node_is_served_once_by_one_executor_until_it_is_removed(
    ros: Ros, executor: SingleThreadedExecutor, node: Node
) -> None:
    assert executor.get_nodes() == [node]
    assert node.executor is executor
    assert executor.add_node(node) is False
    node.create_guard_condition(lambda: pytest.fail("it was removed")).trigger()
    executor.remove_node(node)
    executor.spin_once(timeout_sec=0)
    assert executor.get_nodes() == []


def test_an_executor_of_several_threads_has_as_many_as_asked_for(ros: Ros) -> None:
    with MultiThreadedExecutor(context=ros.context) as executor:
        assert executor._num_threads == len(os.sched_getaffinity(0))
    with MultiThreadedExecutor(3, context=ros.context) as executor:
        assert executor._num_threads == 3
    with pytest.warns(UserWarning, match="SingleThreadedExecutor"):
        MultiThreadedExecutor(1, context=ros.context).shutdown()


def test_spinning_without_time_does_not_wait(executor: SingleThreadedExecutor) -> None:
    executor.spin_once(timeout_sec=0)
    with pytest.raises(TimeoutException):
        executor.wait_for_ready_callbacks(timeout_sec=0)


def test_an_executor_of_ones_own_runs_what_it_waited_for(executor: SingleThreadedExecutor, node: Node) -> None:
    calls: list[int] = []
    guard = node.create_guard_condition(lambda: calls.append(1))
    guard.trigger()
    task, entity, owner = executor.wait_for_ready_callbacks(timeout_sec=30)
    assert (entity, owner, calls) == (guard, node, [])
    task()
    assert calls == [1]


@pytest.mark.parametrize("by_timer", [True, False])
def test_a_coroutine_callback_runs_on_in_a_later_spin(
    executor: SingleThreadedExecutor, node: Node, by_timer: bool
) -> None:
    seen: list[str] = []

    async def callback() -> None:
        seen.append("begun")
        await Step()
        seen.append("ended")

    if by_timer:
        timer = node.create_timer(0.001, callback)
    else:
        node.create_guard_condition(callback).trigger()
    executor.spin_once(timeout_sec=30)
    assert seen == ["begun"]
    if by_timer:
        timer.cancel()
    executor.spin_once(timeout_sec=30)
    assert seen == ["begun", "ended"]


def test_functions_and_coroutines_are_run_as_tasks(executor: SingleThreadedExecutor) -> None:
    async def coroutine() -> str:
        return "awaited"

    for work, result in ((coroutine, "awaited"), (lambda: "called", "called")):
        task: Any = executor.create_task(work)
        assert not task.done()
        executor.spin_once(timeout_sec=0)
        assert task.result() == result


def test_a_task_may_await_another(executor: SingleThreadedExecutor) -> None:
    async def first() -> str:
        await Step()
        return "first"

    one: Any = executor.create_task(first)

    async def second() -> str:
        return f"{await one} and second"

    other: Any = executor.create_task(second)
    executor.spin_until_future_complete(other, timeout_sec=30)
    assert (one.result(), other.result()) == ("first", "first and second")


def test_a_task_wakes_an_executor_that_waits(executor: SingleThreadedExecutor) -> None:
    thread = threading.Thread(target=executor.spin_once)
    thread.start()
    task: Any = executor.create_task(lambda: "woken")
    thread.join(30)
    assert task.result() == "woken"


def test_a_node_wakes_an_executor_that_waits(ros: Ros, node: Node) -> None:
    called = threading.Event()
    node.create_guard_condition(called.set).trigger()
    executor = SingleThreadedExecutor(context=ros.context)
    thread = threading.Thread(target=executor.spin_once)
    thread.start()
    executor.add_node(node)
    thread.join(30)
    assert called.is_set()


def test_what_was_begun_under_one_spin_ends_under_the_next(ros: Ros, node: Node) -> None:
    seen: list[str] = []
    gate: Future[None] = Future()

    async def callback() -> None:
        seen.append("begun")
        await gate
        seen.append("ended")

    node.create_guard_condition(callback).trigger()
    executor = SingleThreadedExecutor(context=ros.context)
    rclpy.spin_once(node, executor=executor, timeout_sec=5)
    gate.set_result(None)
    rclpy.spin_once(node, executor=executor, timeout_sec=5)
    assert seen == ["begun", "ended"]


@pytest.mark.parametrize("timeout_sec", [5, None, -1])
def test_spinning_ends_when_a_future_is_done_by_another_thread(
    executor: SingleThreadedExecutor, timeout_sec: float | None
) -> None:
    future: Future[str] = Future()
    thread = threading.Thread(target=lambda: future.set_result("finished"))
    thread.start()
    executor.spin_until_future_complete(future, timeout_sec)
    assert future.result() == "finished"
    thread.join()


@pytest.mark.parametrize("timeout_sec", [0, 0.01])
def test_spinning_ends_when_the_time_is_over(executor: SingleThreadedExecutor, timeout_sec: float) -> None:
    future: Future[str] = Future()
    executor.spin_until_future_complete(future, timeout_sec)
    assert not future.done()


@pytest.mark.parametrize("kind", EXECUTORS)
def test_one_spin_ends_when_a_future_is_done_first(ros: Ros, kind: type[SingleThreadedExecutor]) -> None:
    with kind(context=ros.context) as executor:
        future: Future[bool] = Future(executor=executor)
        thread = threading.Thread(target=executor.spin_once_until_future_complete, args=(future, 60))
        thread.start()
        future.set_result(True)
        thread.join(30)
        assert not thread.is_alive()


def test_an_executor_is_shut_down_at_the_end_of_its_block(ros: Ros) -> None:
    with SingleThreadedExecutor(context=ros.context) as executor:
        executor.spin_once(timeout_sec=0)
    with pytest.raises(ShutdownException):
        executor.wait_for_ready_callbacks()
    assert executor.shutdown()


def test_a_callback_that_waits_for_an_answer_holds_no_other_up(executor: SingleThreadedExecutor, node: Node) -> None:
    group = ReentrantCallbackGroup()
    node.create_service(Empty, "slow", lambda q, a: a, callback_group=group)
    client = node.create_client(Empty, "slow", callback_group=group)
    assert client.wait_for_service(timeout_sec=30)
    answered: Future[None] = Future()
    ticks: list[int] = []

    async def ask() -> None:
        await client.call_async(Empty.Request())
        answered.set_result(None)

    node.create_guard_condition(ask, group).trigger()
    node.create_timer(0.001, lambda: ticks.append(1), group)
    executor.spin_until_future_complete(answered, timeout_sec=30)
    assert answered.done()
    executor.spin_once(timeout_sec=30)
    assert ticks


MAKERS: list[Callable[[Node, CallbackGroup | None], Any]] = [
    lambda node, group: node.create_timer(1.0, lambda: None, group),
    lambda node, group: node.create_subscription(String, "talk", print, 1, callback_group=group),
    lambda node, group: node.create_client(GetParameters, "get", callback_group=group),
    lambda node, group: node.create_service(GetParameters, "get", lambda q, a: a, callback_group=group),
    lambda node, group: node.create_guard_condition(print, group),
]


@pytest.mark.parametrize("make", MAKERS)
def test_an_entity_is_of_the_group_it_is_given_or_of_the_nodes(
    node: Node, make: Callable[[Node, CallbackGroup | None], Any]
) -> None:
    group = ReentrantCallbackGroup()
    plain, grouped = make(node, None), make(node, group)
    assert (group.has_entity(plain), group.has_entity(grouped)) == (False, True)
    assert node.default_callback_group.has_entity(plain)


def test_in_a_reentrant_group_all_may_run(node: Node) -> None:
    group = ReentrantCallbackGroup()
    for guard in [node.create_guard_condition(None, group) for _ in range(2)]:
        assert group.can_execute(guard)
        assert group.beginning_execution(guard)


def test_in_an_exclusive_group_one_runs_at_a_time(node: Node) -> None:
    group = MutuallyExclusiveCallbackGroup()
    one, other = (node.create_guard_condition(None, group) for _ in range(2))
    assert group.can_execute(one)
    assert group.beginning_execution(one)
    assert not group.can_execute(other)
    assert not group.beginning_execution(other)
    group.ending_execution(one)
    assert group.beginning_execution(other)
