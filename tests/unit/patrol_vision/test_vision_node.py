"""The perception node on a real wire: pictures and odometry in; boxes, sightings and health out."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from nav_msgs.msg import Odometry
from sensor_msgs.msg import Image

import rclpy
from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.geometry import Point2, Pose2
from patrol_core.part import PartState
from patrol_core.sighting import Verdict
from patrol_vision.eyes import Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.pace import Pace, PacePolicy
from patrol_vision.vision_node import VisionNode
from patrol_vision.watcher import Watcher
from patrol_wire import convert, values
from patrol_wire.topics import RobotTopics
from rclpy.node import Node
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually
from tests.unit.patrol_vision.people import FRONT, lying_at, seen
from tests.unit.patrol_vision.scripted import ScriptedFinder, black, noise

TOPICS = RobotTopics(site_id="xinghe", robot_id="r1")
PARAMETERS = ["--ros-args", "-p", "site_id:='xinghe'", "-p", "robot_id:='r1'"]
ROBOT = Pose2(x_m=20.0, y_m=30.0, heading_rad=math.pi / 2)


class Robot(Node):
    """A camera and wheels, and ears for what the eyes say."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_robot", **arguments)
        self.picture = noise()
        self.has_odometry = True
        self.has_pictures = True
        self.heard: dict[str, list[Any]] = {"sightings": [], "detections": [], "parts": []}
        self._image = self.create_publisher(TOPICS.image.type, TOPICS.image.name, TOPICS.image.qos)
        self._odom = self.create_publisher(TOPICS.odom.type, TOPICS.odom.name, TOPICS.odom.qos)
        for name, heard in self.heard.items():
            topic = getattr(TOPICS, name)
            self.create_subscription(topic.type, topic.name, heard.append, topic.qos)
        self.create_timer(0.05, self._say)

    def _say(self) -> None:
        stamp = values.time_to(datetime.now(UTC))
        if self.has_odometry:
            odometry = Odometry()
            odometry.header.stamp = stamp
            odometry.pose.pose.position.x, odometry.pose.pose.position.y = ROBOT.x_m, ROBOT.y_m
            odometry.pose.pose.orientation.z = math.sin(ROBOT.heading_rad / 2)
            odometry.pose.pose.orientation.w = math.cos(ROBOT.heading_rad / 2)
            self._odom.publish(odometry)
        if self.has_pictures:
            height, width, _ = self.picture.shape
            image = Image(height=height, width=width, step=3 * width, encoding="rgb8")
            image.header.stamp = stamp
            image.data = array("B", self.picture.tobytes())
            self._image.publish(image)

    @property
    def sightings(self) -> list[Any]:
        return [convert.sighting_from(message) for message in self.heard["sightings"]]

    @property
    def part(self) -> Any:
        """The newest word of the part "vision"."""
        return convert.part_from(self.heard["parts"][-1]) if self.heard["parts"] else None


class Models:
    """Missing until they are put there."""

    def __init__(self, finder: ScriptedFinder | None) -> None:
        self.finder = finder

    def load(self) -> ScriptedFinder:
        if self.finder is None:
            raise Unavailable("pose.tflite is missing")
        return self.finder


@contextmanager
def eyes_of(models: Models) -> Iterator[Robot]:
    """A robot whose perception node looks with these models."""
    with router() as override, context(override) as theirs:
        ours = rclpy.Context()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ZENOH_CONFIG_OVERRIDE", override)
            rclpy.init(context=ours, args=PARAMETERS)
        node, robot = VisionNode(context=ours), Robot(context=theirs)
        watcher = Watcher(
            source=node.source,
            load=models.load,
            eyes=lambda finder: Eyes(finder, node.camera, FallWatch(node.fall_policy, "front", finder.name)),
            pose_at=node.poses.at,
            tell=node.tell,
            pace=Pace(PacePolicy(rate_hz=10.0, suspect_rate_hz=10.0, load_max=1.0, suspect_load_max=1.0)),
            again_s=0.1,
        )
        node.attend(lambda: watcher.condition)
        thread = threading.Thread(target=watcher.run, name="eyes of a test")
        thread.start()
        try:
            with spun(node), spun(robot):
                yield robot
                watcher.end()
                node.source.close()
                thread.join(30)
        finally:
            watcher.end()
            rclpy.try_shutdown(context=ours)


@pytest.fixture
def finder() -> ScriptedFinder:
    return ScriptedFinder()


@pytest.fixture
def robot(finder: ScriptedFinder) -> Iterator[Robot]:
    with eyes_of(Models(finder)) as robot:
        yield robot


