"""Routers: robots between a center and a simulator, lost and found again.

center router ─┬─ robot 1's router ─┬─ simulator's router
               └─ robot 2's router ─┘
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from nav2_msgs.action import NavigateToPose
from std_msgs.msg import Int32, String
from std_srvs.srv import SetBool

from rclpy.action import ActionClient, ActionServer
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from ros_wire.router import Router, RouterError
from tests.helpers.waiting import eventually, free_port
from tests.unit.embedded.helpers import Ros, override, result_of

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PORTS = ("center", "robot1", "robot2", "sim")
UPSTREAM = {"center": (), "robot1": ("center",), "robot2": ("center",), "sim": ("robot1", "robot2")}
_domains = itertools.count(500)


class Site:
    """Four routers and a node at each; any can be closed and opened again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.ports = {name: free_port() for name in PORTS}
        self.domain = next(_domains)
        self.routers: dict[str, Router] = {}
        self.opened: list[Ros] = []

    def open_router(self, name: str) -> None:
        self.routers[name] = Router(
            listen=[f"tcp/127.0.0.1:{self.ports[name]}"],
            connect=[f"tcp/127.0.0.1:{self.ports[up]}" for up in UPSTREAM[name]],
        )

    def close_router(self, name: str) -> None:
        self.routers.pop(name).close()

    def at(self, name: str) -> Ros:
        """A new context at this router, as another process there would have it."""
        self.monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override(self.ports[name]))
        ros = Ros(domain=self.domain)
        self.opened.append(ros)
        return ros

    def node(self, name: str, node_name: str) -> Node:
        """A node at this router, spun on a thread of its own."""
        ros = self.at(name)
        node = ros.node(node_name)
        ros.spin(node)
        return node

    def close(self) -> None:
        for ros in self.opened:
            ros.close()
        for router in self.routers.values():
            router.close()


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site(monkeypatch)
    yield site
    site.close()


@pytest.fixture
def site(empty: Site) -> Site:
    for name in PORTS:
        empty.open_router(name)
    return empty


def heard_by(node: Node, topic: str, kind: Any = Int32, qos: QoSProfile | int = 100) -> list[Any]:
    seen: list[Any] = []
    node.create_subscription(kind, topic, lambda m: seen.append(m.data), qos)
    return seen


