"""The perception process of one robot as the graph sees it: pictures and odometry in; boxes, sightings, health out."""

from __future__ import annotations

import logging
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from patrol_core.clock import FollowedClock, clock_at
from patrol_core.errors import ClockUnknown, InvalidInput
from patrol_core.geometry import Pose2
from patrol_core.heartbeat import heartbeat_from
from patrol_interfaces.msg import DetectionBox, Detections
from patrol_vision.camera import CameraModel
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.health import Condition, part_of
from patrol_vision.look import Look
from patrol_vision.odometry import PoseHistory
from patrol_vision.pace import PacePolicy
from patrol_vision.perception_process import PerceptionProcess
from patrol_vision.settings import CAMERA_ID, settings_from
from patrol_vision.sources.ros_image_driver import RosImageSource
from patrol_wire import convert, values
from patrol_wire.running_node import hold_ending, run_process, until_told
from patrol_wire.spinning_node import spinning
from patrol_wire.topics import CLOCK, RobotTopics, Topic
from rclpy.context import Context
from rclpy.node import Node

PART_EVERY_S = 1.0
_VIDEO_PX = 640, 480  # until a picture says otherwise
P = TypeVar("P")
log = logging.getLogger(__name__)


class VisionNode(Node):
    """Hears and speaks for the eyes. Its callbacks run in rclpy's thread and only hand on."""

    def __init__(self, *, speed: float = 1.0, context: Context | None = None) -> None:
        """`speed`: site seconds per real second; beside a simulator that scales time, `/clock` leads.

        Raises:
            InvalidInput: a parameter is missing or makes no sense; it is named.
        """
        super().__init__("vision", context=context)
        site_id = str(self.declare_parameter("site_id", "").value)
        self.robot_id = str(self.declare_parameter("robot_id", "").value)
        if not site_id or not self.robot_id:
            raise InvalidInput("expected the parameters site_id and robot_id; came none", where="vision node")
        self.camera = CameraModel(
            width_px=_VIDEO_PX[0],
            height_px=_VIDEO_PX[1],
            hfov_rad=math.radians(self._number("camera.hfov_deg", 70.0)),
            ahead_m=self._number("camera.ahead_m", 0.25),
            up_m=self._number("camera.up_m", 0.85),
            tilt_rad=math.radians(self._number("camera.tilt_deg", 0.0)),  # upward
        )
        self.fall_policy = self._policy("fall", FallPolicy)
        self.pace_policy = self._policy("vision", PacePolicy)
        topics = RobotTopics(site_id=site_id, robot_id=self.robot_id)
        self.poses = PoseHistory()
        self.source = RosImageSource(self, topics.image)
        self._times = clock_at(speed)
        if isinstance(self._times, FollowedClock):
            self._hears(CLOCK, self._on_clock)
        self._hears(topics.odom, self._on_odom)
        self._sightings = self._speaks(topics.sightings)
        self._detections = self._speaks(topics.detections)
        self._parts = self._speaks(topics.parts)
        self._condition: Callable[[], Condition] | None = None
        self._heartbeat = heartbeat_from(os.environ)
        self._timer: Any = self.create_timer(PART_EVERY_S, self._say_part)

    def attend(self, condition: Callable[[], Condition]) -> None:
        """From now on say once a second how the eyes fare."""
        self._condition = condition

    def tell(self, look: Look, size_px: tuple[int, int]) -> None:
        """Say what a picture came to; from the thread that looks."""
        self._detections.publish(detections_to(look, size_px, model=self._model()))
        for sighting in look.sightings:
            log.info("%s %s: %s", sighting.verdict.value, sighting.sighting_id, sighting.because)
            self._sightings.publish(convert.sighting_to(sighting))

    def _model(self) -> str:
        return (self._condition().model if self._condition else None) or ""

    def _say_part(self) -> None:
        self._heartbeat.beat()
        if self._condition is None:
            return
        try:
            now = self._times.now()
        except ClockUnknown:
            return
        self._parts.publish(convert.part_to(part_of(self._condition(), now)))

    def _on_clock(self, message: Any) -> None:
        if isinstance(self._times, FollowedClock):
            self._times.follow(values.time_from(message.clock))

    def _on_odom(self, message: Any) -> None:
        pose = pose_from_odometry(message)
        if pose is not None:
            self.poses.note(values.time_from(message.header.stamp), pose)

    def _number(self, name: str, default: float) -> float:
        return float(self.declare_parameter(name, default).value)

    def _policy(self, group: str, kind: Callable[..., P]) -> P:
        """A policy whose every figure is a parameter `<group>.<name>`."""
        found = {f.name: self.declare_parameter(f"{group}.{f.name}", f.default).value for f in fields(kind)}  # type: ignore[arg-type]
        return kind(**found)

    def _speaks(self, topic: Topic) -> Any:
        return self.create_publisher(topic.type, topic.name, topic.qos or 1)

    def _hears(self, topic: Topic, callback: Callable[[Any], None]) -> None:
        self.create_subscription(topic.type, topic.name, callback, topic.qos or 1)


def detections_to(look: Look, size_px: tuple[int, int], *, model: str) -> Detections:
    """The boxes of a look, in shares of the picture; an unknown distance becomes NaN."""
    width, height = size_px
    return Detections(
        picture_stamp=values.time_to(look.observed_at),
        camera_id=CAMERA_ID,
        model=model,
        boxes=[
            DetectionBox(
                track_id=str(person.track_id),
                kind="person",
                verdict=person.verdict.value if person.verdict else "",
                score=float(person.score),
                left=float(person.box[0] / width),
                top=float(person.box[1] / height),
                right=float(person.box[2] / width),
                bottom=float(person.box[3] / height),
                distance_m=math.nan if person.distance_m is None else float(person.distance_m),
            )
            for person in look.tracks
        ],
    )


def pose_from_odometry(message: Any) -> Pose2 | None:
    """nav_msgs/Odometry, its pose taken in frame `map`; None where it is not finite."""
    position, turn = message.pose.pose.position, message.pose.pose.orientation
    heading_rad = math.atan2(2 * (turn.w * turn.z + turn.x * turn.y), 1 - 2 * (turn.y * turn.y + turn.z * turn.z))
    if not all(map(math.isfinite, (position.x, position.y, heading_rad))):
        return None
    return Pose2(x_m=position.x, y_m=position.y, heading_rad=heading_rad)


def main(args: Sequence[str] | None = None) -> int:
    """Run the perception process until SIGTERM or SIGINT; the exit code."""
    hold_ending()
    return run_process(_run, args)


def _run() -> None:
    settings = settings_from(os.environ)
    node = VisionNode(speed=settings.speed)
    process = PerceptionProcess(node, settings)
    with spinning(node):
        process.start()
        until_told()
        process.end()


if __name__ == "__main__":
    sys.exit(main())