def lies_ahead(finder: ScriptedFinder) -> None:
    """Three metres before the robot, for a camera mounted as the node's is by default."""
    finder.views = [seen(lying_at(3.0, 0.0), FRONT, FRONT.at(Pose2(x_m=0.0, y_m=0.0)))]


def test_who_lies_is_suspected_and_confirmed_with_place_and_photo(robot: Robot, finder: ScriptedFinder) -> None:
    lies_ahead(finder)
    confirmed = eventually(
        lambda: next((s for s in robot.sightings if s.verdict is Verdict.CONFIRMED), None), within_s=40, what="proof"
    )
    assert robot.sightings[0].verdict is Verdict.SUSPECTED
    assert confirmed.position_m.distance_m(Point2(ROBOT.x_m, ROBOT.y_m + 3.0)) < 0.5
    assert confirmed.photo_jpeg[:2] == b"\xff\xd8"
    assert confirmed.model == finder.name


def test_boxes_are_shares_of_the_picture_with_their_distance_and_the_pictures_stamp(
    robot: Robot, finder: ScriptedFinder
) -> None:
    lies_ahead(finder)
    message = eventually(lambda: next((m for m in robot.heard["detections"] if m.boxes), None), within_s=60)
    (box,) = message.boxes
    left, top, right, bottom = finder.views[0].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(
        (left / 640, top / 480, right / 640, bottom / 480), abs=1e-4
    )
    assert box.distance_m == pytest.approx(2.75, abs=0.05)
    assert message.camera_id == "front"
    assert abs((datetime.now(UTC) - values.time_from(message.picture_stamp)).total_seconds()) < 20


def test_a_picture_with_nobody_in_it_is_said_too(robot: Robot) -> None:
    assert eventually(lambda: robot.heard["detections"], within_s=60)[-1].boxes == []


def test_the_part_says_that_all_is_well_and_with_which_model(robot: Robot, finder: ScriptedFinder) -> None:
    part = eventually(lambda: robot.part if robot.part and robot.part.state is PartState.OK else None, within_s=60)
    assert part.version == finder.name


def test_missing_models_are_said_aloud_and_found_when_they_come(finder: ScriptedFinder) -> None:
    models = Models(None)
    with eyes_of(models) as robot:
        part = eventually(lambda: robot.part, within_s=60, what="a word of the part")
        assert part.state is PartState.UNAVAILABLE
        assert "pose.tflite is missing" in part.because.en
        assert robot.heard["detections"] == []
        models.finder = finder
        eventually(lambda: robot.part.state is PartState.OK, within_s=60, what="the part is well")


def test_a_covered_camera_is_degraded_and_finds_nothing(robot: Robot, finder: ScriptedFinder) -> None:
    robot.picture = black()
    lies_ahead(finder)
    eventually(lambda: robot.part and robot.part.state is PartState.DEGRADED, within_s=60)
    assert "covered" in robot.part.because.en
    assert robot.sightings == []


def test_a_camera_that_says_nothing_is_unavailable(robot: Robot) -> None:
    eventually(lambda: robot.heard["detections"], within_s=60)
    robot.has_pictures = False
    eventually(lambda: robot.part and robot.part.state is PartState.UNAVAILABLE, within_s=60)
    assert "no pictures" in robot.part.because.en


def test_a_robot_that_does_not_know_where_it_is_gives_boxes_without_a_position(
    robot: Robot, finder: ScriptedFinder
) -> None:
    robot.has_odometry = False
    eventually(lambda: robot.part and "place is unknown" in robot.part.because.en, within_s=60)
    lies_ahead(finder)
    sighting = eventually(lambda: robot.sightings, within_s=60)[-1]
    assert sighting.position_m is None


def test_without_its_name_the_process_refuses_to_start_in_words() -> None:
    with router() as override, context(override) as ours, pytest.raises(InvalidInput, match="site_id and robot_id"):
        VisionNode(context=ours)


def test_the_process_stays_up_without_models_and_ends_when_told(tmp_path) -> None:
    with router() as override, context(override) as theirs:
        robot = Robot(context=theirs)
        log = (tmp_path / "log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "patrol_bringup.cli", "robot-perception", "--", *PARAMETERS],
            env={**os.environ, "ZENOH_CONFIG_OVERRIDE": override, "RONDA_MODELS": str(tmp_path / "nowhere")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            with spun(robot):
                part = eventually(lambda: robot.part, within_s=60, what="a word of the part")
                assert part.state is PartState.UNAVAILABLE
                assert process.poll() is None
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
        finally:
            if process.poll() is None:
                process.kill()
            log.close()
    assert "nobody is looked for" in (tmp_path / "log").read_text()
