"""The name, type and QoS of every topic, service and action; both ends take them from here.

Names: `/<site>/<robot>/…` belongs to one robot, `/<site>/reports/…` to all robots of a site. The robot's own
names (odom, cmd_vel, navigate_to_pose, …) are Nav2's and the drivers', in the robot's namespace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import Twist
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import Odometry
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import BatteryState, Image
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from patrol_interfaces.msg import (
    Detections,
    Finding,
    LedgerEntry,
    Loudspeaker,
    Order,
    PartReport,
    ReportAck,
    RobotState,
    Sighting,
    Speech,
)
from patrol_interfaces.srv import CloseVideo, OpenVideo
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One name on the graph: absolute name, message, service or action type, QoS (None for services and actions)."""

    name: str
    type: Any
    qos: QoSProfile | None


def _qos(depth: int, *, reliable: bool = True, latched: bool = False) -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=depth,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
    )


CLOCK = Topic(name="/clock", type=Clock, qos=_qos(1, reliable=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTopics:
    """Topics all robots of a site share with the center."""

    site_id: str

    @property
    def findings(self) -> Topic:
        """Robot → center; resent by the outbox until acknowledged."""
        return Topic(name=f"/{ros_name(self.site_id)}/reports/findings", type=Finding, qos=_qos(100))

    @property
    def ledger(self) -> Topic:
        """Robot → center; resent by the outbox until acknowledged."""
        return Topic(name=f"/{ros_name(self.site_id)}/reports/ledger", type=LedgerEntry, qos=_qos(100))

    @property
    def speeches(self) -> Topic:
        """Robot → center, what became of words it was ordered to say; resent by the outbox until acknowledged."""
        return Topic(name=f"/{ros_name(self.site_id)}/reports/speeches", type=Speech, qos=_qos(100))

    @property
    def ack(self) -> Topic:
        """Center → robots, after the commit."""
        return Topic(name=f"/{ros_name(self.site_id)}/reports/ack", type=ReportAck, qos=_qos(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotTopics:
    """Topics of one robot."""

    site_id: str
    robot_id: str

    @property
    def namespace(self) -> str:
        """The ROS namespace of the robot's nodes."""
        return f"/{ros_name(self.site_id)}/{ros_name(self.robot_id)}"

    def _topic(self, leaf: str, kind: Any, qos: QoSProfile | None) -> Topic:
        return Topic(name=f"{self.namespace}/{leaf}", type=kind, qos=qos)

    @property
    def orders(self) -> Topic:
        """Center → robot; resent until the state carries the epoch."""
        return self._topic("orders", Order, _qos(20))

    @property
    def state(self) -> Topic:
        """Robot → center, 2 Hz and at every change."""
        return self._topic("state", RobotState, _qos(10))

    @property
    def odom(self) -> Topic:
        """Base driver → all; pose in frame `map` here, since the simulator localises perfectly (`odom` = `map`)."""
        return self._topic("odom", Odometry, _qos(5, reliable=False))

    @property
    def tf(self) -> Topic:
        """Base driver → all, in the robot's namespace, as Nav2 does for many robots."""
        return self._topic("tf", TFMessage, _qos(100))

    @property
    def battery(self) -> Topic:
        """Battery driver → mission; `percentage` 0..1, NaN unknown."""
        return self._topic("battery_state", BatteryState, _qos(1, latched=True))

    @property
    def cmd_vel_nav(self) -> Topic:
        """Navigation → the base's motion mux."""
        return self._topic("cmd_vel_nav", Twist, _qos(1))

    @property
    def cmd_vel(self) -> Topic:
        """The base's motion mux → motors."""
        return self._topic("cmd_vel", Twist, _qos(1))

    @property
    def e_stop(self) -> Topic:
        """Anybody on the robot → base; latched; true stops, false releases."""
        return self._topic("e_stop", Bool, _qos(1, latched=True))

    @property
    def image(self) -> Topic:
        """Front camera → vision, photos; 640×480 rgb8."""
        return self._topic("camera/image_raw", Image, _qos(1, reliable=False))

    @property
    def sightings(self) -> Topic:
        """Perception → mission: what the robot's own eyes make of somebody."""
        return self._topic("sightings", Sighting, _qos(20))

    @property
    def detections(self) -> Topic:
        """Perception → media: boxes for drawing over the video; the newest only."""
        return self._topic("detections", Detections, _qos(1, reliable=False))

    @property
    def parts(self) -> Topic:
        """Perception, media → mission: how they fare, once a second each."""
        return self._topic("parts", PartReport, _qos(10))

    @property
    def lights(self) -> Topic:
        """Mission → lights; latched; true is on."""
        return self._topic("lights", Bool, _qos(1, latched=True))

    @property
    def lights_state(self) -> Topic:
        """Lights driver → mission; latched; what they really do."""
        return self._topic("lights_state", Bool, _qos(1, latched=True))

    @property
    def speech(self) -> Topic:
        """Mission → voice: say this; again every second until it is over."""
        return self._topic("speech", Speech, _qos(5))

    @property
    def speech_state(self) -> Topic:
        """Voice → mission: how far that sentence has come; said again whenever it is asked for again."""
        return self._topic("speech_state", Speech, _qos(20))

    @property
    def loudspeaker(self) -> Topic:
        """Voice → mission, once a second: what it can say now."""
        return self._topic("loudspeaker", Loudspeaker, _qos(1))

    @property
    def open_video(self) -> Topic:
        """Service of media: a viewer's WebRTC offer in, the answer out."""
        return self._topic("media/open", OpenVideo, None)

    @property
    def close_video(self) -> Topic:
        """Service of media: a viewer left."""
        return self._topic("media/close", CloseVideo, None)

    @property
    def navigate_to_pose(self) -> Topic:
        """Mission → Nav2 (or the simulator's navigation)."""
        return self._topic("navigate_to_pose", NavigateToPose, None)


def ros_name(identifier: str) -> str:
    """An id as a ROS name token: dashes become underscores, a leading digit gets an `n`."""
    token = identifier.replace("-", "_")
    return f"n{token}" if token[:1].isdigit() else token
