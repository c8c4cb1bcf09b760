"""Nodes, their entities and their questions about the graph, as rclpy has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rcl_interfaces.srv import GetParameters
from std_msgs.msg import String

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.duration import Duration
from rclpy.exceptions import (
    InvalidServiceNameException,
    InvalidTopicNameException,
    ParameterNotDeclaredException,
    RCLError,
)
from rclpy.executors import SingleThreadedExecutor
from rclpy.logging import LoggingSeverity
from rclpy.node import Node, NodeNameNonExistentError
from rclpy.parameter import Parameter
from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    LivelinessPolicy,
    QoSProfile,
    ReliabilityPolicy,
    qos_profile_sensor_data,
)
from rclpy.topic_endpoint_info import TopicEndpointInfo, TopicEndpointTypeEnum
from tests.unit.embedded.helpers import Ros


@pytest.fixture
def node(ros: Ros) -> Node:
    return ros.node("my_node", namespace="/my_ns")


def test_a_node_tells_who_it_is(node: Node) -> None:
    assert (node.get_name(), node.get_namespace()) == ("my_node", "/my_ns")
    assert node.get_fully_qualified_name() == "/my_ns/my_node"
    assert node.get_clock().clock_type is ClockType.ROS_TIME
    assert node.handle.full_name == "/my_ns/my_node"
    with pytest.raises(AttributeError):
        node.handle = "other"  # type: ignore[assignment,misc]


def test_a_nodes_logger_has_its_name_with_dots(node: Node) -> None:
    logger = node.get_logger()
    assert logger.name == "my_ns.my_node"
    logger.set_level(LoggingSeverity.INFO)
    assert logger.debug("unsaid") is False


TOPICS: list[Callable[[Node, str, Any], Any]] = [
    lambda node, name, qos: node.create_publisher(String, name, qos),
    lambda node, name, qos: node.create_subscription(String, name, print, qos),
]
SERVICES: list[Callable[[Node, str], Any]] = [
    lambda node, name: node.create_client(GetParameters, name),
    lambda node, name: node.create_service(GetParameters, name, lambda q, a: a),
]


@pytest.mark.parametrize("make", TOPICS)
def test_endpoints_of_topics_are_made_with_proper_names_and_qos_only(
    node: Node, make: Callable[[Node, str, Any], Any]
) -> None:
    make(node, "chatter", 1)
    make(node, "chatter", qos_profile_sensor_data)
    with pytest.raises(InvalidTopicNameException, match="must not contain characters"):
        make(node, "chatter?", 1)
    with pytest.raises(InvalidTopicNameException, match="must not start with a number"):
        make(node, "/chatter/42_is_it", 1)
    with pytest.raises(ValueError, match="unknown substitution"):
        make(node, "chatter/{bad}", 1)
    with pytest.raises(ValueError, match="greater than or equal to zero"):
        make(node, "chatter", -1)
    for wrong in ("foo", True, None):
        with pytest.raises(TypeError, match="Expected QoSProfile or int"):
            make(node, "chatter", wrong)


@pytest.mark.parametrize("make", SERVICES)
def test_endpoints_of_services_are_made_with_proper_names_only(node: Node, make: Callable[[Node, str], Any]) -> None:
    make(node, "get/parameters")
    with pytest.raises(InvalidServiceNameException, match="must not contain characters"):
        make(node, "get/parameters?")
    with pytest.raises(InvalidServiceNameException, match="must not start with a number"):
        make(node, "/get/42parameters")
    with pytest.raises(ValueError, match="unknown substitution"):
        make(node, "foo/{bad}")


def test_the_graph_is_asked_for_names_and_types(node: Node) -> None:
    node.create_publisher(String, "talk", 1)
    node.create_client(GetParameters, "/other/get_parameters")
    me = ("my_node", "/my_ns")
    assert ("/my_ns/talk", ["std_msgs/msg/String"]) in node.get_topic_names_and_types(no_demangle=True)
    assert ("/my_ns/talk", ["std_msgs/msg/String"]) in node.get_publisher_names_and_types_by_node(*me)
    own = ("/my_ns/my_node/get_parameters", ["rcl_interfaces/srv/GetParameters"])
    assert own in node.get_service_names_and_types()
    assert own in node.get_service_names_and_types_by_node(*me)
    assert [name for name, _ in node.get_client_names_and_types_by_node(*me)] == ["/other/get_parameters"]
    assert node.get_subscriber_names_and_types_by_node(*me) == []
    with pytest.raises(NodeNameNonExistentError, match="nobody"):
        node.get_service_names_and_types_by_node("nobody", "/")


def test_the_graph_is_asked_for_nodes(node: Node) -> None:
    assert node.get_node_names() == ["my_node"]
    assert node.get_node_names_and_namespaces() == [("my_node", "/my_ns")]
    assert node.get_node_names_and_namespaces_with_enclaves() == [("my_node", "/my_ns", "/")]
    assert node.get_fully_qualified_node_names() == ["/my_ns/my_node"]


def test_a_node_serves_its_parameters(ros: Ros, node: Node) -> None:
    served = {name.rpartition("/")[2] for name, _ in node.get_service_names_and_types()}
    assert served == {
        "describe_parameters", "get_parameter_types", "get_parameters", "list_parameters", "set_parameters",
        "set_parameters_atomically", "get_type_description",
    }  # fmt: skip
    silent = ros.node("silent", start_parameter_services=False)
    assert [name for name, _ in silent.get_service_names_and_types_by_node("silent", "/")] == [
        "/silent/get_type_description"
    ]


OFFERED = QoSProfile(
    depth=10, history=HistoryPolicy.KEEP_ALL, deadline=Duration(seconds=1, nanoseconds=12345),
    lifespan=Duration(seconds=20, nanoseconds=9887665), reliability=ReliabilityPolicy.BEST_EFFORT,
    durability=DurabilityPolicy.TRANSIENT_LOCAL, liveliness=LivelinessPolicy.MANUAL_BY_TOPIC,
    liveliness_lease_duration=Duration(seconds=5, nanoseconds=23456),
)  # fmt: skip
ASKED = QoSProfile(
    depth=1, deadline=Duration(seconds=15, nanoseconds=1678), lifespan=Duration(seconds=29, nanoseconds=2345),
    liveliness=LivelinessPolicy.AUTOMATIC, liveliness_lease_duration=Duration(seconds=5, nanoseconds=23456),
)  # fmt: skip


def test_what_is_known_of_an_endpoint_is_its_node_its_type_and_its_qos(node: Node) -> None:
    name = "/my_ns/told"
    assert node.get_publishers_info_by_topic(name) == node.get_subscriptions_info_by_topic(name) == []
    node.create_publisher(String, "told", OFFERED)
    node.create_subscription(String, "told", print, ASKED)
    (publisher,) = node.get_publishers_info_by_topic(name)
    (subscription,) = node.get_subscriptions_info_by_topic(name)
    for info, profile in ((publisher, OFFERED), (subscription, ASKED)):
        assert (info.node_name, info.node_namespace, info.topic_type) == ("my_node", "/my_ns", "std_msgs/msg/String")
        assert info.qos_profile == profile
        assert str(info.topic_type_hash) == String._TYPE_HASH_
        assert len(info.endpoint_gid) == 16
    assert publisher.endpoint_type is TopicEndpointTypeEnum.PUBLISHER
    assert subscription.endpoint_type is TopicEndpointTypeEnum.SUBSCRIPTION
    text = str(subscription)
    assert "Endpoint type: SUBSCRIPTION" in text
    assert "  History (Depth): KEEP_LAST (1)" in text
    assert "Topic type hash: INVALID" in str(TopicEndpointInfo())


COUNTS: list[Callable[[Node, Any], Any]] = [
    lambda node, name: node.count_publishers(name),
    lambda node, name: node.count_subscribers(name),
    lambda node, name: node.count_clients(name),
    lambda node, name: node.count_services(name),
    lambda node, name: node.get_publishers_info_by_topic(name),
    lambda node, name: node.get_subscriptions_info_by_topic(name),
]


@pytest.mark.parametrize("count", COUNTS)
def test_only_names_are_counted(node: Node, count: Callable[[Node, Any], Any]) -> None:
    with pytest.raises(TypeError):
        count(node, 1)
    with pytest.raises(ValueError, match="'42' is invalid"):
        count(node, "42")


def test_endpoints_are_counted_by_relative_and_absolute_name(node: Node) -> None:
    def counts(name: str) -> tuple[Any, ...]:
        return tuple(count(node, name) for count in COUNTS[:4])

    assert counts("a") == (0, 0, 0, 0)
    publisher = node.create_publisher(String, "a", 1)
    node.create_client(GetParameters, "a")
    for number in (1, 2):
        node.create_subscription(String, "a", print, 1)
        node.create_service(GetParameters, "a", lambda q, a: a)
        assert counts("a") == counts("/my_ns/a") == (1, number, 1, number)
        assert publisher.get_subscription_count() == number


def test_a_node_can_be_waited_for_and_is_not_waited_for_longer_than_asked(ros: Ros, node: Node) -> None:
    ros.node("waited_for", namespace="/my_ns")
    assert node.wait_for_node("/my_ns/waited_for", timeout=30)
    assert not node.wait_for_node("/my_ns/nobody", timeout=0.01)


def test_a_node_has_no_executor_until_it_is_given_one_and_then_one_at_a_time(ros: Ros, node: Node) -> None:
    assert node.executor is None
    one, other = SingleThreadedExecutor(context=ros.context), SingleThreadedExecutor(context=ros.context)
    node.executor = one
    assert (node.executor, one.get_nodes()) == (one, [node])
    node.executor = other
    assert (node.executor, one.get_nodes(), other.get_nodes()) == (other, [], [node])
    node.executor = None
    assert (node.executor, other.get_nodes()) == (None, [])


@pytest.mark.usefixtures("wired")
def test_the_arguments_of_the_process_rename_nodes_that_allow_it() -> None:
    ros = Ros(args=["process", "--ros-args", "-r", "__node:=renamed", "-r", "foo:=bar"])
    try:
        renamed = ros.node("my_node", namespace="/my_ns")
        own = ros.node("my_node", namespace="/my_ns", use_global_arguments=False)
        assert renamed.get_fully_qualified_name() == "/my_ns/renamed"
        assert own.get_fully_qualified_name() == "/my_ns/my_node"
        assert (renamed.resolve_topic_name("foo"), own.resolve_topic_name("foo")) == ("/my_ns/bar", "/my_ns/foo")
        both = ros.node("my_node", cli_args=["--ros-args", "-r", "__node:=by_itself"])
        assert both.get_name() == "by_itself", "its own arguments come first"
    finally:
        ros.close()


@pytest.mark.parametrize(
    ("rules", "full_name"),
    [
        ([], "/my_ns/my_node"), (["__ns:=/foo/bar"], "/foo/bar/my_node"), (["__node:=new"], "/my_ns/new"),
        (["__node:=new", "__ns:=/foo"], "/foo/new"), (["my_node:__ns:=/mine", "other:__ns:=/not"], "/mine/my_node"),
    ],
)  # fmt: skip
def test_a_nodes_own_arguments_rename_it(ros: Ros, rules: list[str], full_name: str) -> None:
    arguments = ["--ros-args", *(part for rule in rules for part in ("-r", rule))]
    assert ros.node("my_node", namespace="/my_ns", cli_args=arguments).get_fully_qualified_name() == full_name


def test_arguments_that_cannot_be_read_are_named(ros: Ros) -> None:
    with pytest.raises(RCLError, match="not-a-rule"):
        ros.node("my_node", cli_args=["--ros-args", "-r", "not-a-rule"])
    with pytest.raises(RCLError, match=r"\['--my-flag'\]"):
        ros.node("my_node", cli_args=["--ros-args", "--my-flag"])


def test_names_are_resolved_with_rules_or_only_expanded(ros: Ros) -> None:
    node = ros.node("my_node", namespace="/my_ns", cli_args=["--ros-args", "-r", "foo:=bar"])
    for resolve in (node.resolve_topic_name, node.resolve_service_name):
        assert (resolve("foo"), resolve("/abs")) == ("/my_ns/bar", "/abs")
        assert resolve("foo", only_expand=True) == "/my_ns/foo"


def test_a_node_in_simulated_time_stands_at_its_beginning(ros: Ros, node: Node) -> None:
    assert node.get_clock().now().nanoseconds > 10**18
    simulated = ros.node("simulated", parameter_overrides=[Parameter("use_sim_time", value=True)])
    clock = simulated.get_clock()
    assert isinstance(clock, Clock)
    assert clock.now().nanoseconds == 0


FILE = """
/**:
  ros__parameters: {everywhere: yes-it-is, last: first}
  my_node:
    ros__parameters: {any_namespace: "yes"}
/**/my_node:
  ros__parameters: {any_namespace_in_one: "yes"}
