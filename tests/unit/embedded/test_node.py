"""Nodes: names, remapping, topics, the graph."""

from __future__ import annotations

import pytest
from sensor_msgs.msg import Image
from std_msgs.msg import Int32, String
from std_srvs.srv import Empty, Trigger

from rclpy._arguments import RosArgumentError, parse_arguments, remove_ros_args, yaml_value
from rclpy._names import expand_topic_name, validate_namespace, validate_node_name, validate_topic_name
from rclpy.exceptions import (
    InvalidHandle,
    InvalidNamespaceException,
    InvalidNodeNameException,
    InvalidServiceNameException,
    InvalidTopicNameException,
    NoTypeSupportImportedException,
)
from rclpy.node import NodeNameNonExistentError
from rclpy.qos import QoSProfile, ReliabilityPolicy, qos_profile_sensor_data
from rclpy.wait_for_message import wait_for_message
from ros_interfaces import cdr
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros


@pytest.mark.parametrize(
    ("name", "expanded"),
    [
        ("chatter", "/ns/chatter"),
        ("/chatter", "/chatter"),
        ("~/chatter", "/ns/talker/chatter"),
        ("~", "/ns/talker"),
        ("{node}/chatter", "/ns/talker/chatter"),
        ("{ns}/chatter", "/ns/chatter"),
        ("a/b", "/ns/a/b"),
    ],
)
def test_a_name_is_expanded_by_its_first_character(name: str, expanded: str) -> None:
    assert expand_topic_name(name, "talker", "/ns") == expanded


@pytest.mark.parametrize("name", ["", "a/", "a//b", "1a", "a/1b", "a b", "a~", "~a", "{node", "a/{x}", "ä"])
def test_a_name_that_breaks_the_rules_is_refused(name: str) -> None:
    with pytest.raises(InvalidTopicNameException):
        expand_topic_name(name, "talker", "/ns")
    with pytest.raises(InvalidServiceNameException):
        expand_topic_name(name, "talker", "/ns", is_service=True)


def test_node_names_and_namespaces_have_rules_of_their_own() -> None:
    assert validate_node_name("robot_1")
    assert validate_namespace("/a/b_2")
    assert validate_topic_name("~/a")
    for name in ("", "1robot", "ro-bot", "a/b", "a" * 256):
        with pytest.raises(InvalidNodeNameException):
            validate_node_name(name)
    for namespace in ("", "a", "/a/", "//a", "/a b", "/1a"):
        with pytest.raises(InvalidNamespaceException):
            validate_namespace(namespace)


def test_arguments_of_ros_are_read_and_the_others_are_kept() -> None:
    line = [
        "-v",
        "--ros-args",
        "-r",
        "a:=b",
        "-p",
        "speed:=1.5",
        "-p",
        "talker:names:=[a,b]",
        "--log-level",
        "debug",
        "--",
        "rest",
    ]
    arguments = parse_arguments(line)
    assert arguments.others == ("-v", "rest")
    assert remove_ros_args(line) == ["-v", "rest"]
    assert arguments.remapped("a", "any") == "b"
    assert arguments.overrides_for("talker", "/talker") == {"speed": 1.5, "names": ["a", "b"]}
    assert arguments.overrides_for("other", "/other") == {"speed": 1.5}
    with pytest.raises(RosArgumentError, match="expected name:=value, got 'x=3'"):
        parse_arguments(["--ros-args", "-p", "x=3"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("off", False), ("3", 3), ("-0x10", -16), ("2.", 2.0), ("1e3", 1000.0), ("abc", "abc"),
        ("'3'", "3"), ('"a b"', "a b"), ("[]", []), ("[1, 2]", [1, 2]), ("['a, b', c]", ["a, b", "c"]), ("", ""),
        ('"a" and "b"', '"a" and "b"'),
    ],
)  # fmt: skip
def test_values_are_read_as_yaml_reads_them(text: str, value: object) -> None:
    assert yaml_value(text) == value
    assert type(yaml_value(text)) is type(value)


