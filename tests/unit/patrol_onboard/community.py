"""The world of one robot for tests: its navigation, camera and battery, and the center at the other end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from sensor_msgs.msg import BatteryState, Image
from std_msgs.msg import Bool

from patrol_core.finding import Finding
from patrol_core.geometry import Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, MissionState
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import MissionProgress, RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import NO_WORDS, Text
from patrol_core.speech import Speech
from patrol_interfaces.msg import ReportAck
from patrol_wire import convert, values
from patrol_wire.topics import RobotTopics, SiteTopics
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node
from ros_wire.router import Router
from tests.contract.navigation_server import NavigationServer
from tests.helpers.ros import context, spun
from tests.helpers.waiting import eventually, free_port
from tests.unit.patrol_onboard.evidence_server import TOKEN, EvidenceServer
from tests.unit.patrol_onboard.pictures import Pixels, street

RONDA = (sys.executable, "-m", "patrol_bringup.cli")
SITE, TOPICS = SiteTopics(site_id="xinghe"), RobotTopics(site_id="xinghe", robot_id="r1")


class Sensors(Node):
    """The robot's battery and camera."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_sensors", namespace=TOPICS.namespace, **arguments)
        self.battery: float | None = 90.0
        self.charging = False
        self.picture: Pixels | None = street()
        self.most_watchers = 0
        self._battery = self.create_publisher(BatteryState, TOPICS.battery.name, TOPICS.battery.qos)
        self._image = self.create_publisher(Image, TOPICS.image.name, TOPICS.image.qos)
        self.create_timer(0.2, self.say_battery)
        self.create_timer(0.1, self.show)

    @property
    def watchers(self) -> int:
        """How many look through the camera."""
        return int(self._image.get_subscription_count())

    def say_battery(self) -> None:
        if self.battery is not None:
            status = BatteryState.POWER_SUPPLY_STATUS_CHARGING if self.charging else 2
            self._battery.publish(BatteryState(percentage=self.battery / 100, power_supply_status=status, present=True))

    def show(self) -> None:
        if self.picture is None or not self.watchers:
            return
        message = Image(height=480, width=640, encoding="rgb8", step=1920, data=self.picture.tobytes())
        message.header.stamp = values.time_to(datetime.now(UTC))
        self._image.publish(message)
        self.most_watchers = max(self.most_watchers, self.watchers)


class CenterNode(Node):
    """The center's ears and mouth: it may go deaf, or forget to acknowledge."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_center", **arguments)
        self.acknowledges = True
        self.states: list[RobotState] = []
        self.ledger: dict[UUID, LedgerEntry] = {}
        self.findings: dict[UUID, Finding] = {}
        self.speeches: dict[UUID, list[Speech]] = {}  # every word about each order
        self.reports_heard = 0
        self.epoch = 0
        group = ReentrantCallbackGroup()
        self._orders = self.create_publisher(TOPICS.orders.type, TOPICS.orders.name, TOPICS.orders.qos)
        self._ack = self.create_publisher(ReportAck, SITE.ack.name, SITE.ack.qos)
        heard = (
            (TOPICS.state, self._on_state),
            (SITE.ledger, self._on_ledger),
            (SITE.findings, self._on_finding),
            (SITE.speeches, self._on_speech),
        )
        for topic, callback in heard:
            self.create_subscription(topic.type, topic.name, callback, topic.qos, callback_group=group)

    def _on_state(self, message: Any) -> None:
        self.states.append(convert.state_from(message))

    def _on_ledger(self, message: Any) -> None:
        entry = convert.ledger_entry_from(message)
        self.reports_heard += 1
        if self.acknowledges:
            self.ledger[entry.report_id] = entry
            self._ack.publish(ReportAck(report_ids=[str(entry.report_id)]))

    def _on_finding(self, message: Any) -> None:
        finding = convert.finding_from(message)
        if self.acknowledges:
            self.findings[finding.finding_id] = finding
            self._ack.publish(ReportAck(report_ids=[str(finding.finding_id)]))

    def _on_speech(self, message: Any) -> None:
        speech = convert.speech_from(message)
        self.speeches.setdefault(speech.order_id, []).append(speech)
        if self.acknowledges:
            self._ack.publish(ReportAck(report_ids=[str(speech.order_id)]))

    @property
    def state(self) -> RobotState | None:
        return self.states[-1] if self.states else None

    def mission(self, mission_id: UUID) -> MissionProgress | None:
        """What the robot says about a mission."""
        missions = self.state.missions if self.state else ()
        return next((m for m in missions if m.mission_id == mission_id), None)

    def order(self, kind: OrderKind, **more: Any) -> Order:
        """Give the next order, again and again until the robot took it."""
        self.epoch += 1
        order = Order(
            order_id=uuid7(),
            robot_id="r1",
            epoch=self.epoch,
            issued_at=datetime.now(UTC),
            kind=kind,
            **{"because": NO_WORDS, **more},
        )

        def taken() -> bool:
            self._orders.publish(convert.order_to(order))
            return self.state is not None and self.state.order_epoch >= order.epoch

        eventually(taken, within_s=60, every_s=0.2, what=f"order {order.epoch} taken")
        return order

    def start(self, *poses: tuple[float, float], kind: MissionKind = MissionKind.PATROL, dwell_s: float = 0.1) -> UUID:
        """Order a mission along these points; its id."""
        mission_id = uuid7()
        stops = tuple(
            Checkpoint(
                checkpoint_id=f"vp-{n:02}", pose=Pose2(x_m=x, y_m=y), name=Text.same(f"点位 {n}"), dwell_s=dwell_s
            )
            for n, (x, y) in enumerate(poses, start=1)
        )
        self.order(OrderKind.START, mission_id=mission_id, mission_kind=kind, name=Text.same("早班"), checkpoints=stops)
        return mission_id


class Eyes:
    """What the robot's perception would say, and its lights."""

    def __init__(self, node: Node) -> None:
        self.lights: list[bool] = []
        self._sightings = node.create_publisher(TOPICS.sightings.type, TOPICS.sightings.name, TOPICS.sightings.qos)
        self._lights_state = node.create_publisher(Bool, TOPICS.lights_state.name, TOPICS.lights_state.qos)
        node.create_subscription(Bool, TOPICS.lights.name, self._on_lights, TOPICS.lights.qos)
        eventually(lambda: self._sightings.get_subscription_count() > 0, what="the mission listening to its eyes")

    def say(self, verdict: Verdict, sighting_id: UUID) -> None:
        """A word about somebody far from every lane, so that the robot looks from where it is."""
        at = datetime.now(UTC)
        sighting = Sighting(
            sighting_id=sighting_id,
            camera_id="front",
            kind=IncidentKind.PERSON_FALLEN,
            verdict=verdict,
            position_m=Point2(5_000.0, 5_000.0),
            first_seen_at=at,
            observed_at=at,
            confidence=0.9,
            model="test 0123",
            because=Text.same("躺着不动"),
            photo_jpeg=b"\xff\xd8\xff" + verdict.value.encode() * 100,
        )
        self._sightings.publish(convert.sighting_to(sighting))

    def lights_are(self, on: bool) -> None:
        """The lights' driver says so."""
        self._lights_state.publish(Bool(data=on))

    def _on_lights(self, message: Any) -> None:
        if self.lights[-1:] != [message.data]:
            self.lights.append(message.data)


