"""Parameters, on their own and of a node, as rclpy has them."""

from __future__ import annotations

import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    ParameterType,
    ParameterValue,
    SetParametersResult,
)

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
from rclpy.parameter import (
    Parameter,
    get_parameter_value,
    parameter_dict_from_yaml_file,
    parameter_value_to_python,
)
from tests.unit.embedded.helpers import Ros

Type = Parameter.Type
DYNAMIC = ParameterDescriptor(dynamic_typing=True)
VALUES: list[tuple[Any, Type]] = [
    (True, Type.BOOL), (42, Type.INTEGER), (2.41, Type.DOUBLE), ("text", Type.STRING),
    ([b"p", b"v"], Type.BYTE_ARRAY), ([True, False], Type.BOOL_ARRAY), ([1, 2, 3], Type.INTEGER_ARRAY),
    ([2.41, 6.28], Type.DOUBLE_ARRAY), (["a", "b"], Type.STRING_ARRAY), (None, Type.NOT_SET),
]  # fmt: skip


@pytest.mark.parametrize(("value", "kind"), VALUES)
def test_a_parameters_type_is_given_or_taken_from_its_value(value: Any, kind: Type) -> None:
    for parameter in (Parameter("p", kind, value), Parameter("p", value=value)):
        assert (parameter.name, parameter.type_, parameter.value) == ("p", kind, value)
        again = Parameter.from_parameter_msg(parameter.to_parameter_msg())
        assert again == parameter
    assert parameter_value_to_python(Parameter("p", kind, value).get_parameter_value()) == value


def test_a_value_must_be_of_the_type_given_and_some_are_of_none() -> None:
    for kind in (Type.NOT_SET, Type.BOOL_ARRAY):
        with pytest.raises(ValueError, match="do not agree"):
            Parameter("p", kind, 42)
    with pytest.raises(TypeError, match=r"Parameter\.Type"):
        Parameter("p", "a type", "a value")  # type: ignore[arg-type]
    for wrong in ({"a": "dict"}, [1, "mixed"]):
        with pytest.raises(TypeError, match="not one of the allowed types"):
            Parameter("p", value=wrong)
    with pytest.raises(RuntimeError, match="42"):
        parameter_value_to_python(ParameterValue(type=42))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1, 2], Type.INTEGER_ARRAY), ((1, 2), Type.INTEGER_ARRAY), (array.array("i", [1, 2]), Type.INTEGER_ARRAY),
        (array.array("d", [1.0]), Type.DOUBLE_ARRAY), ((1.0,), Type.DOUBLE_ARRAY),
    ],
)  # fmt: skip
def test_lists_tuples_and_arrays_of_numbers_are_arrays(value: Any, kind: Type) -> None:
    assert Type.from_parameter_value(value) is kind
    assert kind.check(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("True", True), ("42", 42), ("3.5", 3.5), ("foo", "foo"), (" ", " "), ("", ""), ("[True]", [True]),
        ("[1, 2]", [1, 2]), ("[1.0, 2.0]", [1.0, 2.0]), ("['a', 'b']", ["a", "b"]), ("[1, a]", "[1, a]"),
    ],
)  # fmt: skip
def test_the_type_of_a_text_is_guessed_as_yaml_would(text: str, value: Any) -> None:
    assert get_parameter_value(text) == Parameter("p", value=value).get_parameter_value()