@pytest.mark.usefixtures("wired")
def test_names_namespaces_and_topics_are_remapped_by_arguments() -> None:
    ros = Ros(
        args=[
            "--ros-args",
            "-r",
            "__ns:=/robot1",
            "-r",
            "__node:=eye",
            "-r",
            "image:=/camera/image",
            "-r",
            "~/mode:=mode",
        ]
    )
    try:
        node = ros.node("vision")
        assert node.get_fully_qualified_name() == "/robot1/eye"
        assert node.get_logger().name == "robot1.eye"
        assert node.create_publisher(Image, "image", 1).topic_name == "/camera/image"
        assert node.create_publisher(String, "~/mode", 1).topic_name == "/robot1/mode"
        assert node.create_service(Empty, "reset", lambda q, a: a).service_name == "/robot1/reset"
        assert node.resolve_topic_name("image", only_expand=True) == "/robot1/image"
        plain = ros.node("plain", use_global_arguments=False, cli_args=["--ros-args", "-r", "a:=b"])
        assert plain.get_namespace() == "/"
        assert plain.resolve_topic_name("a") == "/b"
    finally:
        ros.close()


def test_messages_pass_from_publisher_to_subscription_in_order(ros: Ros) -> None:
    talker, listener = ros.node("talker"), ros.node("listener")
    heard: list[int] = []
    listener.create_subscription(Int32, "count", lambda m: heard.append(m.data), 100)
    ros.spin(listener)
    publisher = talker.create_publisher(Int32, "count", 100)
    eventually(lambda: publisher.get_subscription_count() == 1)
    for number in range(50):
        publisher.publish(Int32(data=number))
    eventually(lambda: heard == list(range(50)))


def test_a_callback_with_two_arguments_is_told_where_the_message_comes_from(ros: Ros) -> None:
    node = ros.node("both")
    infos: list[dict[str, int]] = []
    node.create_subscription(String, "talk", lambda m, info: infos.append(info), 10)
    publisher = node.create_publisher(String, "talk", 10)
    ros.spin(node)
    publisher.publish(String())
    publisher.publish(String())
    eventually(lambda: len(infos) == 2)
    assert [info["publication_sequence_number"] for info in infos] == [1, 2]
    assert 0 < infos[1]["source_timestamp"] - infos[0]["source_timestamp"] < 10**9


def test_a_slow_subscription_keeps_the_newest_messages_that_its_depth_allows(ros: Ros) -> None:
    node = ros.node("slow")
    heard: list[int] = []
    subscription = node.create_subscription(Int32, "count", lambda m: heard.append(m.data), 3)
    publisher = node.create_publisher(Int32, "count", 10)
    for number in range(10):
        publisher.publish(Int32(data=number))
    eventually(lambda: subscription._wire is not None and subscription._wire.overflowed == 7)
    ros.spin(node)
    eventually(lambda: heard == [7, 8, 9])


def test_bytes_can_be_published_and_received_as_they_are(ros: Ros) -> None:
    node = ros.node("raw")
    heard: list[bytes] = []
    node.create_subscription(String, "talk", heard.append, 10, raw=True)
    ros.spin(node)
    node.create_publisher(String, "talk", 10).publish(bytes(cdr.serialize(String(data="hi"))))
    eventually(lambda: heard == [bytes(cdr.serialize(String(data="hi")))])


def test_a_publisher_refuses_other_messages_and_use_after_its_end(ros: Ros) -> None:
    node = ros.node("talker")
    publisher = node.create_publisher(String, "talk", 10)
    with pytest.raises(TypeError, match="expected String, got Int32"):
        publisher.publish(Int32())  # type: ignore[arg-type]
    assert node.destroy_publisher(publisher) is True
    assert node.destroy_publisher(publisher) is False
    with pytest.raises(InvalidHandle):
        publisher.publish(String())