@dataclass(slots=True, kw_only=True)
class Community:
    """All of it."""

    navigation: NavigationServer
    sensors: Sensors
    center: CenterNode
    evidence: EvidenceServer
    data: Path
    environment: dict[str, str]
    robots: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_robot(self, *, data: Path | None = None, arguments: Sequence[str] = (), **environment: str) -> Any:
        """Start `ronda robot --id r1`."""
        data = data or self.data
        data.mkdir(parents=True, exist_ok=True)
        with (data.parent / "robot.log").open("ab") as out:
            robot = subprocess.Popen(
                [*RONDA, "robot", "--id", "r1", *arguments],
                env={**self.environment, "RONDA_DATA": str(data), **environment},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.robots.append(robot)
        return robot

    @property
    def log(self) -> str:
        return (self.data.parent / "robot.log").read_text()

    def up(self) -> None:
        """Wait until the robot speaks."""
        eventually(lambda: self.center.state is not None, within_s=60, what="the robot's first word")

    def child(self, name: str) -> psutil.Process:
        """The robot's process of that subcommand."""

        def found() -> psutil.Process | None:
            children = psutil.Process(self.robots[-1].pid).children()
            return next((c for c in children if name in _command_line(c)), None)

        return eventually(found, what=name)

    def wait_mission(self, mission_id: UUID, state: MissionState, *, within_s: float = 40.0) -> MissionProgress:
        """Wait until the robot says so."""

        def reached() -> MissionProgress | None:
            progress = self.center.mission(mission_id)
            return progress if progress is not None and progress.state is state else None

        return eventually(reached, within_s=within_s, what=f"{state}; the robot said {self.center.state}\n{self.log}")

    def entries(self, mission_id: UUID) -> list[LedgerEntry]:
        """What the center has of a ledger."""
        return [e for e in self.center.ledger.values() if e.mission_id == mission_id]


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []  # just died


@contextmanager
def community(folder: Path) -> Iterator[Community]:
    """A community with everything but the robot's own processes; those are ended with the block."""
    port, own_port = free_port(), free_port()
    token = folder / "token"
    token.write_text(TOKEN)
    with ExitStack() as stack:
        stack.enter_context(Router(listen=[f"tcp/127.0.0.1:{port}"]))
        override = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'
        evidence = stack.enter_context(EvidenceServer())
        opened = stack.enter_context(context(override))
        executor = MultiThreadedExecutor(6, context=opened)
        navigation, sensors, center = (
            NavigationServer(TOPICS, context=opened),
            Sensors(context=opened),
            CenterNode(context=opened),
        )
        executor.add_node(sensors)
        executor.add_node(center)
        stack.enter_context(spun(navigation, executor=executor))
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("RONDA_", "ZENOH_"))},
            "RONDA_SITE": "xinghe",
            "RONDA_CENTER_URL": evidence.url,
            "RONDA_CENTER_ROUTER": f"tcp/127.0.0.1:{port}",
            "RONDA_ROBOT_ROUTER_PORT": str(own_port),
            "RONDA_ROBOT_TOKEN_FILE": str(token),
        }
        here = Community(
            navigation=navigation,
            sensors=sensors,
            center=center,
            evidence=evidence,
            data=folder / "r1",
            environment=environment,
        )
        try:
            yield here
        finally:
            for robot in here.robots:
                if robot.poll() is None:
                    robot.send_signal(signal.SIGTERM)
                    robot.wait(60)
