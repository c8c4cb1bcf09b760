"""What whoever serves `navigate_to_pose` promises, asked of the simulator over the real wire; Nav2 would answer alike.

The robot's base process is the real one: navigation speaks to it, and the wheels obey only the base.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from action_msgs.msg import GoalStatus
from geometry_msgs.msg import PoseStamped
from nav2_msgs.action import NavigateToPose

import rclpy
from maps import load_site
from nav2_simple_commander.robot_navigator import BasicNavigator, TaskResult
from patrol_core.geometry import Pose2, wrap_rad
from patrol_wire.topics import CLOCK, RobotTopics, Topic
from patrol_wire.values import time_from
from rclpy.action import ActionClient
from rclpy.node import Node
from tests.helpers.mqtt import MemorySink, Served
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually

SPEED = 5.0
SITE = load_site("xinghe")
R1, R2 = (RobotTopics(site_id="xinghe", robot_id=r) for r in ("r1", "r2"))
NEAR = Pose2(x_m=106.0, y_m=92.0, heading_rad=math.pi / 2)  # east of the first robot's dock
FAR = SITE.viewpoints["vp-25"].pose
FURTHER = Pose2(x_m=106.0, y_m=98.0, heading_rad=math.pi / 2)
IN_A_HOUSE = Pose2(x_m=66.0, y_m=70.0)


class Client(Node):
    """Navigation's other end: sends goals, and keeps what it hears of both robots."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("client", **arguments)
        self.heard: dict[str, list[tuple[float, Any]]] = {}
        self._lock = threading.Lock()
        self.actions = {t.robot_id: ActionClient(self, NavigateToPose, t.navigate_to_pose.name) for t in (R1, R2)}

    def listen(self, topic: Topic) -> None:
        def keep(message: Any) -> None:
            with self._lock:
                self.heard.setdefault(topic.name, []).append((time.monotonic(), message))

        self.create_subscription(topic.type, topic.name, keep, topic.qos or 1)

    def messages(self, topic: Topic, *, since_s: float = 0.0) -> list[Any]:
        with self._lock:
            return [m for at_s, m in self.heard.get(topic.name, []) if at_s >= since_s]

    def newest(self, topic: Topic) -> Any:
        return eventually(lambda: self.messages(topic), within_s=60, what=topic.name)[-1]

    def pose(self, topics: RobotTopics = R1) -> Pose2:
        pose = self.newest(topics.odom).pose.pose
        heading_rad = 2 * math.atan2(pose.orientation.z, pose.orientation.w)
        return Pose2(x_m=pose.position.x, y_m=pose.position.y, heading_rad=wrap_rad(heading_rad))


def stamped(pose: Pose2, frame: str = "map") -> PoseStamped:
    made = PoseStamped()
    made.header.frame_id = frame
    made.pose.position.x, made.pose.position.y = float(pose.x_m), float(pose.y_m)
    made.pose.orientation.z, made.pose.orientation.w = math.sin(pose.heading_rad / 2), math.cos(pose.heading_rad / 2)
    return made


class Sent:
    """One goal, from sending to its result."""

    def __init__(self, client: Client, pose: Pose2, *, robot_id: str = "r1", frame: str = "map") -> None:
        goal = NavigateToPose.Goal(pose=stamped(pose, frame))
        self.feedback: list[Any] = []
        action = client.actions[robot_id]
        assert action.wait_for_server(timeout_sec=30)
        answer = action.send_goal_async(goal, feedback_callback=lambda m: self.feedback.append(m.feedback))
        eventually(answer.done, what="an answer to the goal")
        self.handle = answer.result()
        self._result = self.handle.get_result_async() if self.handle.accepted else None

    def ended(self, within_s: float = 60.0) -> tuple[int, Any]:
        """(status, result)."""
        eventually(self._result.done, within_s=within_s, what="the end of the goal")
        return self._result.result().status, self._result.result().result

    def cancel(self) -> None:
        asked = self.handle.cancel_goal_async()
        eventually(asked.done, what="an answer to the cancellation")


def ronda(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], env={**os.environ, **environment}, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def override() -> Iterator[str]:
    """The first robot's router; the second has none that it could be heard at but this one as well."""
    with router() as setting:
        yield setting


@pytest.fixture(scope="module")
def sensors() -> Iterator[MemorySink]:
    sink = MemorySink()
    with Served(sink, host="127.0.0.1", port=0) as served:
        sink.port = served.port  # type: ignore[attr-defined]
        yield sink


