"""What must not bring a node down or leave a trace: garbage on every key, a killed router, a thousand nodes."""

from __future__ import annotations

import gc
import itertools
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import zenoh
from nav2_msgs.action import NavigateToPose
from std_msgs.msg import String
from std_srvs.srv import SetBool

from rclpy._logger import outlets
from rclpy.action import ActionClient, ActionServer
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from ros_wire import attachment
from ros_wire.config import session_config
from ros_wire.names import Kind
from tests.helpers.waiting import eventually, free_port
from tests.unit.embedded.helpers import Ros, override, result_of

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
NOTE = attachment.pack(1, 2, b"0123456789abcdef")
_domains = itertools.count(900)


def echo(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
    response.success = request.data
    return response


def test_garbage_on_every_key_of_a_node_is_said_once_each_and_the_node_goes_on(
    ros: Ros, capfd: pytest.CaptureFixture[str]
) -> None:
    node = LifecycleNode("everything", context=ros.context, enable_logger_service=True)
    node.set_parameters([Parameter("use_sim_time", value=True)])
    node.create_subscription(String, "talk", lambda message: None, 10)
    node.create_subscription(String, "latched", lambda message: None, LATCHED)
    node.create_service(SetBool, "echo", echo)
    ActionServer(node, NavigateToPose, "drive", lambda handle: NavigateToPose.Result())
    ActionClient(node, NavigateToPose, "other_drive")
    ros.spin(node)
    graph = node.context.session.graph
    topics = {entity.topic: entity.data_key for entity in graph.entities(Kind.SUBSCRIPTION)}
    services = {entity.topic: entity.data_key for entity in graph.entities(Kind.SERVICE)}
    assert {"/clock", "/talk", "/latched", "/other_drive/_action/status"} <= set(topics)
    assert len(services) > 15
    said: list[str] = []

    def lines(topic: str) -> int:
        said.extend(capfd.readouterr().err.splitlines())
        return sum(f" {topic}: " in line for line in said)

    with zenoh.open(session_config()) as session:
        for topic, key in topics.items():
            publisher = session.declare_publisher(key)
            eventually(lambda: publisher.matching_status.matching, what=topic)  # noqa: B023
            for number, (payload, note) in enumerate(((b"\xff\xff\xff", NOTE), (b"\0\1\0\0", b"short")), 1):
                publisher.put(payload, attachment=note)
                eventually(lambda: lines(topic) == number, what=f"line {number} of {topic}")  # noqa: B023
        for key in services.values():
            for note in (NOTE, None):
                (reply,) = session.get(key, payload=b"\xff", attachment=note, timeout=60)
                assert reply.err is not None
                assert b"malformed" in reply.err.payload.to_bytes()
    for service in services:
        eventually(lambda: lines(service) == 2, what=f"two lines for {service}")  # noqa: B023
    client = node.create_client(SetBool, "echo")
    assert client.wait_for_service(timeout_sec=30)
    assert result_of(client.call_async(SetBool.Request(data=True))).success


def test_a_thousand_nodes_come_and_go_without_a_trace(ros: Ros) -> None:
    watcher = ros.node("watcher")
    executor = SingleThreadedExecutor(context=ros.context)
    session = ros.context.session
    known: list[weakref.ref[Node]] = []
    threads = set(threading.enumerate())  # some may be those of a test before, and still end

    def traces() -> tuple[int, ...]:
        return (
            sum(len(session.graph.entities(kind)) for kind in Kind), len(session.graph._by_topic),
            len(session.graph._listeners), len(session.graph._topic_listeners), len(ros.context._callbacks),
            len(outlets._of), len(executor._ready), len(executor._timers), len(set(threading.enumerate()) - threads),
        )  # fmt: skip

    before = traces()
    for number in range(1000):
        node = Node(f"passing_{number % 10}", context=ros.context, start_parameter_services=number % 100 == 0)
        node.create_timer(1.0, lambda: None)
        node.create_subscription(String, "talk", lambda message: None, 10)
        executor.add_node(node)
        node.destroy_node()
        known.append(weakref.ref(node))
    del node
    assert traces() == before
    assert watcher.get_node_names() == ["watcher"]
    gc.collect()
    assert sum(reference() is not None for reference in known) == 0


ROUTER = """
import signal, sys
from ros_wire.router import Router
with Router(listen=[f"tcp/127.0.0.1:{sys.argv[1]}"]):
    print("listening", flush=True)
    signal.pause()
"""


class KilledRouter:
    """A router in a process of its own, to be killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ROUTER, str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "listening\n"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def router() -> Iterator[KilledRouter]:
    made = KilledRouter()
    made.start()
    yield made
    made.kill()


@pytest.fixture
def apart(router: KilledRouter, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Ros]]:
    """Two contexts that reach each other through the router only."""
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", f'{override(router.port)};listen/endpoints=[];mode="client"')
    domain = next(_domains)
    opened = [Ros(domain=domain) for _ in range(2)]
    yield opened
    for ros in opened:
        ros.close()


def test_nodes_outlive_a_router_that_is_killed_and_started_again(router: KilledRouter, apart: list[Ros]) -> None:
    one, other = (ros.node(name) for ros, name in zip(apart, ("one", "other"), strict=True))
    talk = one.create_publisher(String, "/latched", LATCHED)
    heard: list[str] = []
    other.create_subscription(String, "/latched", lambda message: heard.append(message.data), LATCHED)
    client = other.create_client(SetBool, "/echo")
    apart[1].spin(other)
    one.create_service(SetBool, "/echo", echo)  # not spun yet: what is asked now waits
    talk.publish(String(data="before"))
    eventually(lambda: heard == ["before"] and client.service_is_ready())
    waiting = client.call_async(SetBool.Request(data=True))
    eventually(lambda: any(service._pending() for service in one.services))
    router.kill()
    eventually(waiting.done, what="the call that waited ends")
    assert "no server answered" in str(waiting.exception())
    eventually(lambda: not client.service_is_ready(), within_s=5.0, what="the loss is noticed")
    talk.publish(String(data="meanwhile"))
    router.start()
    apart[0].spin(one)
    eventually(lambda: heard[-1] == "meanwhile", within_s=60)

    def answered() -> Any:
        future = client.call_async(SetBool.Request(data=True))
        eventually(future.done)
        return future.exception() is None and future.result()

    eventually(answered, within_s=60, every_s=0.2)
    assert heard == ["before", "meanwhile"]


ENDING = """
import rclpy, sys
from rclpy.executors import ExternalShutdownException
from std_msgs.msg import String
rclpy.init(args=[], domain_id=int(sys.argv[1]))
node = rclpy.create_node("ending")
publisher = node.create_publisher(String, "talk", 10)
for number in range(20):
    node.create_subscription(String, "talk", lambda message: None, 10)
node.create_timer(0.001, lambda: publisher.publish(String(data="x" * 100)))
node.create_timer(0.05, rclpy.try_shutdown)
try:
    rclpy.spin(node)
except ExternalShutdownException:
    pass
"""


@pytest.mark.usefixtures("wired")
def test_a_process_with_many_subscriptions_ends_well_in_the_midst_of_traffic() -> None:
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", ENDING, str(next(_domains))],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


FLOOD = """
import sys, rclpy
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String
rclpy.init(domain_id=int(sys.argv[1]))
latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
publisher = rclpy.create_node("flood").create_publisher(String, "/talk", latched)
while True:
    publisher.publish(String(data="again"))
"""


@pytest.mark.timeout(60)
def test_latched_subscriptions_stand_while_their_topic_is_flooded(ros: Ros) -> None:
    node = ros.node("listener")
    with subprocess.Popen([sys.executable, "-c", FLOOD, str(ros.domain)]) as flood:
        try:
            eventually(lambda: ros.context.session.graph.count(Kind.PUBLISHER, "/talk") == 1, within_s=60)
            for _ in range(20):
                node.destroy_subscription(node.create_subscription(String, "/talk", lambda message: None, LATCHED))
        finally:
            flood.kill()
