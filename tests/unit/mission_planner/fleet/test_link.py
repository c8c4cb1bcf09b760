"""The center on the ROS graph: orders go out, states and reports come in, through a real router."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

import rclpy
from mission_planner.fleet.link import RosLink
from mission_planner.fleet.port import Ears
from patrol_core.errors import Unavailable
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.site import NO_WORDS, Site, Text
from patrol_core.source import Source, SourceKind
from patrol_wire import convert, values
from patrol_wire.topics import CLOCK, RobotTopics, SiteTopics
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, ShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from tests.helpers.waiting import free_port
from tests.unit.mission_planner.world import AT, DIGEST, soon, state

pytestmark = pytest.mark.anyio


@dataclass
class Heard:
    states: list[Any] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    speeches: list[Any] = field(default_factory=list)
    ticks: list[Any] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)

    def ears(self) -> Ears:
        return Ears(
            state=self.states.append,
            finding=self.findings.append,
            entry=self.entries.append,
            speech=self.speeches.append,
            clock=self.ticks.append,
            not_understood=lambda topic, because: self.complaints.append((topic, because)),
        )


class Robot:
    """A robot's side of the graph."""

    def __init__(self, site: Site, robot_id: str) -> None:
        self.context = Context()
        rclpy.init(context=self.context)
        self.node = Node("mission", context=self.context, namespace=f"/{site.site_id}/{robot_id}")
        own, shared = RobotTopics(site_id=site.site_id, robot_id=robot_id), SiteTopics(site_id=site.site_id)
        self.orders: list[Any] = []
        self.acks: list[Any] = []
        self.node.create_subscription(own.orders.type, own.orders.name, self.orders.append, own.orders.qos)
        self.node.create_subscription(shared.ack.type, shared.ack.name, self.acks.append, shared.ack.qos)
        self.state = self.node.create_publisher(own.state.type, own.state.name, own.state.qos)
        self.findings = self.node.create_publisher(shared.findings.type, shared.findings.name, shared.findings.qos)
        self.ledger = self.node.create_publisher(shared.ledger.type, shared.ledger.name, shared.ledger.qos)
        self.clock = self.node.create_publisher(CLOCK.type, CLOCK.name, CLOCK.qos)
        executor = SingleThreadedExecutor(context=self.context)
        executor.add_node(self.node)
        self.thread = threading.Thread(target=self._spin, args=(executor,), daemon=True)
        self.thread.start()

    def _spin(self, executor: SingleThreadedExecutor) -> None:
        try:
            executor.spin()
        except (ExternalShutdownException, ShutdownException):
            return

    def close(self) -> None:
        rclpy.shutdown(context=self.context)
        self.thread.join(30)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", f'connect/endpoints=["tcp/127.0.0.1:{port}"]')
    return port


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def link(site: Site, port: int, heard: Heard) -> AsyncIterator[RosLink]:
    link = RosLink(site, router_port=port, follow_clock=True)
    await link.start(heard.ears())
    yield link
    await link.close()


@pytest.fixture
def robot(site: Site, link: RosLink) -> Iterator[Robot]:
    robot = Robot(site, "r1")
    yield robot
    robot.close()


async def test_a_robots_words_come_in_as_they_were_said(link: RosLink, robot: Robot, heard: Heard) -> None:
    said = state("r1", sequence=7)
    await soon(lambda: robot.state.publish(convert.state_to(said)) or heard.states)
    assert heard.states[0] == said
    finding = Finding(
        finding_id=uuid7(),
        source=Source(kind=SourceKind.ROBOT, source_id="r1"),
        kind=IncidentKind.PERSON_FALLEN,
        phase=Phase.RAISED,
        position_m=Point2(1.0, 2.0),
        observed_at=AT,
        confidence=0.5,
        evidence=(DIGEST,),
    )
    await soon(lambda: robot.findings.publish(convert.finding_to(finding)) or heard.findings)
    assert heard.findings[0] == finding
    entry = LedgerEntry(
        report_id=uuid7(),
        mission_id=uuid7(),
        robot_id="r1",
        checkpoint_id="vp-sw",
        outcome=Outcome.SEEN,
        because=NO_WORDS,
        at=AT,
        pose=None,
        photos=(DIGEST,),
    )
    await soon(lambda: robot.ledger.publish(convert.ledger_entry_to(entry)) or heard.entries)
    assert heard.entries[0] == entry
    assert heard.complaints == []


async def test_orders_and_acknowledgements_go_out(link: RosLink, robot: Robot) -> None:
    order = Order(
        order_id=uuid7(),
        robot_id="r1",
        epoch=1,
        issued_at=AT,
        kind=OrderKind.DOCK,
        because=Text.same("下班"),
        mission_id=None,
    )
    await soon(lambda: link.publish(order) or robot.orders)
    assert convert.order_from(robot.orders[0]) == order
    ids = [uuid7() for _ in range(250)]

    def acknowledged() -> set[str]:
        link.acknowledge(ids)
        return {r for ack in robot.acks for r in ack.report_ids} >= {str(i) for i in ids}

    await soon(acknowledged)


async def test_site_time_comes_from_the_simulators_clock(link: RosLink, robot: Robot, heard: Heard) -> None:
    tick = CLOCK.type(clock=values.time_to(AT))
    await soon(lambda: robot.clock.publish(tick) or heard.ticks)
    assert heard.ticks[0] == AT


async def test_a_message_that_makes_no_sense_is_complained_about_and_hurts_nobody(
    link: RosLink, robot: Robot, heard: Heard
) -> None:
    broken = convert.state_to(state("r1"))
    broken.activity = "dancing"
    await soon(lambda: robot.state.publish(broken) or heard.complaints)
    topic, because = heard.complaints[0]
    assert topic == "/tiny/r1/state"
    assert "dancing" in because
    good = state("r1")
    await soon(lambda: robot.state.publish(convert.state_to(replace(good, sequence=2))) or heard.states)


async def test_orders_to_strangers_and_after_the_end_go_nowhere(site: Site, link: RosLink) -> None:
    order = Order(order_id=uuid7(), robot_id="r9", epoch=1, issued_at=AT, kind=OrderKind.DOCK, because=NO_WORDS)
    link.publish(order)
    await link.close()
    link.publish(replace(order, robot_id="r1"))
    link.acknowledge([uuid7()])
    assert link.trouble == "closed"
    await link.close()


async def test_a_router_port_that_is_taken_is_said_with_the_setting(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        link = RosLink(site, router_port=port, follow_clock=False)
        with pytest.raises(Unavailable, match=f"port {port} is taken.*RONDA_ROUTER_PORT"):
            await link.start(Heard().ears())
        await link.close()
