"""The client of another node's parameters, and the handler of their events, as rclpy has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.msg import ParameterDescriptor, ParameterEvent, ParameterType

from rclpy.node import Node
from rclpy.parameter import Parameter, parameter_value_to_python
from rclpy.parameter_client import AsyncParameterClient
from rclpy.parameter_event_handler import ParameterEventHandler
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of


@pytest.fixture
def target(ros: Ros) -> Node:
    node = ros.node("target", namespace="/ns", allow_undeclared_parameters=True)
    node.declare_parameters("", [("numbers", [1, 2, 3]), ("float.param..", 3.14)])
    return node


@pytest.fixture
def asking(ros: Ros, target: Node) -> Node:
    node = ros.node("asking", namespace="/ns")
    ros.spin(node, target)
    return node


@pytest.fixture
def client(asking: Node) -> AsyncParameterClient:
    made = AsyncParameterClient(asking, "target")
    assert made.wait_for_services(timeout_sec=30)
    assert made.services_are_ready()
    return made


def test_services_that_are_not_there_are_waited_for_as_long_as_asked(asking: Node) -> None:
    assert AsyncParameterClient(asking, "nobody").wait_for_services(timeout_sec=0.01) is False


def test_parameters_are_set_and_read(target: Node, client: AsyncParameterClient) -> None:
    called: list[Any] = []
    wanted = [Parameter("number", value=88).to_parameter_msg(), Parameter("a.text", value="hello")]
    response = result_of(client.set_parameters(wanted, called.append))
    assert [result.successful for result in response.results] == [True, True]
    values = result_of(client.get_parameters(["numbers", "float.param..", "a.text"])).values
    assert [parameter_value_to_python(value) for value in values] == [[1, 2, 3], 3.14, "hello"]
    assert target.get_parameter("number").value == 88
    assert len(called) == 1


def test_parameters_are_set_all_or_none(target: Node, client: AsyncParameterClient) -> None:
    wanted = [Parameter("number", value=888), Parameter("numbers", value="no numbers")]
    assert not result_of(client.set_parameters_atomically(wanted)).result.successful
    assert not target.has_parameter("number")
    assert result_of(client.set_parameters_atomically(wanted[:1])).result.successful


def test_parameters_are_listed_described_and_typed(client: AsyncParameterClient) -> None:
    listed = result_of(client.list_parameters()).result
    assert {"numbers", "float.param.."} <= set(listed.names)
    listed = result_of(client.list_parameters(["float.param."], 1)).result
    assert (listed.names, listed.prefixes) == (["float.param.."], ["float.param."])
    (about,) = result_of(client.describe_parameters(["numbers"])).descriptors
    assert (about.name, about.type) == ("numbers", ParameterType.PARAMETER_INTEGER_ARRAY)
    types = result_of(client.get_parameter_types(["numbers"])).types
    assert list(types) == [ParameterType.PARAMETER_INTEGER_ARRAY]


def test_only_parameters_of_dynamic_type_are_deleted(target: Node, client: AsyncParameterClient) -> None:
    target.declare_parameters("", [("static", 10), ("dynamic", 10, ParameterDescriptor(dynamic_typing=True))])
    static, dynamic = (result_of(client.delete_parameters([name])).results[0] for name in ("static", "dynamic"))
    assert (static.successful, static.reason) == (False, "Static parameter cannot be undeclared")
    assert dynamic.successful
    assert [target.has_parameter(name) for name in ("static", "dynamic")] == [True, False]


@pytest.mark.parametrize("atomically", [True, False])
def test_a_file_is_loaded(tmp_path: Path, target: Node, client: AsyncParameterClient, atomically: bool) -> None:
    path = tmp_path / "p.yaml"
    path.write_text('/any_node: {ros__parameters: {one: 1, text: "string"}}\n')
    load = client.load_parameter_file_atomically if atomically else client.load_parameter_file
    response = result_of(load(str(path)))
    assert response.result.successful if atomically else all(result.successful for result in response.results)
    assert [target.get_parameter(name).value for name in ("one", "text")] == [1, "string"]


def test_a_parameter_without_value_is_described_and_not_read(target: Node, client: AsyncParameterClient) -> None:
    target.declare_parameter("empty", Parameter.Type.STRING)
    (about,) = result_of(client.describe_parameters(["empty"])).descriptors
    assert (about.name, about.type) == ("empty", ParameterType.PARAMETER_STRING)
    assert result_of(client.get_parameters(["empty"])).values == []


def test_every_change_is_told(client: AsyncParameterClient) -> None:
    events: list[ParameterEvent] = []
    subscription = client.on_parameter_event(events.append)
    for change in ([Parameter("number", value=88)], [Parameter("number", value=99)], [Parameter("number")]):
        assert result_of(client.set_parameters(change)).results[0].successful
    eventually(lambda: len(events) == 3)
    kinds = [
        [[item.name for item in kind] for kind in (e.new_parameters, e.changed_parameters, e.deleted_parameters)]
        for e in events
    ]
    assert kinds == [[["number"], [], []], [[], ["number"], []], [[], [], ["number"]]]
    assert {event.node for event in events} == {"/ns/target"}
    client.node.destroy_subscription(subscription)


@pytest.fixture
def handler(asking: Node) -> Iterator[ParameterEventHandler]:
    made = ParameterEventHandler(asking)
    yield made
    made.destroy()


def test_callbacks_are_told_of_their_parameter_the_newest_first(
    target: Node, client: AsyncParameterClient, handler: ParameterEventHandler
) -> None:
    heard: list[tuple[str, Any]] = []

    def told(word: str) -> Any:
        def callback(parameter: ParameterMsg) -> None:
            heard.append((word, parameter_value_to_python(parameter.value)))

        return callback

    first = handler.add_parameter_callback("number", "target", told("relative"))
    handler.add_parameter_callback("number", "/ns/target", told("absolute"))
    handler.add_parameter_callback("number", "/ns/other", told("another node"))
    handler.add_parameter_callback("other", "target", told("another parameter"))
    handler.add_parameter_callback("number", "", told("its own"))
    target.set_parameters([Parameter("number", value=1)])
    eventually(lambda: heard == [("absolute", 1), ("relative", 1)])
    handler.remove_parameter_callback(first)
    with pytest.raises(RuntimeError, match="exist"):
        handler.remove_parameter_callback(first)
    target.set_parameters([Parameter("number", value=2)])
    eventually(lambda: heard[2:] == [("absolute", 2)])


def test_callbacks_of_every_event_are_told_the_newest_first(
    target: Node, client: AsyncParameterClient, handler: ParameterEventHandler
) -> None:
    heard: list[str] = []
    first = handler.add_parameter_event_callback(lambda event: heard.append(f"first {event.node}"))
    handler.add_parameter_event_callback(lambda event: heard.append(f"second {event.node}"))
    target.set_parameters([Parameter("number", value=1)])
    eventually(lambda: heard == ["second /ns/target", "first /ns/target"])
    handler.remove_parameter_event_callback(first)
    with pytest.raises(RuntimeError, match="exist"):
        handler.remove_parameter_event_callback(first)


def test_parameters_are_found_in_an_event() -> None:
    messages = [Parameter("a", value=1).to_parameter_msg(), Parameter("b", value="x").to_parameter_msg()]
    event = ParameterEvent(node="/n", new_parameters=messages[:1], changed_parameters=messages[1:])
    assert list(ParameterEventHandler.get_parameters_from_event(event)) == messages
    assert ParameterEventHandler.get_parameter_from_event(event, "b", "/n") == messages[1]
    for name, node in (("b", "/other"), ("c", "/n")):
        assert ParameterEventHandler.get_parameter_from_event(event, name, node) is None
