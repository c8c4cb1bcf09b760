"""Bags: what is recorded can be opened by others, and played again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from geometry_msgs.msg import PoseStamped
from std_msgs.msg import String

from rclpy.node import Node
from rclpy.qos import QoSProfile
from ros_cli.bag_file import BagWriter, Recorded, Topic, read_messages, read_topics
from ros_cli.errors import CommandError
from ros_interfaces import cdr
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, override
from tests.unit.embedded.test_ros_command import LATCHED, Command, ronda, run

__all__ = ["ronda"]


@pytest.fixture
def robot(ros: Ros, monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setenv("ROS_DOMAIN_ID", str(ros.domain))
    node = ros.node("robot")
    ros.spin(node)
    return node


@contextmanager
def recording(folder: Path, *words: str, duration_s: float = 3.0) -> Iterator[None]:
    """`ronda ros bag record` on a thread; the block ends when the recording does."""
    command = ("bag", "record", "-o", str(folder), "-d", str(duration_s), *words)
    thread = threading.Thread(target=run, args=command)
    thread.start()
    try:
        yield
    finally:
        thread.join(duration_s + 10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def bag(router_port: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten poses, a latched description, and a topic that came later."""
    folder = tmp_path_factory.mktemp("bags") / "walk"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ZENOH_CONFIG_OVERRIDE", override(router_port))
        ros = Ros()
        environment.setenv("ROS_DOMAIN_ID", str(ros.domain))
        robot = ros.node("robot")
        poses = robot.create_publisher(PoseStamped, "/poses", 10)
        robot.create_publisher(String, "/description", LATCHED).publish(String(data="<robot/>"))
        with recording(folder, "-a"):
            eventually(poses.get_subscription_count)
            later = robot.create_publisher(String, "/later", 10)
            for number in range(10):
                pose = PoseStamped()
                pose.header.frame_id, pose.pose.position.x = "map", float(number)
                poses.publish(pose)
            eventually(later.get_subscription_count)
            later.publish(String(data="there"))
        ros.close()
    return folder


def test_a_bag_holds_what_was_published_also_on_topics_that_came_later(bag: Path, ronda: Command) -> None:
    topics = read_topics(bag)
    assert (topics["/poses"].messages, topics["/description"].messages, topics["/later"].messages) == (10, 1, 1)
    assert topics["/poses"].type_hash == PoseStamped._TYPE_HASH_
    said = ronda("bag", "info", str(bag))
    assert "  /poses [geometry_msgs/msg/PoseStamped]: 10\n" in said.out


def test_rosbags_opens_it_and_reads_the_same(bag: Path) -> None:
    rosbag2 = pytest.importorskip("rosbags.rosbag2")
    typesys = pytest.importorskip("rosbags.typesys")
    store = typesys.get_typestore(typesys.Stores.EMPTY)
    xs: list[float] = []
    with rosbag2.Reader(bag) as reader:
        for connection in reader.connections:
            store.register(typesys.get_types_from_msg(connection.msgdef.data, connection.msgtype))
        for connection, _, raw in reader.messages():
            if connection.topic == "/poses":
                xs.append(store.deserialize_cdr(raw, connection.msgtype).pose.position.x)
        assert {connection.topic: connection.msgcount for connection in reader.connections}["/poses"] == 10
    assert xs == [float(number) for number in range(10)]


def test_it_is_played_again_to_those_who_listen_and_to_those_who_come_late(
    bag: Path, ros: Ros, robot: Node, ronda: Command
) -> None:
    heard: list[float] = []
    description: list[str] = []
    listener = ros.node("listener")
    listener.create_subscription(PoseStamped, "/poses", lambda m: heard.append(m.pose.position.x), QoSProfile(depth=20))
    listener.create_subscription(String, "/description", lambda m: description.append(m.data), LATCHED)
    ros.spin(listener)
    said = ronda("bag", "play", str(bag), "--rate", "10", "--topics", "/poses", "/description")
    assert said.out == "11 messages of 2 topics\n"
    eventually(lambda: heard == [float(number) for number in range(10)] and "<robot/>" in description)
    assert "holds none of /nothing" in ronda("bag", "play", str(bag), "--topics", "/nothing").error


def written(folder: Path, *, type_hash: str = String._TYPE_HASH_, stamps_ns: tuple[int, ...] = (5, 7)) -> Path:
    with BagWriter(folder) as writer:
        writer.add_topic(Topic(name="/a", type_name="std_msgs/msg/String", type_hash=type_hash, qos=""), String)
        for stamp_ns in stamps_ns:
            data = bytes(cdr.serialize(String(data=str(stamp_ns))))
            writer.add(Recorded(topic="/a", data=data, received_ns=stamp_ns, published_ns=stamp_ns - 1))
    return folder


def test_times_and_order_are_kept(tmp_path: Path) -> None:
    messages = list(read_messages(written(tmp_path / "bag", stamps_ns=(9, 5, 7))))
    assert [(message.received_ns, message.published_ns) for message in messages] == [(5, 4), (7, 6), (9, 8)]


def test_an_empty_bag_is_a_bag(tmp_path: Path, ronda: Command) -> None:
    assert ronda("bag", "info", str(written(tmp_path / "bag", stamps_ns=()))).out.startswith(
        "Duration: 0.000s\nMessages: 0"
    )


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda at: at / "nothing", "expected an MCAP file, or a folder with one"),
        (lambda at: _file(at / "not.mcap", b"hello, this is no bag at all"), "is no MCAP file"),
        (lambda at: _cut(written(at / "bag")), "is no MCAP file"),
        (
            lambda at: written(at / "bag", type_hash="RIHS01_" + "0" * 64),
            "type std_msgs/msg/String differs: the bag has",
        ),
    ],
)
def test_a_bag_that_cannot_be_played_is_refused_in_words(
    make: Any, complaint: str, tmp_path: Path, robot: Node, ronda: Command
) -> None:
    said = ronda("bag", "play", str(make(tmp_path)))
    assert said.code == 2
    assert complaint in said.error


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _cut(folder: Path) -> Path:
    (file,) = folder.glob("*.mcap")
    file.write_bytes(file.read_bytes()[:-40])
    return folder


def test_a_bag_is_not_written_over_another(tmp_path: Path, ronda: Command) -> None:
    written(tmp_path / "bag")
    with pytest.raises(CommandError, match="exists already"):
        BagWriter(tmp_path / "bag")
    assert "name the topics to record" in ronda("bag", "record").error
