"""Parameters of a node, and the services that show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    ParameterEvent,
    SetParametersResult,
)
from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.srv import (
    DescribeParameters,
    GetParameters,
    GetParameterTypes,
    ListParameters,
    SetParameters,
    SetParametersAtomically,
)

from rclpy._arguments import RosArgumentError, parse_arguments
from rclpy._params_file import ParamsFileError, read_params_file
from rclpy.exceptions import (
    InvalidParameterException,
    InvalidParameterTypeException,
    InvalidParameterValueException,
    ParameterAlreadyDeclaredException,
    ParameterImmutableException,
    ParameterNotDeclaredException,
    ParameterUninitializedException,
)
from rclpy.node import Node
from rclpy.parameter import Parameter, parameter_value_to_python
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of

Type = Parameter.Type


@pytest.fixture
def node(ros: Ros) -> Node:
    return ros.node("robot")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, Type.BOOL), (3, Type.INTEGER), (2.5, Type.DOUBLE), ("a", Type.STRING), (None, Type.NOT_SET),
        ([True], Type.BOOL_ARRAY), ([1, 2], Type.INTEGER_ARRAY), ([0.5], Type.DOUBLE_ARRAY), (["a"], Type.STRING_ARRAY),
        ([b"\x01"], Type.BYTE_ARRAY),
    ],
)  # fmt: skip
def test_a_value_says_its_type_and_travels_as_a_message(value: Any, kind: Type) -> None:
    parameter = Parameter("p", value=value)
    assert parameter.type_ is kind
    assert Parameter.from_parameter_msg(parameter.to_parameter_msg()) == parameter


def test_a_value_that_no_type_holds_or_that_disagrees_with_its_type_is_refused() -> None:
    with pytest.raises(TypeError, match="not one of the allowed types"):
        Parameter("p", value={"a": 1})
    with pytest.raises(ValueError, match="do not agree"):
        Parameter("p", Type.DOUBLE, 3)


def test_a_declared_parameter_has_its_default_and_can_be_set(node: Node) -> None:
    assert node.declare_parameter("speed", 1.5).value == 1.5
    assert node.set_parameters([Parameter("speed", value=2.0)])[0].successful
    assert node.get_parameter("speed").value == 2.0
    assert node.get_parameter_type("speed") is Type.DOUBLE
    assert node.describe_parameter("speed").type == Type.DOUBLE.value


def test_a_parameter_must_be_declared_once_and_only_once(node: Node) -> None:
    with pytest.raises(ParameterNotDeclaredException):
        node.get_parameter("speed")
    with pytest.raises(ParameterNotDeclaredException):
        node.set_parameters([Parameter("speed", value=1.0)])
    node.declare_parameter("speed", 1.0)
    with pytest.raises(ParameterAlreadyDeclaredException):
        node.declare_parameter("speed", 1.0)
    with pytest.raises(InvalidParameterException):
        node.declare_parameter("", 1.0)
    node.undeclare_parameter("speed")
    assert not node.has_parameter("speed")


def test_a_parameter_keeps_its_type_unless_it_is_dynamic(node: Node) -> None:
    node.declare_parameter("speed", 1.5)
    result = node.set_parameters([Parameter("speed", value="fast")])[0]
    assert not result.successful
    assert result.reason == "Wrong parameter type, expected DOUBLE got STRING: speed"
    node.declare_parameter("any", 1, ParameterDescriptor(dynamic_typing=True))
    assert node.set_parameters([Parameter("any", value="text")])[0].successful


def test_a_parameter_declared_by_type_has_no_value_until_it_is_given_one(node: Node) -> None:
    node.declare_parameter("gains", Type.DOUBLE_ARRAY)
    with pytest.raises(ParameterUninitializedException):
        node.get_parameter("gains")
    assert node.get_parameter_or("gains", Parameter("gains", value=[1.0])).value == [1.0]
    node.set_parameters([Parameter("gains", value=[0.5, 0.25])])
    assert node.get_parameter("gains").value == [0.5, 0.25]


def test_ranges_are_held(node: Node) -> None:
    limits = FloatingPointRange(from_value=0.0, to_value=2.0, step=0.5)
    node.declare_parameter("speed", 1.0, ParameterDescriptor(floating_point_range=[limits]))
    assert node.set_parameters([Parameter("speed", value=1.5)])[0].successful
    assert "expected 0.0 to 2.0" in node.set_parameters([Parameter("speed", value=3.0)])[0].reason
    assert "in steps of 0.5" in node.set_parameters([Parameter("speed", value=1.3)])[0].reason
    with pytest.raises(InvalidParameterValueException):
        node.declare_parameter("count", 7, ParameterDescriptor(integer_range=[IntegerRange(from_value=0, to_value=5)]))


def test_a_read_only_parameter_stays_as_it_was_declared(node: Node) -> None:
    node.declare_parameter("serial", "A1", ParameterDescriptor(read_only=True))
    assert not node.set_parameters([Parameter("serial", value="B2")])[0].successful
    with pytest.raises(ParameterImmutableException):
        node.undeclare_parameter("serial")
    assert node.get_parameter("serial").value == "A1"


def test_values_from_outside_win_over_defaults(ros: Ros) -> None:
    given = ["--ros-args", "-p", "speed:=2.5", "-p", "names:=[]", "-p", "other:speed:=9.0"]
    node = ros.node("robot", cli_args=given, parameter_overrides=[Parameter("size", value=4)])
    assert node.declare_parameter("speed", 1.0).value == 2.5
    assert node.declare_parameter("names", Type.STRING_ARRAY).value == []
    assert node.declare_parameter("size", 1).value == 4
    assert node.declare_parameter("speed2", 1.0).value == 1.0
    with pytest.raises(InvalidParameterTypeException):
        ros.node("second", cli_args=given).declare_parameter("speed", "text")


def test_parameters_from_outside_are_declared_by_themselves_on_request(ros: Ros) -> None:
    node = ros.node(
        "robot", cli_args=["--ros-args", "-p", "a.b:=1"], automatically_declare_parameters_from_overrides=True
    )
    assert node.get_parameter("a.b").value == 1
    assert {name: p.value for name, p in node.get_parameters_by_prefix("a").items()} == {"b": 1}


def test_undeclared_parameters_are_allowed_on_request(ros: Ros) -> None:
    node = ros.node("robot", allow_undeclared_parameters=True)
    assert node.get_parameter("free").type_ is Type.NOT_SET
    assert node.set_parameters([Parameter("free", value=1)])[0].successful
    assert node.get_parameter("free").value == 1


def test_a_callback_can_refuse_and_another_is_told_afterwards(node: Node) -> None:
    told: list[str] = []

    def refuse(parameters: list[Parameter]) -> SetParametersResult:
        odd = any(parameter.value == 13 for parameter in parameters)
        return SetParametersResult(successful=not odd, reason="unlucky" if odd else "")

    node.declare_parameter("count", 1)
    node.add_on_set_parameters_callback(refuse)
    node.add_post_set_parameters_callback(lambda parameters: told.extend(p.name for p in parameters))
    result = node.set_parameters([Parameter("count", value=13)])[0]
    assert (result.successful, "unlucky" in result.reason) == (False, True)
    assert node.set_parameters([Parameter("count", value=14)])[0].successful
    assert told == ["count"]
    node.remove_on_set_parameters_callback(refuse)
    assert node.set_parameters([Parameter("count", value=13)])[0].successful


def test_a_callback_can_change_what_is_to_be_set(node: Node) -> None:
    def double(parameters: list[Parameter]) -> list[Parameter]:
        return [Parameter(p.name, value=p.value * 2) for p in parameters if p.value > 0]

    node.declare_parameter("count", 1)
    node.add_pre_set_parameters_callback(double)
    node.set_parameters([Parameter("count", value=3)])
    assert node.get_parameter("count").value == 6
    assert not node.set_parameters([Parameter("count", value=-3)])[0].successful
    node.remove_pre_set_parameters_callback(double)
    node.set_parameters([Parameter("count", value=-3)])
    assert node.get_parameter("count").value == -3


def test_a_parameter_without_value_goes_where_its_type_may_change_and_stays_where_it_may_not(node: Node) -> None:
    node.declare_parameter("any", 1, ParameterDescriptor(dynamic_typing=True))
    node.declare_parameter("static", 1)
    assert node.set_parameters([Parameter("any")])[0].successful
    assert not node.has_parameter("any")
    result = node.set_parameters([Parameter("static")])[0]
    assert (result.successful, result.reason) == (False, "Static parameter cannot be undeclared")


PARAMS = """
/**:
  ros__parameters:
    everywhere: 1
/**:
  ros__parameters:
    again: [1.5, 2.5]
/site/robot:
  ros__parameters:
    here: yes
    camera: {width: 640, topic: image}
site:
  "*":
    ros__parameters:
      in_site: a
/*:
  other:
    ros__parameters:
      elsewhere: 1
robot:
  ros__parameters:
    root_only: 1
"""


def test_a_parameter_file_reaches_the_nodes_it_names(ros: Ros, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(PARAMS)
    node = ros.node(
        "robot",
        namespace="site",
        cli_args=["--ros-args", "--params-file", str(path)],
        automatically_declare_parameters_from_overrides=True,
    )
    values = {p.name: p.value for p in node.get_parameters(node.list_parameters([], 0).names)}
    assert values == {
        "everywhere": 1, "again": [1.5, 2.5], "here": True, "camera.width": 640, "camera.topic": "image",
        "in_site": "a", "use_sim_time": False, "start_type_description_service": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "it cannot be read"),
        ("a: [", "it cannot be read"),
        ("3", "expected node names"),
        ("a: {b: 1}", "expected 'ros"),
    ],
)
def test_a_parameter_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, complaint: str) -> None:
    path = tmp_path / "params.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ParamsFileError, match=f"--params-file {path}: {complaint}"):
        read_params_file(str(path))
    with pytest.raises(RosArgumentError, match=f"{path}: {complaint}"):
        parse_arguments(["--ros-args", "--params-file", str(path)])


def test_several_are_set_all_or_none(node: Node) -> None:
    node.declare_parameters("", [("a", 1), ("b", 2)])
    result = node.set_parameters_atomically([Parameter("a", value=5), Parameter("b", value="text")])
    assert not result.successful
    assert node.get_parameter("a").value == 1
    assert node.set_parameters_atomically([Parameter("a", value=5), Parameter("b", value=6)]).successful
    assert [parameter.value for parameter in node.get_parameters(["a", "b"])] == [5, 6]


def test_names_are_listed_by_prefix_and_depth(node: Node) -> None:
    node.declare_parameters("", [("a.x", 1), ("a.b.y", 2), ("c", 3)])
    assert node.list_parameters(["a"], 0).names == ["a.x", "a.b.y"]
    assert node.list_parameters(["a"], 1).names == ["a.x"]
    assert set(node.list_parameters([], 1).names) == {"c", "use_sim_time", "start_type_description_service"}
    assert node.list_parameters(["a"], 0).prefixes == ["a", "a.b"]


def test_the_services_show_and_set_what_the_node_has(ros: Ros, node: Node) -> None:
    caller = ros.node("caller")
    node.declare_parameter("speed", 1.5, ParameterDescriptor(description="metres per second"))
    ros.spin(node, caller)

    def ask(kind: Any, name: str, request: Any) -> Any:
        client = caller.create_client(kind, f"/robot/{name}")
        assert client.wait_for_service(timeout_sec=30)
        return result_of(client.call_async(request))

    values = ask(GetParameters, "get_parameters", GetParameters.Request(names=["speed"])).values
    assert [parameter_value_to_python(value) for value in values] == [1.5]
    assert ask(GetParameters, "get_parameters", GetParameters.Request(names=["speed", "none"])).values == []
    types = ask(GetParameterTypes, "get_parameter_types", GetParameterTypes.Request(names=["speed"])).types
    assert list(types) == [Type.DOUBLE.value]
    (described,) = ask(
        DescribeParameters, "describe_parameters", DescribeParameters.Request(names=["speed"])
    ).descriptors
    assert described.description == "metres per second"
    assert "speed" in ask(ListParameters, "list_parameters", ListParameters.Request()).result.names
    wanted = [Parameter("speed", value=2.0).to_parameter_msg(), ParameterMsg(name="none")]
    results = ask(SetParameters, "set_parameters", SetParameters.Request(parameters=wanted)).results
    assert [result.successful for result in results] == [True, False]
    refused = ask(
        SetParametersAtomically, "set_parameters_atomically", SetParametersAtomically.Request(parameters=wanted)
    )
    assert not refused.result.successful
    assert node.get_parameter("speed").value == 2.0


def test_every_change_is_published(ros: Ros, node: Node) -> None:
    watcher = ros.node("watcher", start_parameter_services=False)
    events: list[ParameterEvent] = []
    watcher.create_subscription(ParameterEvent, "/parameter_events", events.append, 100)
    ros.spin(watcher)
    eventually(lambda: node.count_subscribers("/parameter_events") == 1)
    node.declare_parameter("speed", 1.0, ParameterDescriptor(dynamic_typing=True))
    node.set_parameters([Parameter("speed", value=2.0)])
    node.set_parameters([Parameter("speed")])
    eventually(lambda: len(events) == 3)
    kinds = [(len(e.new_parameters), len(e.changed_parameters), len(e.deleted_parameters)) for e in events]
    assert kinds == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert {event.node for event in events} == {"/robot"}