def test_a_class_that_is_no_message_is_refused(ros: Ros) -> None:
    node = ros.node("wrong")
    with pytest.raises(NoTypeSupportImportedException, match="expected a message type"):
        node.create_publisher(int, "talk", 10)  # type: ignore[type-var]
    with pytest.raises(NoTypeSupportImportedException, match="expected a service type"):
        node.create_client(String, "talk")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Expected QoSProfile or int"):
        node.create_publisher(String, "talk", "10")  # type: ignore[arg-type]


def test_the_graph_knows_every_endpoint_and_forgets_what_was_destroyed(ros: Ros) -> None:
    talker, listener = ros.node("talker", namespace="robot1"), ros.node("listener")
    publisher = talker.create_publisher(String, "talk", qos_profile_sensor_data)
    listener.create_subscription(String, "/robot1/talk", lambda m: None, 10)
    listener.create_client(Trigger, "/robot1/talker/go")
    service = talker.create_service(Trigger, "~/go", lambda q, a: a)
    assert ("/robot1/talk", ["std_msgs/msg/String"]) in listener.get_topic_names_and_types()
    assert ("/robot1/talker/go", ["std_srvs/srv/Trigger"]) in listener.get_service_names_and_types()
    assert sorted(listener.get_fully_qualified_node_names()) == ["/listener", "/robot1/talker"]
    assert ("talker", "/robot1") in listener.get_node_names_and_namespaces()
    assert ("/robot1/talk", ["std_msgs/msg/String"]) in listener.get_publisher_names_and_types_by_node(
        "talker", "/robot1"
    )
    assert [n for n, _ in talker.get_client_names_and_types_by_node("listener", "/")] == ["/robot1/talker/go"]
    with pytest.raises(NodeNameNonExistentError):
        listener.get_publisher_names_and_types_by_node("nobody", "/")
    counts = (talker.count_publishers("talk"), talker.count_subscribers("talk"), talker.count_services("~/go"))
    assert counts == (1, 1, 1)
    (info,) = listener.get_publishers_info_by_topic("/robot1/talk")
    assert (info.node_name, info.topic_type) == ("talker", "std_msgs/msg/String")
    assert info.qos_profile.reliability == ReliabilityPolicy.BEST_EFFORT
    talker.destroy_publisher(publisher)
    talker.destroy_service(service)
    assert talker.count_publishers("talk") == 0
    assert talker.count_services("~/go") == 0
    talker.destroy_node()
    assert listener.get_node_names() == ["listener"]


def test_a_destroyed_subscription_hears_nothing_more(ros: Ros) -> None:
    node = ros.node("both")
    heard: list[str] = []
    gone = node.create_subscription(String, "talk", lambda m: heard.append("gone"), 10)
    node.create_subscription(String, "talk", lambda m: heard.append("kept"), 10)
    ros.spin(node)
    assert node.destroy_subscription(gone) is True
    node.create_publisher(String, "talk", 10).publish(String())
    eventually(lambda: heard == ["kept"])


def test_a_node_can_be_waited_for(ros: Ros) -> None:
    node = ros.node("waiting")
    assert node.wait_for_node("/waiting", timeout=30) is True
    assert node.wait_for_node("/nobody", timeout=0.01) is False


def test_one_message_can_be_waited_for_while_another_spins_the_node(ros: Ros) -> None:
    node = ros.node("both")
    publisher = node.create_publisher(String, "talk", QoSProfile(depth=1, durability=1))
    publisher.publish(String(data="latched"))
    ros.spin(node)
    came, message = wait_for_message(
        String, node, "talk", qos_profile=QoSProfile(depth=1, durability=1), time_to_wait=5
    )
    assert came
    assert message == String(data="latched")
    assert wait_for_message(String, node, "silence", time_to_wait=0.01) == (False, None)


def test_a_guard_condition_calls_back_after_its_trigger(ros: Ros) -> None:
    node = ros.node("guarded")
    called: list[int] = []
    guard = node.create_guard_condition(lambda: called.append(1))
    ros.spin(node)
    guard.trigger()
    eventually(lambda: called == [1])
    assert node.destroy_guard_condition(guard) is True
    guard.trigger()
    assert called == [1]
