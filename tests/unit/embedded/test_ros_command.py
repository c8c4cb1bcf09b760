"""`ronda ros …` as a person uses it: words in, text out, an error is one sentence."""

from __future__ import annotations

import argparse
import io
import sys
import threading
from dataclasses import dataclass
from typing import Any, cast

import pytest
from geometry_msgs.msg import PoseStamped
from std_msgs.msg import String
from std_srvs.srv import SetBool
from test_msgs.action import Fibonacci

from rclpy.action import ActionServer
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from ros_cli import session, topics
from ros_cli.cli import register
from tests.helpers.waiting import eventually, free_port
from tests.unit.embedded.helpers import Ros

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    error: str


class Command:
    """Runs `ronda ros …` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        self._capsys.readouterr()
        code = run(*words)
        printed = self._capsys.readouterr()
        return Said(code, printed.out, printed.err)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="ronda")
    register(parser.add_subparsers(required=True))
    chosen = parser.parse_args(["ros", *words])
    return int(chosen.run(chosen))


@pytest.fixture
def ronda(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def robot(ros: Ros, monkeypatch: pytest.MonkeyPatch) -> Node:
    """A node with something of everything, spun."""
    monkeypatch.setenv("ROS_DOMAIN_ID", str(ros.domain))
    node = ros.node("robot", namespace="/r1")
    node.declare_parameter("speed_mps", 0.8)
    node.declare_parameter("names", ["a", "b"])
    node.declare_parameter("fixed", 3)
    node.create_publisher(String, "greeting", LATCHED).publish(String(data="你好"))

    def switch(request: Any, response: Any) -> Any:
        response.success, response.message = request.data, "switched"
        return response

    node.create_service(SetBool, "switch", switch)
    node.fibonacci = ActionServer(node, Fibonacci, "count", execute_callback=count)  # type: ignore[attr-defined]
    ros.spin(node)
    return node


def count(handle: Any) -> Any:
    eventually(lambda: tell(handle), what="how far it is was printed")  # a result may overtake what was said before it
    handle.succeed()
    return Fibonacci.Result(sequence=[0, 1, 1, 2][: handle.request.order])


def tell(handle: Any) -> bool:
    handle.publish_feedback(Fibonacci.Feedback(sequence=[0, 1]))
    return "feedback:" in cast(io.StringIO, sys.stdout).getvalue()


def test_topics_are_listed_with_their_types(robot: Node, ronda: Command) -> None:
    assert "/r1/greeting" in ronda("topic", "list").out.splitlines()
    assert "/r1/greeting [std_msgs/msg/String]" in ronda("topic", "list", "-t").out.splitlines()
    assert not any("_action" in line for line in ronda("topic", "list").out.splitlines())
    assert any("_action" in line for line in ronda("topic", "list", "-a").out.splitlines())


def test_the_ends_of_a_topic_are_told(robot: Node, ronda: Command) -> None:
    said = ronda("topic", "info", "/r1/greeting", "-v")
    assert said.out.startswith("Type: std_msgs/msg/String\nPublisher count: 1")
    assert "Node name: robot" in said.out
    assert "Subscription count: 0" in said.out


def test_the_last_latched_message_is_printed_as_yaml(robot: Node, ronda: Command) -> None:
    assert ronda("topic", "echo", "r1/greeting", "--once", "--duration", "10").out == "data: 你好\n---\n"
    assert ronda("topic", "echo", "/r1/greeting", "--once", "--field", "data").out.startswith("你好")
    assert "String has no field 'x'" in ronda("topic", "echo", "/r1/greeting", "--once", "--field", "x").error


def test_a_topic_that_is_not_there_is_named_with_those_that_are(robot: Node, ronda: Command) -> None:
    said = ronda("topic", "echo", "/nothing", "--wait", "0.1")
    assert said.code == 2
    assert said.error.startswith("ronda ros: /nothing: there is no such topic; known: ")
    assert "/r1/greeting" in said.error


def test_a_message_in_yaml_is_published(ros: Ros, robot: Node, ronda: Command) -> None:
    heard: list[PoseStamped] = []
    listener = ros.node("listener")
    listener.create_subscription(PoseStamped, "/goal", heard.append, 10)
    ros.spin(listener)
    values = "{header: {frame_id: map}, pose: {position: {x: 1, y: 2.5}}}"
    assert ronda("topic", "pub", "--once", "/goal", "geometry_msgs/msg/PoseStamped", values).code == 0
    (goal,) = eventually(lambda: heard)
    assert (goal.header.frame_id, goal.pose.position.x, goal.pose.orientation.w) == ("map", 1.0, 1.0)


@pytest.mark.parametrize(
    ("kind", "values", "complaint"),
    [
        ("std_msgs/msg/String", "{text: 1}", "text: there is no such field; expected one of data"),
        ("std_msgs/msg/UInt8", "{data: 300}", "data: The 'data' field must be an int from 0 to 255"),
        ("geometry_msgs/msg/PoseStamped", "{pose: {position: {w: 1}}}", "pose.position.w: there is no such field"),
        ("geometry_msgs/msg/PoseArray", "{poses: [{position: 3}]}", "poses[0].position: expected a mapping of fields"),
        ("sensor_msgs/msg/LaserScan", "{ranges: 3}", "ranges: expected a list, got 3"),
        ("std_msgs/msg/String", "{", "the values are no YAML"),
        ("std_msgs/msg/Text", "", "std_msgs/msg/Text is not installed; std_msgs has Bool, "),
        ("no_msgs/msg/Text", "", "no package 'no_msgs' of interfaces is installed"),
        ("String", "", "expected a type such as package/msg/Name, got 'String'"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_the_field(
    ronda: Command, kind: str, values: str, complaint: str
) -> None:
    said = ronda("topic", "pub", "--once", "/x", kind, values)
    assert said.code == 2
    assert complaint in said.error


def test_publishing_once_to_nobody_is_an_error(robot: Node, ronda: Command) -> None:
    said = ronda("topic", "pub", "--once", "/nobody", "std_msgs/msg/String", "{data: a}", "--wait", "0.1")
    assert said.error == "ronda ros: /nobody: nobody of this type listens within 0.1 s\n"


def test_the_rate_is_told_with_its_spread() -> None:
    assert topics.rate([0.0]) == "no new messages"
    assert topics.rate([0.0, 0.5, 1.5]).startswith("average rate: 1.333\n\tmin: 0.500s max: 1.000s std dev: 0.25000s")


def test_a_rate_is_measured(robot: Node, ronda: Command) -> None:
    publisher = robot.create_publisher(String, "/tick", 10)
    robot.create_timer(0.02, lambda: publisher.publish(String()))
    assert ronda("topic", "hz", "/tick", "--duration", "1").out.startswith("average rate: ")


def test_services_are_listed_and_asked(robot: Node, ronda: Command) -> None:
    assert "/r1/switch [std_srvs/srv/SetBool]" in ronda("service", "list", "-t").out.splitlines()
    said = ronda("service", "call", "/r1/switch", "std_srvs/srv/SetBool", "{data: true}")
    assert said.out == "response:\nsuccess: true\nmessage: switched\n"


def test_a_service_of_another_type_or_none_is_told(robot: Node, ronda: Command) -> None:
    said = ronda("service", "call", "/r1/switch", "std_srvs/srv/Trigger", "--wait", "0.1")
    assert said.error.endswith("ronda ros: /r1/switch: it is served as std_srvs/srv/SetBool; waited 0.1 s\n")
    said = ronda("service", "call", "/nobody", "std_srvs/srv/Trigger", "--wait", "0.1")
    assert "nobody serves it" in said.error


def test_a_goal_is_sent_and_its_feedback_and_result_printed(robot: Node, ronda: Command) -> None:
    assert ronda("action", "list", "-t").out == "/r1/count [test_msgs/action/Fibonacci]\n"
    said = ronda("action", "send_goal", "-f", "/r1/count", "test_msgs/action/Fibonacci", "{order: 3}")
    assert said.code == 0, said.error
    assert "feedback:\nsequence:\n- 0\n- 1\n" in said.out
    assert said.out.endswith("result:\nsequence:\n- 0\n- 1\n- 1\nstatus: SUCCEEDED\n")


def test_nodes_are_listed_and_described(robot: Node, ronda: Command) -> None:
    assert ronda("node", "list").out == "/r1/robot\n"
    said = ronda("node", "info", "/r1/robot")
    assert "  Publishers:\n" in said.out
    assert "    /r1/greeting: std_msgs/msg/String\n" in said.out
    assert "  Action Servers:\n    /r1/count: test_msgs/action/Fibonacci\n" in said.out
    assert ronda("node", "info", "/r2").error == "ronda ros: there is no node /r2; known: /r1/robot\n"


def test_parameters_are_listed_read_and_set(robot: Node, ronda: Command) -> None:
    assert "  speed_mps\n" in ronda("param", "list", "/r1/robot").out
    assert ronda("param", "list").out.startswith("/r1/robot:\n")
    assert ronda("param", "get", "/r1/robot", "speed_mps").out == "0.8\n"
    assert ronda("param", "get", "/r1/robot", "names").out == "[a, b]\n"
    assert ronda("param", "set", "/r1/robot", "speed_mps", "0.5").out == "Set parameter successful\n"
    assert robot.get_parameter("speed_mps").value == 0.5
    assert "speed_mps was not set: " in ronda("param", "set", "/r1/robot", "speed_mps", "fast").error
    assert "has no parameter 'colour'" in ronda("param", "get", "/r1/robot", "colour").error
    assert "is no value of a parameter" in ronda("param", "set", "/r1/robot", "fixed", "{a: 1}").error


def test_interfaces_are_listed_and_shown_with_what_is_inside(ronda: Command) -> None:
    assert "nav2_msgs/action/NavigateToPose" in ronda("interface", "list").out.splitlines()
    assert ronda("interface", "list", "tf2_msgs").out.splitlines()[0] == "tf2_msgs/msg/TF2Error"
    said = ronda("interface", "show", "geometry_msgs/msg/PoseStamped")
    assert "\tbuiltin_interfaces/Time stamp\n\t\tint32 sec\n" in said.out
    assert "\t\tfloat64 w 1.0\n" in said.out
    assert ronda("interface", "show", "std_srvs/srv/SetBool").out == "bool data\n---\nbool success\nstring message\n"
    assert "expected package/msg/Name" in ronda("interface", "show", "std_msgs/x/String").error
    assert "no package 'x_msgs'" in ronda("interface", "list", "x_msgs").error


def test_without_a_router_a_person_is_told_what_to_do(ronda: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", 'listen/endpoints=["tcp/127.0.0.1:0"]')
    monkeypatch.setattr(session, "_ROUTER_S", 0.2)
    said = ronda("--router", f"tcp/127.0.0.1:{free_port()}", "node", "list")
    assert said.code == 2
    assert "ronda ros: no Zenoh router answers at tcp/127.0.0.1:" in said.error


def test_a_router_that_cannot_listen_says_so(router_port: int, ronda: Command) -> None:
    said = ronda("router", "--listen", f"tcp/127.0.0.1:{router_port}")
    assert f"no router on tcp/127.0.0.1:{router_port}" in said.error


def test_what_is_printed_can_be_published_again(ros: Ros, robot: Node, ronda: Command) -> None:
    heard: list[str] = []
    listener = ros.node("listener")
    listener.create_subscription(String, "/again", lambda message: heard.append(message.data), 10)
    ros.spin(listener)
    text = ronda("topic", "echo", "/r1/greeting", "--once").out.removesuffix("---\n")
    done = threading.Thread(target=run, args=("topic", "pub", "-t", "2", "-r", "50", "/again", "std_msgs/String", text))
    done.start()
    eventually(lambda: heard == ["你好", "你好"])
    done.join(60)