/*:
  my_node:
    ros__parameters: {one_level: "yes", last: third}
my_ns:
  "*":
    ros__parameters: {any_node: "yes"}
  my_node:
    ros__parameters: {exactly: "yes", last: last}
  other:
    ros__parameters: {wrong: "node"}
other_ns:
  my_node:
    ros__parameters: {wrong: "namespace"}
/**/foo/*/bar:
  my_node:
    ros__parameters: {deep: "yes"}
"*":
  ros__parameters: {no_namespace: "yes"}
my_node:
  ros__parameters: {exactly_here: "yes"}
"""


@pytest.fixture
def given(ros: Ros, tmp_path: Path) -> Callable[[str | None], set[str]]:
    path = tmp_path / "parameters.yaml"
    path.write_text(FILE, encoding="utf-8")

    def parameters(namespace: str | None) -> set[str]:
        node = ros.node(
            "my_node", namespace=namespace, cli_args=["--ros-args", "--params-file", str(path)],
            automatically_declare_parameters_from_overrides=True,
        )  # fmt: skip
        with pytest.raises(ParameterNotDeclaredException):
            node.get_parameter("wrong")
        found = node.get_parameters_by_prefix("")
        order = found["last"].value
        assert order == {"/my_ns": "last", None: "first"}.get(namespace, "first")
        return set(found) - {"use_sim_time", "start_type_description_service", "last"}

    return parameters


@pytest.mark.parametrize(
    ("namespace", "names"),
    [
        (
            "/my_ns",
            {"everywhere", "any_namespace", "any_namespace_in_one", "one_level", "any_node", "exactly"},
        ),
        (None, {"everywhere", "any_namespace", "any_namespace_in_one", "no_namespace", "exactly_here"}),
        ("/a/b/foo/some/bar", {"everywhere", "any_namespace", "any_namespace_in_one", "deep"}),
        ("/foo/some/bar", {"everywhere", "any_namespace", "any_namespace_in_one", "deep"}),
    ],
)
def test_a_parameter_file_fits_nodes_by_wildcards_and_the_last_that_fits_wins(
    given: Callable[[str | None], set[str]], namespace: str | None, names: set[str]
) -> None:
    assert given(namespace) == names