@pytest.fixture(scope="module")
def simulator(
    override: str, sensors: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.Popen[bytes]]:
    endpoint = override.split('"')[1]
    folder: Path = tmp_path_factory.mktemp("sim")
    scenario = folder / "covered.yaml"
    scenario.write_text("residents: 6\nevents:\n  - {at_s: 0, cover_camera: {robot: r2}}\n")
    base = ronda(
        *("-m", "patrol_onboard.base_node", "--ros-args", "-p", "site_id:=xinghe", "-p", "robot_id:=r1"),
        ZENOH_CONFIG_OVERRIDE=override,
        RONDA_DATA=str(folder / "r1"),
    )
    sim = ronda(
        *("-m", "patrol_bringup.cli", "sim", "--scenario", str(scenario), f"--robot-router=r1={endpoint}"),
        RONDA_SPEED=str(SPEED),
        RONDA_MQTT_PORT=str(sensors.port),
    )
    yield sim
    sim.send_signal(signal.SIGTERM)
    base.send_signal(signal.SIGTERM)
    assert sim.wait(timeout=60) == 0, "expected a clean end"
    base.wait(timeout=60)


@pytest.fixture(scope="module")
def client(simulator: subprocess.Popen[bytes], override: str) -> Iterator[Client]:
    with context(override) as opened, spun(Client(context=opened)) as node:
        for topic in (R1.odom, R2.odom, R1.battery, R1.tf, R1.cmd_vel_nav, R1.lights_state, R2.lights_state, CLOCK):
            node.listen(topic)
        yield node


def test_a_goal_is_driven_to_its_place_and_heading_with_feedback(client: Client) -> None:
    sent = Sent(client, NEAR)
    status, result = sent.ended()
    assert (status, result.error_code, result.error_msg) == (GoalStatus.STATUS_SUCCEEDED, 0, "")
    eventually(lambda: client.pose().point.distance_m(NEAR.point) <= 0.3)
    assert abs(wrap_rad(client.pose().heading_rad - NEAR.heading_rad)) <= 0.25
    left_m = [f.distance_remaining for f in sent.feedback]
    assert len(left_m) >= 3
    assert left_m[-1] < left_m[0]
    driven_s = [f.navigation_time.sec + f.navigation_time.nanosec * 1e-9 for f in sent.feedback]
    assert driven_s == sorted(driven_s)
    assert sent.feedback[0].estimated_time_remaining.sec > 2
    assert {f.current_pose.header.frame_id for f in sent.feedback} == {"map"}


def test_a_cancelled_goal_ends_as_cancelled_and_the_robot_stands(client: Client) -> None:
    sent = Sent(client, FAR)
    eventually(lambda: len(sent.feedback) > 3, what="it drives")
    sent.cancel()
    assert sent.ended()[0] == GoalStatus.STATUS_CANCELED
    eventually(lambda: client.newest(R1.odom).twist.twist.linear.x == 0.0, what="standing")


def test_a_goal_nobody_can_reach_is_aborted_in_words(client: Client) -> None:
    status, result = Sent(client, IN_A_HOUSE).ended()
    assert status == GoalStatus.STATUS_ABORTED
    assert result.error_code != 0
    assert "b1" in result.error_msg


def test_a_newer_goal_takes_over(client: Client) -> None:
    first = Sent(client, FAR)
    eventually(lambda: first.feedback, what="the first drives")
    second = Sent(client, NEAR)
    assert first.ended()[0] == GoalStatus.STATUS_ABORTED
    assert second.ended()[0] == GoalStatus.STATUS_SUCCEEDED


@pytest.mark.parametrize("pose", [Pose2(x_m=math.nan, y_m=0.0), Pose2(x_m=0.0, y_m=math.inf)])
def test_a_goal_of_no_numbers_is_rejected(client: Client, pose: Pose2) -> None:
    assert not Sent(client, pose).handle.accepted


def test_a_goal_in_another_frame_is_rejected(client: Client) -> None:
    assert not Sent(client, NEAR, frame="odom").handle.accepted


def test_the_lights_say_that_they_are_off_until_they_are_switched_on_and_then_on(client: Client) -> None:
    assert client.newest(R1.lights_state).data is False
    switch: Any = client.create_publisher(R1.lights.type, R1.lights.name, R1.lights.qos or 1)
    for on in (True, False, True):
        switch.publish(R1.lights.type(data=on))
        eventually(lambda on=on: client.newest(R1.lights_state).data is on, within_s=60, what=f"lights {on}")
    assert client.newest(R2.lights_state).data is False, "expected the other robot's lights to stay off"


def test_navigation_asks_for_motion_only_while_it_has_a_goal(client: Client) -> None:
    Sent(client, SITE.docks["dock-1"].pose).ended()
    client.newest(R1.odom)
    since_s = time.monotonic()
    eventually(lambda: len(client.messages(R1.odom, since_s=since_s)) > 10, what="a second of odometry")
    moving = [m for m in client.messages(R1.cmd_vel_nav, since_s=since_s) if m.linear.x or m.angular.z]
    assert moving == []


def test_a_robot_without_its_base_does_not_move_and_its_goal_is_given_up(client: Client) -> None:
    before = client.pose(R2)
    status, result = Sent(client, Pose2(x_m=235.0, y_m=92.0), robot_id="r2").ended()
    assert status == GoalStatus.STATUS_ABORTED
    assert "no progress for 20 s" in result.error_msg
    assert client.pose(R2) == before


