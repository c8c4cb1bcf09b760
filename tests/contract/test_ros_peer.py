"""The embedded ROS against zenoh-ros2-sdk, which others wrote: graph, messages and services, both ways."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from std_msgs.msg import ColorRGBA, String
from std_srvs.srv import SetBool

import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from ros_wire.router import Router
from tests.helpers.waiting import eventually, free_port

pytest.importorskip("zenoh_ros2_sdk")
PROCESS = Path(__file__).with_name("ros_peer_process.py")
DOMAIN = 7


class Peer:
    """The other implementation, in a process of its own."""

    def __init__(self, port: int, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROCESS), str(port), str(DOMAIN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        )
        self.said: queue.Queue[list[Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("["):
                self.said.put(json.loads(line))

    def tell(self, *what: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def ask(self, *what: object) -> list[Any]:
        """What it says next."""
        self.tell(*what)
        return self.said.get(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def router() -> Iterator[int]:
    port = free_port()
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        yield port


@pytest.fixture
def peer(router: int, tmp_path: Path) -> Iterator[Peer]:
    started = Peer(router, tmp_path)
    yield started
    started.kill()


class Ours:
    """A context of ours with a node that is spun, until `end`."""

    def __init__(self) -> None:
        self.context = Context()
        rclpy.init(context=self.context, args=[], domain_id=DOMAIN)
        self.node = Node("ours", namespace="/robot1", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.thread = threading.Thread(target=self.executor.spin)
        self.thread.start()

    def end(self) -> None:
        self.executor.shutdown()
        self.thread.join()
        self.context.shutdown()


@pytest.fixture
def wired(router: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ZENOH_CONFIG_OVERRIDE",
        f'connect/endpoints=["tcp/127.0.0.1:{router}"];listen/endpoints=["tcp/127.0.0.1:0"]',
    )


@pytest.fixture
def node(wired: None) -> Iterator[Node]:
    ours = Ours()
    yield ours.node
    ours.end()


def test_what_we_publish_the_peer_hears(node: Node, peer: Peer) -> None:
    assert peer.ask("subscribe", "/talk", "String", ["data"]) == ["listening", "/talk"]
    assert peer.ask("subscribe", "/light", "ColorRGBA", ["r", "a"]) == ["listening", "/light"]
    talk, light = node.create_publisher(String, "/talk", 10), node.create_publisher(ColorRGBA, "/light", 10)
    eventually(lambda: (talk.get_subscription_count(), light.get_subscription_count()) == (1, 1))
    talk.publish(String(data="grüße"))
    assert peer.said.get(timeout=60) == ["heard", "/talk", "grüße"]
    light.publish(ColorRGBA(r=0.5, a=1.0))
    assert peer.said.get(timeout=60) == ["heard", "/light", 0.5, 1.0]


def test_what_the_peer_publishes_we_hear_and_it_is_in_our_graph(node: Node, peer: Peer) -> None:
    heard: list[tuple[str, int]] = []
    node.create_subscription(
        String, "/talk", lambda m, info: heard.append((m.data, info["publication_sequence_number"])), 10
    )
    assert peer.ask("advertise", "/talk", "String") == ["advertised", "/talk", String._TYPE_HASH_]
    eventually(lambda: node.count_publishers("/talk") == 1)
    assert node.wait_for_node("/peer_talker", timeout=5)
    (info,) = node.get_publishers_info_by_topic("/talk")
    assert (info.node_name, info.topic_type) == ("peer_talker", "std_msgs/msg/String")

    def one_came() -> bool:
        peer.tell("publish", "/talk", {"data": "hello"})
        return bool(heard)

    eventually(one_came, every_s=0.1)
    assert heard[0][0] == "hello"


def test_the_peer_calls_our_service(node: Node, peer: Peer) -> None:
    def answer(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        response.success = not request.data
        response.message = "from us"
        return response

    node.create_service(SetBool, "switch", answer)
    assert peer.ask("call", "/robot1/switch", {"data": False}) == ["answered", "/robot1/switch", [True, "from us"]]
    assert peer.ask("call", "/robot1/switch", {"data": True}) == ["answered", "/robot1/switch", [False, "from us"]]


def test_we_call_the_peers_service(node: Node, peer: Peer) -> None:
    assert peer.ask("serve", "/peer/switch") == ["serving", "/peer/switch", SetBool._TYPE_HASH_]
    client = node.create_client(SetBool, "/peer/switch")
    assert client.wait_for_service(timeout_sec=30)
    answer = client.call(SetBool.Request(data=True), timeout_sec=30)
    assert answer == SetBool.Response(success=False, message="from the peer")


def test_a_peer_that_is_killed_leaves_our_graph_and_its_successor_is_heard(
    node: Node, peer: Peer, router: int, tmp_path: Path
) -> None:
    heard: list[str] = []
    node.create_subscription(String, "/talk", lambda m: heard.append(m.data), 10)
    peer.ask("advertise", "/talk", "String")
    eventually(lambda: node.count_publishers("/talk") == 1)
    peer.kill()
    eventually(lambda: node.count_publishers("/talk") == 0, within_s=5.0)
    successor = Peer(router, tmp_path)
    try:
        successor.ask("advertise", "/talk", "String")

        def one_came() -> bool:
            successor.tell("publish", "/talk", {"data": "again"})
            return bool(heard)

        eventually(one_came, every_s=0.1)
    finally:
        successor.kill()


@pytest.mark.usefixtures("wired")
def test_when_we_go_away_the_peer_goes_on_with_our_successor(peer: Peer) -> None:
    def answer(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        response.message = "from us"
        return response

    assert peer.ask("subscribe", "/talk", "String", ["data"]) == ["listening", "/talk"]
    for generation in ("first", "second"):
        ours = Ours()
        try:
            talk = ours.node.create_publisher(String, "/talk", 10)
            ours.node.create_service(SetBool, "switch", answer)
            eventually(lambda: talk.get_subscription_count() == 1)  # noqa: B023
            talk.publish(String(data=generation))
            assert peer.said.get(timeout=60) == ["heard", "/talk", generation]
            said = peer.ask("call", "/robot1/switch", {"data": True})
            assert said == ["answered", "/robot1/switch", [False, "from us"]]
        finally:
            ours.end()


def test_a_call_that_waits_for_a_peer_that_is_killed_ends_with_an_error(node: Node, peer: Peer) -> None:
    peer.ask("serve", "/peer/switch")
    client = node.create_client(SetBool, "/peer/switch")
    assert client.wait_for_service(timeout_sec=30)
    peer.kill()
    future = client.call_async(SetBool.Request())
    eventually(future.done)
    assert "no server answered" in str(future.exception())
    eventually(lambda: not client.service_is_ready(), within_s=5.0)
