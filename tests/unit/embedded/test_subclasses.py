"""People's nodes are subclasses: what they name by themselves must not meet what is ours beneath."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from nav2_msgs.action import NavigateToPose
from std_msgs.msg import String
from std_srvs.srv import SetBool

import rclpy
from nav2_simple_commander.robot_navigator import BasicNavigator
from rclpy.action import ActionClient, ActionServer
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from tests.helpers.waiting import eventually

# private names that rclpy's own Node has: whoever takes them is in trouble on a real robot, too
RCLPYS_OWN = {
    "_clock", "_context", "_default_callback_group", "_logger", "_time_source",
    "_pre_set_parameters_callbacks", "_on_set_parameters_callbacks", "_post_set_parameters_callbacks",
}  # fmt: skip
WORDS = (
    "absolute", "action_clients", "arguments", "ask", "attach", "callback", "change", "clients", "count",
    "current_state", "destroy", "destroyed", "endpoint", "entities", "events", "executor", "feedback", "handle",
    "id", "info", "lifecycle_state", "listen", "name", "node", "on_destroy", "on_feedback", "parameters", "path",
    "pending", "profile", "publish", "publisher", "publishers", "run", "send", "serve", "served_by", "service",
    "services", "start", "state", "status", "subscription", "subscriptions", "take", "timer", "timers", "token",
    "transition_events", "wire",
)  # fmt: skip
KINDS = (Node, LifecycleNode, BasicNavigator)


@pytest.fixture
def opened(wired: int) -> Iterator[None]:
    rclpy.init(args=[], domain_id=905)
    yield
    rclpy.try_shutdown()


def made(kind: Any) -> Any:
    return kind() if issubclass(kind, BasicNavigator) else kind("theirs")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("opened")
def test_private_names_are_rclpys_own_or_begin_as_nobody_else_names_things(kind: type[Node]) -> None:
    node = made(kind)
    names = set(vars(node)).union(*(vars(base) for base in kind.__mro__ if base is not object))
    private = {name for name in names if name.startswith("_") and not name.startswith("__")}
    assert {name for name in private if not name.startswith(("_rcl_", "_nav2_"))} == RCLPYS_OWN


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("opened")
def test_a_subclass_may_call_its_own_things_as_it_likes(kind: type[Node]) -> None:
    def forbidden(self: Any, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("a user's method was called as one of ours")

    theirs = made(type("Theirs", (kind,), {f"_{word}": forbidden for word in WORDS}))
    heard: list[str] = []
    theirs.declare_parameter("speed", 1.0)
    theirs.set_parameters([Parameter("speed", value=2.0)])
    publisher = theirs.create_publisher(String, "talk", 10)
    theirs.create_subscription(String, "talk", lambda message: heard.append(message.data), 10)
    theirs.create_service(SetBool, "switch", lambda _, response: response)
    client = theirs.create_client(SetBool, "switch")
    ActionServer(theirs, NavigateToPose, "drive", lambda handle: NavigateToPose.Result())
    actions: Any = ActionClient(theirs, NavigateToPose, "drive")
    theirs.create_timer(10.0, lambda: None)
    assert actions.wait_for_server(timeout_sec=30)
    publisher.publish(String(data="hello"))
    answer = client.call_async(SetBool.Request(data=True))

    def served() -> bool:
        rclpy.spin_once(theirs, timeout_sec=0.1)
        return heard == ["hello"] and answer.done()

    eventually(served)
    assert theirs.count_publishers("talk") == 1
    assert theirs.get_publishers_info_by_topic("talk")[0].node_name == theirs.get_name()
    if isinstance(theirs, LifecycleNode):
        assert theirs.trigger_configure() is TransitionCallbackReturn.SUCCESS
    theirs.destroy_node()
    assert theirs.get_name() not in [name for name, _ in theirs.get_node_names_and_namespaces()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("opened")
def test_a_subclass_may_keep_what_it_likes(kind: type[Node]) -> None:
    node = made(kind)
    for word in WORDS:
        setattr(node, f"_{word}", word)
    for word in ("state", "current_state", "position", "mode", "token", "id"):
        setattr(node, word, word)
    node.create_subscription(String, "talk", lambda message: None, 10)
    node.destroy_node()
    assert list(node.subscriptions) == []
