"""The rules of names, and nodes made with them, as rclpy has them."""

from __future__ import annotations

import pytest

from rclpy.exceptions import (
    InvalidNamespaceException,
    InvalidNodeNameException,
    InvalidServiceNameException,
    InvalidTopicNameException,
)
from rclpy.expand_topic_name import expand_topic_name
from rclpy.parameter import Parameter
from rclpy.topic_or_service_is_hidden import topic_or_service_is_hidden
from rclpy.validate_full_topic_name import validate_full_topic_name
from rclpy.validate_namespace import validate_namespace
from rclpy.validate_node_name import validate_node_name
from rclpy.validate_topic_name import validate_topic_name
from tests.unit.embedded.helpers import Ros


@pytest.mark.parametrize("name", ["/chatter", "/robot/chatter", "/ns/robot/chatter"])
def test_an_absolute_name_is_a_full_topic_name(name: str) -> None:
    assert validate_full_topic_name(name)
    assert validate_full_topic_name(name, is_service=True)


@pytest.mark.parametrize(
    ("name", "rule"),
    [("/what?", "must not contain characters"), ("relative", "must be absolute"), ("", "must not be empty")],
)
def test_a_full_name_that_breaks_a_rule_is_refused_and_the_rule_named(name: str, rule: str) -> None:
    with pytest.raises(InvalidTopicNameException, match=rule):
        validate_full_topic_name(name)
    with pytest.raises(InvalidServiceNameException, match=rule):
        validate_full_topic_name(name, is_service=True)


def test_namespaces_begin_with_a_slash() -> None:
    assert validate_namespace("/")
    assert validate_namespace("/site/robot")
    with pytest.raises(InvalidNamespaceException, match="empty"):
        validate_namespace("")
    with pytest.raises(InvalidNamespaceException, match="must be absolute"):
        validate_namespace("relative")


def test_node_names_are_letters_digits_and_underscores() -> None:
    assert validate_node_name("patrol_1")
    with pytest.raises(InvalidNodeNameException, match="must not be empty"):
        validate_node_name("")
    for name in ("a.", "a?", "/a"):
        with pytest.raises(InvalidNodeNameException, match="must not contain characters"):
            validate_node_name(name)


@pytest.mark.parametrize("name", ["chatter", "{node}/chatter", "~/chatter"])
def test_users_write_names_relative_private_and_with_substitutions(name: str) -> None:
    assert validate_topic_name(name)


@pytest.mark.parametrize(
    ("name", "rule"), [("/what?", "must not contain characters"), ("a/42b", "must not start with a number")]
)
def test_a_users_name_that_breaks_a_rule_is_refused_and_the_rule_named(name: str, rule: str) -> None:
    with pytest.raises(InvalidTopicNameException, match=rule):
        validate_topic_name(name)
    with pytest.raises(InvalidServiceNameException, match=rule):
        validate_topic_name(name, is_service=True)


@pytest.mark.parametrize(
    ("name", "namespace", "expanded"),
    [
        ("chatter", "/ns", "/ns/chatter"), ("chatter", "/", "/chatter"),
        ("~/chatter", "/ns", "/ns/robot/chatter"), ("~/chatter", "/", "/robot/chatter"),
    ],
)  # fmt: skip
def test_names_are_expanded_by_node_and_namespace(name: str, namespace: str, expanded: str) -> None:
    assert expand_topic_name(name, "robot", namespace) == expanded


@pytest.mark.parametrize(
    ("name", "node", "namespace", "what"),
    [
        ("topic", "robot?", "/ns", "node name"), ("topic", "robot", "", "namespace"),
        ("topic", "robot", "ns", "namespace"), ("a/b?", "robot", "/ns", "topic name"),
    ],
)  # fmt: skip
def test_a_name_is_not_expanded_with_a_part_that_breaks_a_rule(name: str, node: str, namespace: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        expand_topic_name(name, node, namespace)


@pytest.mark.parametrize(
    ("given", "namespace"), [(None, "/"), ("", "/"), ("relative", "/relative"), ("/absolute", "/absolute")]
)
def test_a_node_is_made_in_a_namespace_that_needs_no_slash(ros: Ros, given: str | None, namespace: str) -> None:
    assert ros.node("robot", namespace=given).get_namespace() == namespace


def test_a_node_is_not_made_with_a_name_or_namespace_that_breaks_a_rule(ros: Ros) -> None:
    with pytest.raises(InvalidNodeNameException, match="must not contain characters"):
        ros.node("robot?")
    for namespace in ("relative?", "/absolute?"):
        with pytest.raises(InvalidNamespaceException, match="must not contain characters"):
            ros.node("robot", namespace=namespace)


def test_a_node_declares_its_overrides_by_itself_where_it_is_told_to(ros: Ros) -> None:
    node = ros.node(
        "robot",
        automatically_declare_parameters_from_overrides=True,
        parameter_overrides=[Parameter("use_sim_time", Parameter.Type.BOOL, True)],
    )
    assert node.get_parameter("use_sim_time").value is True


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("/a", False), ("_a", True), ("/a/_b/c", True), ("/a_/b", False), ("/a/_/b", True), ("", False)],
)
def test_a_name_with_a_part_that_begins_with_an_underscore_is_hidden(name: str, hidden: bool) -> None:
    assert topic_or_service_is_hidden(name) is hidden
