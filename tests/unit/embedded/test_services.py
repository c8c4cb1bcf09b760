"""Services and clients."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from std_srvs.srv import SetBool, Trigger

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.exceptions import InvalidHandle, ServiceCallError
from rclpy.executors import MultiThreadedExecutor
from rclpy.task import Future
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of


def negate(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
    response.success = not request.data
    return response


def test_a_request_is_answered(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")
    server.create_service(SetBool, "negate", negate)
    client = caller.create_client(SetBool, "negate")
    ros.spin(server, caller)
    assert client.wait_for_service(timeout_sec=30)
    assert result_of(client.call_async(SetBool.Request(data=True))).success is False
    assert result_of(client.call_async(SetBool.Request(data=False))).success is True


def test_many_requests_at_once_each_get_their_own_answer(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")

    def echo(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        response.success = request.data
        return response

    server.create_service(SetBool, "echo", echo)
    client = caller.create_client(SetBool, "echo")
    ros.spin(server)
    ros.spin(caller)
    assert client.wait_for_service(timeout_sec=30)
    asked = [number % 3 == 0 for number in range(8)]
    futures = [client.call_async(SetBool.Request(data=data)) for data in asked]
    assert [result_of(future).success for future in futures] == asked


def test_a_service_callback_may_be_a_coroutine(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")
    gate: Future[str] = Future()

    async def slow(request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        response.message = str(await gate)
        return response

    server.create_service(Trigger, "slow", slow)
    client = caller.create_client(Trigger, "slow")
    ros.spin(server, caller)
    assert client.wait_for_service(timeout_sec=30)
    future = client.call_async(Trigger.Request())
    gate.set_result("at last")
    assert result_of(future).message == "at last"


def test_a_callback_may_await_another_service(ros: Ros) -> None:
    server, middle, caller = ros.node("server"), ros.node("middle"), ros.node("caller")
    server.create_service(SetBool, "negate", negate)
    inner = middle.create_client(SetBool, "negate", callback_group=ReentrantCallbackGroup())

    async def twice(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        once: Any = await inner.call_async(request)
        again: Any = await inner.call_async(SetBool.Request(data=once.success))
        response.success = again.success
        return response

    middle.create_service(SetBool, "twice", twice)
    client = caller.create_client(SetBool, "twice")
    ros.spin(server, middle, caller)
    assert client.wait_for_service(timeout_sec=30)
    assert inner.wait_for_service(timeout_sec=30)
    assert result_of(client.call_async(SetBool.Request(data=True))).success is True


def test_a_call_can_wait_for_its_answer_on_a_thread_that_does_not_spin(ros: Ros) -> None:
    node = ros.node("both")
    node.create_service(SetBool, "negate", negate)
    client = node.create_client(SetBool, "negate")
    ros.spin(node)
    assert client.wait_for_service(timeout_sec=30)
    answer = client.call(SetBool.Request(data=False), timeout_sec=30)
    assert answer is not None
    assert answer.success


def test_a_call_that_takes_too_long_is_given_up(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")
    server.create_service(Trigger, "never", lambda q, a: a)
    client = caller.create_client(Trigger, "never")
    ros.spin(caller)
    assert client.wait_for_service(timeout_sec=30)
    assert client.call(Trigger.Request(), timeout_sec=0.05) is None
    assert not client._calls


def test_a_service_that_is_not_there_is_not_waited_for_longer_than_asked(ros: Ros) -> None:
    client = ros.node("caller").create_client(Trigger, "nowhere")
    assert client.service_is_ready() is False
    assert client.wait_for_service(timeout_sec=0.01) is False


def test_a_call_without_a_server_ends_with_an_error_instead_of_hanging(ros: Ros) -> None:
    caller = ros.node("caller")
    client = caller.create_client(Trigger, "nowhere")
    ros.spin(caller)
    future = client.call_async(Trigger.Request())
    with pytest.raises(ServiceCallError, match="/nowhere: no server answered"):
        result_of(future)


def test_a_call_whose_server_goes_away_ends_with_an_error(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")
    service = server.create_service(Trigger, "leaving", lambda q, a: a)
    client = caller.create_client(Trigger, "leaving")
    ros.spin(caller)
    assert client.wait_for_service(timeout_sec=30)
    future = client.call_async(Trigger.Request())
    eventually(service._pending)
    server.destroy_service(service)
    with pytest.raises(ServiceCallError, match="/leaving: the server went away"):
        result_of(future)


def test_a_callback_that_fails_tells_its_caller_that_there_will_be_no_answer(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")

    def fail(request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        raise ValueError("in a service")

    server.create_service(Trigger, "failing", fail)
    client = caller.create_client(Trigger, "failing")
    ros.spin(caller)
    assert client.wait_for_service(timeout_sec=30)
    future = client.call_async(Trigger.Request())
    executor = MultiThreadedExecutor(2, context=ros.context)
    executor.add_node(server)
    with pytest.raises(ValueError, match="in a service"):
        for _ in range(5):
            executor.spin_once(timeout_sec=1)
    executor.shutdown()
    with pytest.raises(ServiceCallError, match="/failing: the service callback failed"):
        result_of(future)


def test_a_callback_that_returns_something_else_is_named(ros: Ros) -> None:
    node = ros.node("both")
    node.create_service(Trigger, "wrong", lambda q, a: None)
    client = node.create_client(Trigger, "wrong")
    client.call_async(Trigger.Request())
    executor = MultiThreadedExecutor(2, context=ros.context)
    executor.add_node(node)
    with pytest.raises(TypeError, match="/wrong: expected a Trigger_Response, got NoneType"):
        for _ in range(5):
            executor.spin_once(timeout_sec=1)
    executor.shutdown()


def test_a_request_of_another_type_and_a_destroyed_client_are_refused(ros: Ros) -> None:
    node = ros.node("caller")
    client = node.create_client(Trigger, "anything")
    with pytest.raises(TypeError, match="expected a Trigger_Request, got SetBool_Request"):
        client.call_async(SetBool.Request())  # type: ignore[arg-type]
    node.destroy_client(client)
    with pytest.raises(InvalidHandle):
        client.call_async(Trigger.Request())


def test_asyncio_is_entered_from_a_callback_by_its_loops_own_door(ros: Ros) -> None:
    """The pattern of the center: rclpy on a thread of its own, replies handed to a loop."""
    node = ros.node("both")
    node.create_service(SetBool, "negate", negate)
    client = node.create_client(SetBool, "negate")
    ros.spin(node)
    assert client.wait_for_service(timeout_sec=30)

    async def main() -> bool:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        future = client.call_async(SetBool.Request())
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(answer.set_result, done.result().success))
        return await asyncio.wait_for(answer, 5)

    assert asyncio.run(main()) is True


def test_a_storm_of_calls_from_many_threads_is_answered_without_a_deadlock(ros: Ros) -> None:
    server, caller = ros.node("server"), ros.node("caller")
    group = ReentrantCallbackGroup()
    server.create_service(SetBool, "negate", negate, callback_group=group)
    client = caller.create_client(SetBool, "negate", callback_group=group)
    ros.spin(server, executor=MultiThreadedExecutor(3, context=ros.context))
    ros.spin(caller, executor=MultiThreadedExecutor(3, context=ros.context))
    assert client.wait_for_service(timeout_sec=30)
    answers: list[bool] = []

    def call() -> None:
        for _ in range(50):
            answer = client.call(SetBool.Request(), timeout_sec=30)
            assert answer is not None
            answers.append(answer.success)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [True] * 300
