"""A small navigation for tests: serves `navigate_to_pose`, drives straight, and fails as it is told to."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from nav2_msgs.action import NavigateToPose
from nav2_msgs.msg import SpeedLimit
from nav_msgs.msg import Odometry

from patrol_core.geometry import Point2, Pose2
from patrol_wire.topics import RobotTopics
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node

STEP_S = 0.02


@dataclass(slots=True)
class Behaviour:
    """How navigation behaves; a test may change it at any time."""

    speed_mps: float = 200.0
    rejects: bool = False
    silent: bool = False  # accepts, and never says another word
    slow_to_accept_s: float = 0.0
    unreachable_beyond_m: float = 1_000.0
    error: str = "no valid path found"
    stands: bool = False  # gives feedback, and does not move


@dataclass(slots=True)
class Journal:
    """What happened at the server."""

    asked: int = 0  # goals that came, answered or not
    goals: list[Pose2] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)  # succeeded, aborted, canceled
    speed_limits: list[float] = field(default_factory=list)
    driving: int = 0  # goals being executed now
    driving_most: int = 0


class NavigationServer(Node):
    """One robot's navigation, with its odometry."""

    def __init__(self, topics: RobotTopics, **arguments: Any) -> None:
        super().__init__("test_navigation", namespace=topics.namespace, **arguments)
        self.behaviour = Behaviour()
        self.journal = Journal()
        self.pose = Pose2(x_m=0.0, y_m=0.0)
        self._newest = 0
        self._lock = threading.Lock()
        group = ReentrantCallbackGroup()
        self._actions = ActionServer(
            self,
            NavigateToPose,
            topics.navigate_to_pose.name,
            execute_callback=self._execute,
            goal_callback=self._on_goal,
            cancel_callback=lambda _goal: CancelResponse.ACCEPT,
            callback_group=group,
        )
        self.create_subscription(SpeedLimit, f"{topics.namespace}/speed_limit", self._on_speed_limit, 1)
        self._odom = self.create_publisher(Odometry, topics.odom.name, topics.odom.qos)
        self.create_timer(0.1, self.publish_odometry, callback_group=group)

    def publish_odometry(self) -> None:
        """Say where the robot is."""
        message = Odometry()
        message.header.frame_id = "map"
        message.pose.pose.position.x = self.pose.x_m
        message.pose.pose.position.y = self.pose.y_m
        message.pose.pose.orientation.z = math.sin(self.pose.heading_rad / 2)
        message.pose.pose.orientation.w = math.cos(self.pose.heading_rad / 2)
        self._odom.publish(message)

    def _on_speed_limit(self, message: SpeedLimit) -> None:
        self.journal.speed_limits.append(message.speed_limit)

    def _on_goal(self, _goal: Any) -> Any:
        self.journal.asked += 1
        time.sleep(self.behaviour.slow_to_accept_s)
        return GoalResponse.REJECT if self.behaviour.rejects else GoalResponse.ACCEPT

    def _execute(self, handle: Any) -> Any:
        asked = handle.request.pose.pose
        heading = 2 * math.atan2(asked.orientation.z, asked.orientation.w)
        goal = Pose2(x_m=asked.position.x, y_m=asked.position.y, heading_rad=heading)
        with self._lock:
            self._newest += 1
            mine = self._newest
            self.journal.goals.append(goal)
            self.journal.driving += 1
            self.journal.driving_most = max(self.journal.driving_most, self.journal.driving)
        try:
            outcome = self._drive(handle, goal, mine)
        finally:
            with self._lock:
                self.journal.driving -= 1
        self.journal.ended.append(outcome)
        result = NavigateToPose.Result()
        if outcome == "aborted":
            result.error_msg = self.behaviour.error
        return result

    def _drive(self, handle: Any, goal: Pose2, mine: int) -> str:
        while self.context.ok():
            if handle.is_cancel_requested:
                handle.canceled()
                return "canceled"
            if mine != self._newest or goal.point.distance_m(Point2(0, 0)) > self.behaviour.unreachable_beyond_m:
                handle.abort()
                return "aborted"
            left_m = self.pose.point.distance_m(goal.point)
            if left_m < 1e-6:
                self.pose = goal
                self.publish_odometry()
                handle.succeed()
                return "succeeded"
            if not self.behaviour.silent:
                handle.publish_feedback(NavigateToPose.Feedback(distance_remaining=left_m))
            if not self.behaviour.stands and not self.behaviour.silent:
                share = min(1.0, self.behaviour.speed_mps * STEP_S / left_m)
                self.pose = Pose2(
                    x_m=self.pose.x_m + (goal.x_m - self.pose.x_m) * share,
                    y_m=self.pose.y_m + (goal.y_m - self.pose.y_m) * share,
                )
            time.sleep(STEP_S)
        return "shut down"
