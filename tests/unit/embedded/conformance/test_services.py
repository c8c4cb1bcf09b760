"""Clients and services, as rclpy has them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from rcl_interfaces.srv import GetParameters
from std_srvs.srv import SetBool

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.exceptions import InvalidHandle
from rclpy.executors import MultiThreadedExecutor, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future
from tests.unit.embedded.helpers import Ros, result_of

NAMES = [
    ("get", None, "/get"), ("/get", "/ns", "/get"), ("get", "/ns", "/ns/get"), ("~/get", "/ns", "/ns/named/get"),
]  # fmt: skip


def echo(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
    response.success = request.data
    return response


@pytest.mark.parametrize(("name", "namespace", "expected"), NAMES)
def test_clients_and_services_tell_their_absolute_names(
    ros: Ros, name: str, namespace: str | None, expected: str
) -> None:
    node = ros.node("named", namespace=namespace)
    assert node.create_client(SetBool, name).service_name == expected
    assert node.create_service(SetBool, name, echo).service_name == expected


def test_clients_and_services_tell_their_remapped_names(ros: Ros) -> None:
    node = ros.node(
        "named", cli_args=["--ros-args", "-r", "a:=b", "-r", "rosservice://c:=/d", "-r", "rostopic://e:=/f"]
    )
    assert node.create_client(SetBool, "a").service_name == "/b"
    assert node.create_service(SetBool, "c", echo).service_name == "/d"
    assert node.create_service(SetBool, "e", echo).service_name == "/e"


def test_a_service_that_is_not_there_is_waited_for_as_long_as_asked(ros: Ros) -> None:
    client = ros.node("asking").create_client(SetBool, "nowhere")
    for timeout_sec in (0, 0.01):
        assert client.wait_for_service(timeout_sec=timeout_sec) is False


def test_a_service_is_waited_for_until_it_is_there(ros: Ros) -> None:
    node = ros.node("asking")
    client = node.create_client(SetBool, "soon")
    came: list[bool] = []
    waiter = threading.Thread(target=lambda: came.append(client.wait_for_service(timeout_sec=30)))
    waiter.start()
    node.create_service(SetBool, "soon", echo)
    waiter.join(30)
    assert came == [True]
    assert client.wait_for_service(timeout_sec=0)


def test_calls_that_are_under_way_together_are_each_answered(ros: Ros) -> None:
    node = ros.node("both")
    node.create_service(SetBool, "echo", echo)
    clients = [node.create_client(SetBool, "echo") for _ in range(2)]
    assert all(client.wait_for_service(timeout_sec=30) for client in clients)
    futures = [client.call_async(SetBool.Request(data=number % 2 == 0)) for number, client in enumerate(clients * 5)]
    ros.spin(node)
    assert [result_of(future).success for future in futures] == [number % 2 == 0 for number in range(10)]


def test_requests_and_responses_of_another_type_are_refused(ros: Ros) -> None:
    node = ros.node("both")
    node.create_service(GetParameters, "get", lambda request, response: "something else")
    client = node.create_client(GetParameters, "get")
    with pytest.raises(TypeError):
        client.call("something else")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.call_async("something else")  # type: ignore[arg-type]
    assert client.wait_for_service(timeout_sec=30)
    future = client.call_async(GetParameters.Request())
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    with pytest.raises(TypeError):
        executor.spin_until_future_complete(future, timeout_sec=30)
    future.exception()


@pytest.fixture
def pair(ros: Ros) -> tuple[Node, Any]:
    node = ros.node("both")
    group = ReentrantCallbackGroup()
    return node, node.create_client(SetBool, "echo", callback_group=group)


def test_a_call_waits_for_its_answer(ros: Ros, pair: tuple[Node, Any]) -> None:
    node, client = pair
    node.create_service(SetBool, "echo", echo)
    ros.spin(node, executor=MultiThreadedExecutor(2, context=ros.context))
    assert client.wait_for_service(timeout_sec=30)
    assert client.call(SetBool.Request(data=True), timeout_sec=30) == SetBool.Response(success=True)
    with client.handle as handle:
        assert handle is client


def test_a_call_that_takes_too_long_is_given_up_and_its_answer_dropped(ros: Ros, pair: tuple[Node, Any]) -> None:
    node, client = pair
    gate: Future[None] = Future()

    async def late(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        await gate
        return response

    node.create_service(SetBool, "echo", late)
    ros.spin(node)
    assert client.wait_for_service(timeout_sec=30)
    assert client.call(SetBool.Request(), timeout_sec=0.01) is None
    gate.set_result(None)
    assert result_of(client.call_async(SetBool.Request(data=True))) == SetBool.Response()


def test_a_client_that_was_destroyed_asks_nothing(pair: tuple[Node, Any]) -> None:
    node, client = pair
    assert node.destroy_client(client) is True
    assert node.destroy_client(client) is False
    with pytest.raises(InvalidHandle, match="destroyed"):
        client.call_async(SetBool.Request())