def serve_name(node: Node, name: str) -> None:
    def answer(request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        response.message = node.get_name()
        return response

    node.create_service(SetBool, name, answer)


def answers(client: Any) -> Any:
    """Whether a call is answered now."""
    future = client.call_async(SetBool.Request())
    eventually(future.done, what="the call ends, with an answer or an error")
    return future.exception() is None and future.result().message


def test_topics_cross_routers_exactly_once(site: Site) -> None:
    world, robot, center = site.node("sim", "world"), site.node("robot1", "mission"), site.node("center", "fleet")
    scans, states = heard_by(robot, "/r1/scan"), heard_by(center, "/r1/state")
    scan, state = world.create_publisher(Int32, "/r1/scan", 100), robot.create_publisher(Int32, "/r1/state", 100)

    def the_way_is_known() -> bool:
        scan.publish(Int32(data=-1))
        state.publish(Int32(data=-1))
        return bool(scans and states)

    eventually(the_way_is_known)
    for number in range(30):
        scan.publish(Int32(data=number))
        state.publish(Int32(data=number))
    eventually(lambda: scans[-1] == states[-1] == 29)
    assert [n for n in scans if n >= 0] == [n for n in states if n >= 0] == list(range(30))


def test_two_nodes_at_one_router_hear_each_other_exactly_once_also_when_one_joins_late(site: Site) -> None:
    base = site.node("robot1", "base")
    publisher = base.create_publisher(Int32, "/r1/odom", 100)
    heard = {name: heard_by(site.node("robot1", name), "/r1/odom") for name in ("mission", "media")}
    eventually(lambda: publisher.get_subscription_count() == 2)
    for number in range(30):
        publisher.publish(Int32(data=number))
    eventually(lambda: all(len(seen) >= 30 for seen in heard.values()))
    late = heard_by(site.node("robot1", "perception"), "/r1/odom")
    eventually(lambda: publisher.get_subscription_count() == 3)
    for number in range(30, 60):
        publisher.publish(Int32(data=number))
    eventually(lambda: late and late[-1] == 59 and all(len(seen) == 60 for seen in heard.values()))
    assert all(seen == list(range(60)) for seen in heard.values())
    assert late == list(range(late[0], 60)), "once each, in order"


def test_latched_samples_reach_whoever_comes_later_through_routers(site: Site) -> None:
    site.node("sim", "world").create_publisher(String, "/map", LATCHED).publish(String(data="the map"))
    seen = heard_by(site.node("center", "fleet"), "/map", String, LATCHED)
    eventually(lambda: seen == ["the map"])


def test_services_and_actions_cross_routers(site: Site) -> None:
    world, robot = site.node("sim", "world"), site.node("robot2", "mission")

    async def execute(handle: Any) -> NavigateToPose.Result:
        handle.publish_feedback(NavigateToPose.Feedback(distance_remaining=1.0))
        handle.succeed()
        return NavigateToPose.Result(error_msg="arrived")

    serve_name(world, "/r2/name")
    ActionServer(world, NavigateToPose, "/r2/navigate_to_pose", execute)
    client = robot.create_client(SetBool, "/r2/name")
    action = ActionClient(robot, NavigateToPose, "/r2/navigate_to_pose")
    assert client.wait_for_service(timeout_sec=30)
    assert action.wait_for_server(timeout_sec=30)
    assert answers(client) == "world"
    feedback: list[float] = []
    sent = action.send_goal_async(
        NavigateToPose.Goal(), feedback_callback=lambda m: feedback.append(m.feedback.distance_remaining)
    )
    assert result_of(result_of(sent).get_result_async()).result.error_msg == "arrived"
    eventually(lambda: feedback == [1.0])


def test_robots_and_simulator_go_on_without_the_center_and_find_it_again(site: Site) -> None:
    world, robot = site.node("sim", "world"), site.node("robot1", "mission")
    serve_name(world, "/r1/name")
    inside = robot.create_client(SetBool, "/r1/name")
    description = robot.create_publisher(String, "/r1/description", LATCHED)
    description.publish(String(data="first"))
    first = site.at("center")
    fleet = first.node("fleet")
    first.spin(fleet)
    seen = heard_by(fleet, "/r1/description", String, LATCHED)
    eventually(lambda: seen == ["first"] and inside.service_is_ready())

    site.close_router("center")
    first.close()
    eventually(lambda: robot.count_subscribers("/r1/description") == 0)
    assert answers(inside) == "world"
    description.publish(String(data="while it was away"))

    site.open_router("center")
    again = site.node("center", "fleet")
    seen = heard_by(again, "/r1/description", String, LATCHED)
    serve_name(again, "/center/name")
    outside = robot.create_client(SetBool, "/center/name")
    eventually(lambda: seen == ["while it was away"])
    assert outside.wait_for_service(timeout_sec=30)
    eventually(lambda: answers(outside) == "fleet", every_s=0.2)


def test_a_node_that_lived_through_the_loss_of_its_router_hears_latched_news_and_is_served_again(site: Site) -> None:
    robot, fleet = site.node("robot1", "mission"), site.node("center", "fleet")
    description = robot.create_publisher(String, "/r1/description", LATCHED)
    seen = heard_by(fleet, "/r1/description", String, LATCHED)
    serve_name(fleet, "/center/name")
    client = robot.create_client(SetBool, "/center/name")
    description.publish(String(data="one"))
    eventually(lambda: seen == ["one"] and client.service_is_ready())
    site.close_router("center")
    eventually(lambda: not client.service_is_ready())
    description.publish(String(data="two"))
    site.open_router("center")
    eventually(lambda: seen == ["one", "two"], what="the news, and nothing twice")
    eventually(lambda: answers(client) == "fleet", every_s=0.2)


def test_calls_that_wait_when_the_link_breaks_end_with_an_error(site: Site) -> None:
    fleet = site.at("center").node("fleet")  # never spun: it does not answer
    fleet.create_service(SetBool, "/center/name", lambda q, a: a)
    robot = site.node("robot1", "mission")
    client = robot.create_client(SetBool, "/center/name")
    assert client.wait_for_service(timeout_sec=30)
    future = client.call_async(SetBool.Request())
    eventually(lambda: any(service._pending() for service in fleet.services))
    site.close_router("center")
    eventually(future.done)
    assert "no server answered" in str(future.exception())


def test_nodes_may_start_before_their_router(empty: Site) -> None:
    talker, listener = empty.node("robot1", "talker"), empty.node("robot1", "listener")
    seen = heard_by(listener, "/news", String, LATCHED)
    talker.create_publisher(String, "/news", LATCHED).publish(String(data="early"))
    empty.open_router("robot1")
    eventually(lambda: seen == ["early"])


def test_a_port_that_is_taken_is_named(empty: Site) -> None:
    empty.open_router("center")
    with pytest.raises(RouterError, match=f"no router on tcp/127.0.0.1:{empty.ports['center']}"):
        empty.open_router("center")


def test_a_router_knows_its_neighbours(site: Site) -> None:
    robot = site.node("robot1", "mission")
    center, router = site.routers["center"], site.routers["robot1"]
    eventually(lambda: center.router_id in router.upstream_ids())
    eventually(lambda: router.peer_ids() == [robot.context.session.session_id])
    site.close_router("center")
    eventually(lambda: center.router_id not in router.upstream_ids())


def test_nodes_connect_to_their_neighbours_and_to_nobody_behind_another_router(site: Site) -> None:
    """Elsewhere "localhost" is another machine: a session there must not be tried."""

    def peers_of(node: Node) -> set[str]:
        return {str(zid) for zid in node.context.session.zenoh.info.peers_zid()}

    world, base, mission = site.node("sim", "world"), site.node("robot1", "base"), site.node("robot1", "mission")
    eventually(lambda: world.get_node_names().count("mission") == 1 and peers_of(base))
    assert peers_of(base) == {mission.context.session.session_id}
    assert peers_of(mission) == {base.context.session.session_id}
    assert peers_of(world) == set()
    assert [str(zid) for zid in base.context.session.zenoh.info.routers_zid()] == [site.routers["robot1"].router_id]


NODE = """
import sys, rclpy
from std_msgs.msg import String
from rclpy.qos import QoSProfile
rclpy.init(args=[], domain_id=int(sys.argv[1]))
node = rclpy.create_node("victim")
publisher = node.create_publisher(String, "/news", QoSProfile(depth=1, durability=1))
publisher.publish(String(data="from the victim"))
rclpy.spin(node)
"""


def test_a_process_that_is_killed_is_missed_within_a_second_and_its_successor_is_heard(site: Site) -> None:
    fleet = site.node("center", "fleet")
    seen = heard_by(fleet, "/news", String, LATCHED)

    def start() -> subprocess.Popen[bytes]:
        site.monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override(site.ports["robot1"]))
        return subprocess.Popen([sys.executable, "-c", NODE, str(site.domain)])

    process = start()
    try:
        eventually(lambda: seen == ["from the victim"] and "victim" in fleet.get_node_names())
        process.kill()
        process.wait()
        eventually(lambda: "victim" not in fleet.get_node_names(), within_s=5.0)
        process = start()
        eventually(lambda: seen == ["from the victim"] * 2)
    finally:
        process.kill()
        process.wait()
