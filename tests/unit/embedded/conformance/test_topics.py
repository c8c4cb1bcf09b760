"""Publishers, subscriptions, messages and waiting for one, as rclpy has them."""

from __future__ import annotations

import array
import threading
from typing import Any

import pytest
from sensor_msgs.msg import Image
from std_msgs.msg import Int32, String

from rclpy.duration import Duration
from rclpy.exceptions import InvalidHandle, UnsupportedOptionError
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.serialization import deserialize_message, serialize_message
from rclpy.subscription import Subscription
from rclpy.wait_for_message import wait_for_message
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
NAMES = [
    ("chatter", None, "/chatter"), ("/chatter", "/ns", "/chatter"), ("chatter", "/ns", "/ns/chatter"),
    ("~/chatter", "/ns", "/ns/named/chatter"), ("a/b", None, "/a/b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "namespace", "expected"), NAMES)
def test_publishers_and_subscriptions_tell_their_absolute_names(
    ros: Ros, name: str, namespace: str | None, expected: str
) -> None:
    node = ros.node("named", namespace=namespace)
    assert node.create_publisher(String, name, 1).topic_name == expected
    assert node.create_subscription(String, name, print, 1).topic_name == expected


def test_publishers_and_subscriptions_tell_their_remapped_names(ros: Ros) -> None:
    node = ros.node("named", cli_args=["--ros-args", "-r", "a:=b", "-r", "/abs:=~/own", "-r", "other:x:=y"])
    assert node.create_publisher(String, "a", 1).topic_name == "/b"
    assert node.create_subscription(String, "/abs", print, 1).topic_name == "/named/own"
    assert node.create_publisher(String, "x", 1).topic_name == "/x"


def test_there_is_nothing_to_wait_for_until_all_is_acknowledged(ros: Ros) -> None:
    publisher = ros.node("sure").create_publisher(String, "talk", 1)
    publisher.publish(String())
    assert publisher.wait_for_all_acked(Duration(seconds=1))
    assert publisher.wait_for_all_acked()


def test_text_of_any_script_and_bytes_that_are_a_message_arrive(ros: Ros) -> None:
    node = ros.node("both")
    heard: list[str] = []
    node.create_subscription(String, "talk", lambda message: heard.append(message.data), 10)
    publisher = node.create_publisher(String, "talk", 10)
    ros.spin(node)
    publisher.publish(String(data="巡护 ünïcodé"))
    publisher.publish(serialize_message(String(data="as bytes")))
    eventually(lambda: heard == ["巡护 ünïcodé", "as bytes"])
    with pytest.raises(TypeError, match="expected String"):
        publisher.publish("text")  # type: ignore[arg-type]


def test_a_message_becomes_bytes_and_is_itself_again() -> None:
    message = Image(width=2, height=1, encoding="mono8", data=array.array("B", [1, 2]))
    raw = serialize_message(message)
    assert isinstance(raw, bytes)
    assert deserialize_message(raw, Image) == message


def test_a_callback_takes_the_message_or_what_is_known_of_it_too(ros: Ros) -> None:
    node = ros.node("both")
    plain = node.create_subscription(String, "talk", lambda message: None, 10)
    assert plain._callback_type is Subscription.CallbackType.MessageOnly
    heard: list[dict[str, Any]] = []
    informed = node.create_subscription(String, "talk", lambda message, info: heard.append(info), 10)
    assert informed._callback_type is Subscription.CallbackType.WithMessageInfo
    with pytest.raises(RuntimeError, match="one argument"):
        node.create_subscription(String, "talk", lambda: None, 10)  # type: ignore[arg-type]
    ros.spin(node)
    node.create_publisher(String, "talk", 10).publish(String())
    eventually(lambda: bool(heard))
    assert heard[0]["received_timestamp"] >= heard[0]["source_timestamp"] > 0


def test_each_side_counts_the_other(ros: Ros) -> None:
    one, other = ros.node("one"), ros.node("other")
    subscription = one.create_subscription(String, "talk", print, 1)
    assert subscription.get_publisher_count() == 0
    publishers = [other.create_publisher(String, "talk", 1) for _ in range(2)]
    assert (subscription.get_publisher_count(), publishers[0].get_subscription_count()) == (2, 1)
    other.destroy_publisher(publishers[0])
    assert (subscription.get_publisher_count(), publishers[0].get_subscription_count()) == (1, 0)


def test_a_message_can_be_taken_without_an_executor(ros: Ros) -> None:
    node = ros.node("both")
    subscription = node.create_subscription(Int32, "count", print, 10)
    publisher = node.create_publisher(Int32, "count", 10)
    with subscription.handle as handle:
        assert handle.take_message(Int32, False) is None
        publisher.publish(Int32(data=7))
        publisher.publish(b"\xff")
        publisher.publish(Int32(data=8))
        eventually(subscription._pending)
        taken: list[Any] = []
        eventually(lambda: taken.append(handle.take_message(Int32, False)) or len([t for t in taken if t]) == 2)
    messages = [item for item in taken if item]
    assert [message.data for message, _ in messages] == [7, 8]
    assert messages[0][1]["source_timestamp"] > 0
    node.destroy_subscription(subscription)
    assert subscription.take_message(Int32, False) is None


def test_what_was_destroyed_says_so_where_it_is_used(ros: Ros) -> None:
    node = ros.node("both")
    publisher = node.create_publisher(String, "talk", 1)
    subscription = node.create_subscription(String, "talk", print, 1)
    with publisher.handle as handle:
        assert handle is publisher
    node.destroy_publisher(publisher)
    node.destroy_subscription(subscription)
    for entity in (publisher, subscription):
        with pytest.raises(InvalidHandle, match="destroyed"), entity.handle:
            pass


def test_content_filters_are_refused_in_words(ros: Ros) -> None:
    with pytest.raises(UnsupportedOptionError, match="filter in the callback"):
        ros.node("picky").create_subscription(String, "talk", print, 1, content_filter_options="data = 'x'")


@pytest.mark.parametrize("qos", [1, LATCHED])
def test_one_message_is_waited_for(ros: Ros, qos: QoSProfile | int) -> None:
    talker, listener = ros.node("talker"), ros.node("listener")
    publisher = talker.create_publisher(String, "talk", qos)
    came: list[Any] = []
    waiter = threading.Thread(
        target=lambda: came.append(wait_for_message(String, listener, "talk", qos_profile=qos, time_to_wait=10))
    )
    waiter.start()
    eventually(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data="it"))
    waiter.join(30)
    assert came == [(True, String(data="it"))]
    assert publisher.get_subscription_count() == 0


def test_a_message_that_does_not_come_is_not_waited_for_longer_than_asked(ros: Ros) -> None:
    assert wait_for_message(String, ros.node("listener"), "silence", time_to_wait=0.01) == (False, None)