def test_a_file_becomes_parameters_by_name(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("/**: {ros__parameters: {a: 1, b: x}}\n/n: {ros__parameters: {a: 2, c: {d: [1.5]}}}\n")

    def values(**options: Any) -> dict[str, Any]:
        found = parameter_dict_from_yaml_file(str(path), **options)
        assert all(name == message.name for name, message in found.items())
        return {name: parameter_value_to_python(message.value) for name, message in found.items()}

    assert values() == {"a": 2, "c.d": [1.5]}
    assert values(use_wildcard=True) == {"a": 2, "b": "x", "c.d": [1.5]}
    assert values(target_nodes=["n"], namespace="ns.") == {"ns.a": 2, "ns.c.d": [1.5]}
    with pytest.raises(RuntimeError, match="/other"):
        values(target_nodes=["/other"])
    with pytest.raises(FileNotFoundError):
        parameter_dict_from_yaml_file(str(tmp_path / "none"))


@pytest.fixture
def node(ros: Ros) -> Node:
    overrides = [Parameter("given", value=4321), Parameter("ns.given", value="from outside")]
    return ros.node("my_node", parameter_overrides=overrides)


@pytest.fixture
def free(ros: Ros) -> Node:
    return ros.node("free", allow_undeclared_parameters=True)


Set = Callable[[Node, Sequence[Parameter]], list[SetParametersResult]]
SETTERS: list[Set] = [
    lambda node, parameters: node.set_parameters(parameters),
    lambda node, parameters: [node.set_parameters_atomically(parameters)],
]
both_ways = pytest.mark.parametrize("change", SETTERS)


def test_a_declared_parameter_has_its_default_or_what_was_given_from_outside(node: Node) -> None:
    assert node.declare_parameter("plain", 2.41).value == 2.41
    assert node.declare_parameter("given", 0).value == 4321
    assert node.declare_parameters("ns", [("given", "default", ParameterDescriptor())])[0].value == "from outside"
    assert node.declare_parameter("typed", Type.STRING).value is None
    assert node.declare_parameter("dynamic", ParameterValue(), DYNAMIC).value is None
    assert {name: node.has_parameter(name) for name in ("plain", "ns.given", "none")} == {
        "plain": True, "ns.given": True, "none": False,
    }  # fmt: skip


def test_what_was_given_from_outside_can_be_ignored(node: Node) -> None:
    declared = node.declare_parameters("", [("given", "other"), ("more", 1)], ignore_override=True)
    assert [parameter.value for parameter in declared] == ["other", 1]


def test_a_declaration_by_name_alone_is_warned_of(node: Node) -> None:
    with pytest.warns(UserWarning, match="deprecated"):
        assert node.declare_parameter("bare").value is None
    assert node.has_parameter("bare")


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (("", "value"), InvalidParameterException),
        ((1, "value"), TypeError),
        ((), TypeError),
        (("a", 1, ParameterDescriptor(), "more"), TypeError),
        (("a", 1, ParameterValue()), TypeError),
        (("a", None, ParameterDescriptor()), ValueError),
        (("a", ParameterValue(), ParameterDescriptor(type=ParameterType.PARAMETER_STRING)), ValueError),
        (("a", Type.NOT_SET), ValueError),
        (("a", Type.INTEGER, DYNAMIC), ValueError),
        (("given", "text"), InvalidParameterTypeException),
        (("given", Type.DOUBLE), InvalidParameterTypeException),
    ],
)
def test_what_cannot_be_declared_is_refused(node: Node, entry: tuple[Any, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        node.declare_parameters("", [("good", 1), entry])
    assert not node.has_parameter("a")


def test_a_parameter_is_declared_once(node: Node, free: Node) -> None:
    node.declare_parameter("foo", 42)
    with pytest.raises(ParameterAlreadyDeclaredException):
        node.declare_parameters("", [("new", 1), ("foo", 1)])
    assert not node.has_parameter("new"), "found before any is declared"
    free.set_parameters([Parameter("foo", value=5)])
    with pytest.raises(ParameterAlreadyDeclaredException):
        free.declare_parameter("foo", 5)


def test_a_declaration_that_a_callback_refuses_ends_what_follows_it(node: Node) -> None:
    node.add_on_set_parameters_callback(refuse("reject"))
    with pytest.raises(InvalidParameterValueException, match="no reject"):
        node.declare_parameters("", [("ok", 1), ("reject_me", 2), ("later", 3)])
    assert [node.has_parameter(name) for name in ("ok", "reject_me", "later")] == [True, False, False]


def refuse(word: str) -> Callable[[list[Parameter]], SetParametersResult]:
    def callback(parameters: list[Parameter]) -> SetParametersResult:
        bad = any(word in parameter.name for parameter in parameters)
        return SetParametersResult(successful=not bad, reason=f"no {word}" if bad else "")

    return callback


def test_a_parameter_can_be_undeclared_unless_it_is_read_only(node: Node) -> None:
    with pytest.raises(ParameterNotDeclaredException):
        node.undeclare_parameter("foo")
    node.declare_parameter("foo", "hello")
    node.undeclare_parameter("foo")
    assert not node.has_parameter("foo")
    node.declare_parameter("fixed", "for ever", ParameterDescriptor(read_only=True))
    with pytest.raises(ParameterImmutableException):
        node.undeclare_parameter("fixed")
    assert node.get_parameter("fixed").value == "for ever"


@both_ways
def test_parameters_are_set_and_read(node: Node, change: Set) -> None:
    node.declare_parameters("", [("foo", 42), ("bar", "hello"), ("baz", 2.41)])
    results = change(node, [Parameter("foo", value=24), Parameter("bar", value="bye"), Parameter("baz", value=1.42)])
    assert all(result.successful for result in results)
    assert [parameter.value for parameter in node.get_parameters(["foo", "bar", "baz"])] == [24, "bye", 1.42]
    assert node.get_parameter_types(["foo", "bar"]) == [Type.INTEGER, Type.STRING]
    for ask in (node.get_parameters, node.get_parameter_types):
        with pytest.raises(TypeError, match="expected names"):
            ask([1])  # type: ignore[list-item]


def test_one_by_one_those_before_an_undeclared_one_are_set_and_together_none(node: Node) -> None:
    node.declare_parameter("foo", 1)
    wanted = [Parameter("foo", value=2), Parameter("unknown", value=1)]
    with pytest.raises(ParameterNotDeclaredException):
        node.set_parameters_atomically(wanted)
    assert node.get_parameter("foo").value == 1
    with pytest.raises(ParameterNotDeclaredException):
        node.set_parameters(wanted)
    assert node.get_parameter("foo").value == 2
    with pytest.raises(ParameterNotDeclaredException):
        node.get_parameter("unknown")


@both_ways
def test_what_is_no_parameter_or_not_declared_is_not_set(node: Node, change: Set) -> None:
    with pytest.raises(TypeError, match="Parameter objects"):
        change(node, [42])  # type: ignore[list-item]
    with pytest.raises(ParameterNotDeclaredException):
        change(node, [Parameter("foo", value=42)])


@both_ways
def test_where_it_is_allowed_undeclared_parameters_are_set_read_and_described(free: Node, change: Set) -> None:
    assert free.get_parameter("unset").type_ is Type.NOT_SET
    assert free.describe_parameters(["foo", "bar"]) == [ParameterDescriptor()] * 2
    assert all(result.successful for result in change(free, [Parameter("foo", value=42), Parameter("bar", value="x")]))
    assert free.get_parameter("foo").value == 42
    assert change(free, [Parameter("foo", value="now text")])[0].successful, "its type may change"
    assert free.get_parameter("foo").value == "now text"
    assert free.set_descriptor("nothing", ParameterDescriptor()) == ParameterValue()


def test_a_declared_parameter_keeps_its_type_unless_it_is_dynamic(node: Node) -> None:
    node.declare_parameters("", [("static", 5), ("dynamic", 5, DYNAMIC), ("typed", Type.INTEGER)])
    for name, changes in (("static", False), ("dynamic", True), ("typed", False)):
        assert node.set_parameters([Parameter(name, value="text")])[0].successful is changes
    assert [node.get_parameter(name).value for name in ("static", "dynamic")] == [5, "text"]
    with pytest.raises(ParameterUninitializedException):
        node.get_parameter("typed")
    assert node.set_parameters([Parameter("typed", value=7)])[0].successful


def test_another_value_stands_in_for_one_that_is_not_there(node: Node) -> None:
    other = Parameter("other", value=152)
    node.declare_parameters("", [("typed", Type.INTEGER), ("dynamic", None, DYNAMIC), ("there", 1)])
    for name in ("undeclared", "typed", "dynamic"):
        assert node.get_parameter_or(name, other) is other
        assert node.get_parameter_or(name).type_ is Type.NOT_SET
    assert node.get_parameter_or("there", other).value == 1


def test_parameters_are_read_by_prefix(node: Node) -> None:
    node.declare_parameters("", [("a.x", 1), ("a.y.z", 2), ("b.x", 3)])
    assert {name: p.value for name, p in node.get_parameters_by_prefix("a").items()} == {"x": 1, "y.z": 2}
    assert {"a.x", "b.x", "use_sim_time"} <= set(node.get_parameters_by_prefix(""))
    assert node.get_parameters_by_prefix("c") == {}


def test_parameters_are_listed_by_prefix_and_depth(node: Node) -> None:
    node.declare_parameters("", [("a.x", 1), ("a.y.z", 2), ("b.x", 3), ("c", 4), ("dots..", 5)])
    everything = node.list_parameters([], 0)
    assert {"a.x", "a.y.z", "b.x", "c", "use_sim_time"} <= set(everything.names)
    assert everything.prefixes == ["a", "a.y", "b", "dots."]
    assert node.list_parameters(["a"], 1).names == ["a.x"]
    assert node.list_parameters(["a", "c"], 2).names == ["a.x", "a.y.z", "c"]
    assert node.list_parameters(["dots."], 1).names == ["dots.."]
    assert "c" in node.list_parameters([], 1).names
    wrong: list[tuple[Any, Any, type[Exception]]] = [
        ("a", 0, TypeError), ([1], 0, TypeError), ([], 1.5, TypeError), ([], -1, ValueError),
    ]  # fmt: skip
    for prefixes, depth, error in wrong:
        with pytest.raises(error):
            node.list_parameters(prefixes, depth)


@both_ways
def test_callbacks_may_refuse_until_they_are_removed(node: Node, change: Set) -> None:
    node.declare_parameters("", [("reject", 1), ("refuse", 1), ("accept", 1)])
    callbacks = [refuse("reject"), refuse("refuse")]
    for callback in callbacks:
        node.add_on_set_parameters_callback(callback)

    def successes() -> list[bool]:
        names = ("reject", "refuse", "accept")
        return [change(node, [Parameter(name, value=2)])[0].successful for name in names]

    assert successes() == [False, False, True]
    node.remove_on_set_parameters_callback(callbacks[1])
    assert successes() == [False, True, True]
    assert node.get_parameter("reject").value == 1


def and_bar(parameters: list[Parameter]) -> list[Parameter]:
    return [*parameters, *(Parameter("bar", value="hello") for p in parameters if p.name == "foo")]


@both_ways
def test_callbacks_may_add_parameters_before_they_are_set(node: Node, free: Node, change: Set) -> None:
    for target in (node, free):
        target.add_pre_set_parameters_callback(and_bar)
    node.declare_parameter("foo", 0)
    assert not node.has_parameter("bar"), "a declaration does not ask them"
    with pytest.raises(ParameterNotDeclaredException):
        change(node, [Parameter("foo", value=42)])
    assert node.get_parameter("foo").value == 0
    assert change(free, [Parameter("foo", value=42)])[0].successful
    assert free.get_parameter("bar").value == "hello"
    node.declare_parameter("bar", "")
    assert change(node, [Parameter("foo", value=42)])[0].successful
    assert node.get_parameter("bar").value == "hello"
    node.remove_pre_set_parameters_callback(and_bar)
    node.add_pre_set_parameters_callback(lambda parameters: [])
    (result,) = change(node, [Parameter("foo", value=43)])
    assert (result.successful, "parameter list cannot be empty" in result.reason) == (False, True)
    assert node.get_parameter("foo").value == 42


def test_callbacks_are_told_of_what_was_set(node: Node) -> None:
    told: list[tuple[str, Any]] = []

    def callback(parameters: list[Parameter]) -> None:
        told.extend((parameter.name, node.get_parameter(parameter.name).value) for parameter in parameters)

    node.declare_parameters("", [("a", 0.0), ("b", 0.0)])
    node.add_post_set_parameters_callback(callback)
    node.set_parameters([Parameter("a", value=1.0), Parameter("b", value=2.0)])
    assert told == [("a", 1.0), ("b", 2.0)]
    node.remove_post_set_parameters_callback(callback)
    node.set_parameters([Parameter("a", value=3.0)])
    assert len(told) == 2


def test_read_only_parameters_stay_and_together_so_do_the_others(node: Node) -> None:
    fixed = ParameterDescriptor(read_only=True)
    node.declare_parameters("", [("fixed", 42, fixed), ("free", "hello")])
    wanted = [Parameter("fixed", value=24), Parameter("free", value="bye")]
    assert not node.set_parameters_atomically(wanted).successful
    assert node.get_parameter("free").value == "hello"
    assert [result.successful for result in node.set_parameters(wanted)] == [False, True]
    assert [parameter.value for parameter in node.get_parameters(["fixed", "free"])] == [42, "bye"]


@both_ways
def test_setting_nothing_undeclares_a_dynamic_parameter_only(node: Node, change: Set) -> None:
    node.declare_parameters("", [("static", 42), ("dynamic", "hello", ParameterDescriptor(dynamic_typing=True))])
    assert change(node, [Parameter("dynamic", Type.NOT_SET, None)])[0].successful
    assert not node.has_parameter("dynamic")
    (result,) = change(node, [Parameter("static", Type.NOT_SET, None)])
    assert (result.successful, result.reason) == (False, "Static parameter cannot be undeclared")


def test_a_description_has_the_parameters_name_and_type(node: Node) -> None:
    node.declare_parameters(
        "", [("foo", 42), ("bar", "x", ParameterDescriptor(name="ignored", description="what", type=1))]
    )
    foo, bar = node.describe_parameters(["foo", "bar"])
    assert (foo.name, foo.type) == ("foo", ParameterType.PARAMETER_INTEGER)
    assert (bar.name, bar.type, bar.description) == ("bar", ParameterType.PARAMETER_STRING, "what")
    for describe in (lambda: node.describe_parameter("none"), lambda: node.describe_parameters(["foo", "none"])):
        with pytest.raises(ParameterNotDeclaredException):
            describe()


def test_a_description_can_be_replaced_unless_it_is_read_only(node: Node) -> None:
    with pytest.raises(ParameterNotDeclaredException):
        node.set_descriptor("foo", ParameterDescriptor())
    node.declare_parameter("foo", "hello")
    about = ParameterDescriptor(name="ignored", type=ParameterType.PARAMETER_INTEGER, dynamic_typing=True)
    assert node.set_descriptor("foo", about).string_value == "hello"
    described = node.describe_parameter("foo")
    assert (described.name, described.type) == ("foo", ParameterType.PARAMETER_STRING)
    fixed = ParameterDescriptor(type=ParameterType.PARAMETER_STRING, read_only=True)
    node.set_descriptor("foo", fixed)
    with pytest.raises(ParameterImmutableException):
        node.set_descriptor("foo", ParameterDescriptor())


def test_a_new_range_that_the_value_breaks_needs_another_value(node: Node) -> None:
    node.declare_parameter("foo", 5)
    narrow = ParameterDescriptor(type=2, integer_range=[IntegerRange(from_value=0, to_value=3)])
    with pytest.raises(InvalidParameterValueException):
        node.set_descriptor("foo", narrow)
    with pytest.raises(InvalidParameterValueException):
        node.set_descriptor("foo", narrow, ParameterValue(type=2, integer_value=4))
    assert node.set_descriptor("foo", narrow, ParameterValue(type=2, integer_value=3)).integer_value == 3
    assert node.get_parameter("foo").value == 3


REAL = [FloatingPointRange(from_value=-2.0, to_value=2.0, step=0.1)]
BACKWARDS = [FloatingPointRange(from_value=2.0, to_value=-2.0)]
WHOLE = [IntegerRange(from_value=-10, to_value=10, step=3)]


@pytest.mark.parametrize(
    ("about", "first", "good", "bad"),
    [
        (ParameterDescriptor(floating_point_range=REAL), 0.0, [2.0, 2.00000001, -1.9, 0.1], [2.1, 0.15, -3.0]),
        (ParameterDescriptor(floating_point_range=BACKWARDS), 0.0, [2.0, 1.234], [2.5]),
        (ParameterDescriptor(integer_range=WHOLE), -10, [-7, 10, 8], [-8, 11]),
    ],
)
def test_numbers_stay_in_their_range_and_on_its_steps(
    node: Node, about: ParameterDescriptor, first: float, good: list[float], bad: list[float]
) -> None:
    node.declare_parameter("limited", first, about)
    for value in good:
        assert node.set_parameters([Parameter("limited", value=value)])[0].successful
    for value in bad:
        (result,) = node.set_parameters([Parameter("limited", value=value)])
        assert (result.successful, "out of range" in result.reason) == (False, True)
    with pytest.raises(InvalidParameterValueException):
        node.declare_parameter("limited_too", bad[0], about)