def test_on_its_dock_the_robot_charges(client: Client) -> None:
    Sent(client, SITE.docks["dock-1"].pose).ended()
    since_s = time.monotonic()
    said = eventually(lambda: client.messages(R1.battery, since_s=since_s), what="the battery")[-1]
    assert said.power_supply_status in {said.POWER_SUPPLY_STATUS_CHARGING, said.POWER_SUPPLY_STATUS_FULL}
    assert 0.5 < said.percentage <= 1.0


def test_odometry_and_the_transforms_say_the_same(client: Client) -> None:
    odometry = client.newest(R1.odom)
    frames = {(t.header.frame_id, t.child_frame_id) for t in client.newest(R1.tf).transforms}
    assert odometry.header.frame_id == "map"
    assert odometry.child_frame_id == "base_link"
    assert frames == {("map", "odom"), ("odom", "base_link")}


def test_site_time_runs_at_its_speed(client: Client) -> None:
    def stamp() -> tuple[float, datetime]:
        at_s, message = client.heard[CLOCK.name][-1]
        return at_s, time_from(message.clock)

    client.newest(CLOCK)
    first_s, first = stamp()
    eventually(lambda: stamp()[0] - first_s > 2.0)
    last_s, last = stamp()
    assert (last - first).total_seconds() / (last_s - first_s) == pytest.approx(SPEED, rel=0.3)


def test_pictures_come_while_somebody_looks_and_show_the_moment_of_their_stamp(client: Client) -> None:
    client.listen(R1.image)
    client.listen(R2.image)
    picture = client.newest(R1.image)
    assert (picture.width, picture.height, picture.encoding, picture.step) == (640, 480, "rgb8", 1920)
    assert max(picture.data) > 200
    age_s = (time_from(client.newest(CLOCK).clock) - time_from(picture.header.stamp)).total_seconds()
    assert -0.5 * SPEED < age_s < 2.0 * SPEED
    assert not any(client.newest(R2.image).data), "expected the covered camera to see black"


def test_the_fixed_sensors_speak_over_mqtt(client: Client, sensors: Any) -> None:
    eventually(lambda: len({m.topic for m in sensors.kept}) == len(SITE.devices), within_s=60)


def test_a_persons_nav2_script_drives_the_simulated_robot_through_poses_and_along_waypoints(
    client: Client, override: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override)
    rclpy.init(args=[])
    try:
        navigator = BasicNavigator(namespace=R1.namespace)
        first, second, house = (stamped(pose) for pose in (FURTHER, NEAR, IN_A_HOUSE))
        assert navigator.goThroughPoses([first, second])
        remaining = []
        while not navigator.isTaskComplete():
            if navigator.getFeedback() is not None:
                remaining.append(navigator.getFeedback().number_of_poses_remaining)
        assert navigator.getResult() is TaskResult.SUCCEEDED
        assert sorted(set(remaining)) == [1, 2]
        assert client.pose().point.distance_m(NEAR.point) < 0.5
        assert navigator.followWaypoints([first, house, second])
        visited = set()
        while not navigator.isTaskComplete():
            if navigator.getFeedback() is not None:
                visited.add(navigator.getFeedback().current_waypoint)
        assert (navigator.getResult(), visited) == (TaskResult.FAILED, {0})
        (missed,) = navigator.result_future.result().result.missed_waypoints
        assert missed.index == 1
        assert not navigator.goThroughPoses([])
    finally:
        rclpy.try_shutdown()


def test_a_persons_nav2_script_drives_the_simulated_robot(
    client: Client, override: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override)
    rclpy.init(args=[])
    try:
        navigator = BasicNavigator(namespace=R1.namespace)
        goal = PoseStamped()
        goal.header.frame_id = "map"
        goal.pose.position.x, goal.pose.position.y = NEAR.x_m, NEAR.y_m + 4.0
        assert navigator.goToPose(goal)
        left_m = []
        while not navigator.isTaskComplete():
            if navigator.getFeedback() is not None:
                left_m.append(navigator.getFeedback().distance_remaining)
        assert navigator.getResult() is TaskResult.SUCCEEDED
        assert left_m[-1] < left_m[0]
        goal.pose.position.x, goal.pose.position.y = FAR.x_m, FAR.y_m
        assert navigator.goToPose(goal)
        navigator.cancelTask()
        while not navigator.isTaskComplete():
            pass
        assert navigator.getResult() is TaskResult.CANCELED
        goal.pose.position.x, goal.pose.position.y = IN_A_HOUSE.x_m, IN_A_HOUSE.y_m
        assert navigator.goToPose(goal)
        while not navigator.isTaskComplete():
            pass
        assert navigator.getResult() is TaskResult.FAILED
    finally:
        rclpy.try_shutdown()
