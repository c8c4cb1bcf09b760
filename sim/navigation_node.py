"""Serves Nav2's `navigate_to_pose` for one simulated robot: goals in, feedback and results out."""

from __future__ import annotations

import math
from typing import Any

from builtin_interfaces.msg import Duration
from nav2_msgs.action import NavigateToPose
from nav2_msgs.msg import SpeedLimit

from patrol_core.geometry import Pose2
from patrol_wire.topics import RobotTopics
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.context import Context
from rclpy.node import Node
from rclpy.task import Future
from sim import ground_robot
from sim.inbox import Inbox
from sim.navigator import Steering
from sim.robot_node import pose_of, quaternion

_FAILED = 9000  # NavigateToPose leaves codes from 9000 to whoever implements it


class NavigationNode(Node):
    """The goal's execution is a coroutine that waits for the simulator's loop to end it."""

    def __init__(self, topics: RobotTopics, inbox: Inbox, *, context: Context) -> None:
        super().__init__("navigation", namespace=topics.namespace, context=context)
        self._robot_id = topics.robot_id
        self._inbox = inbox
        card = topics.cmd_vel_nav
        self._wheels: Any = self.create_publisher(card.type, card.name, card.qos or 1)
        self._twist = card.type
        self.create_subscription(SpeedLimit, f"{topics.namespace}/speed_limit", self._on_speed_limit, 1)
        self._actions: Any = ActionServer(
            self,
            NavigateToPose,
            topics.navigate_to_pose.name,
            execute_callback=self._execute,
            goal_callback=self._on_goal,
            cancel_callback=lambda _handle: CancelResponse.ACCEPT,
        )

    def publish_wish(self, wish: ground_robot.Twist) -> None:
        """What navigation wants of the wheels. Called by the simulator's loop."""
        message = self._twist()
        message.linear.x, message.angular.z = float(wish.speed_mps), float(wish.turn_radps)
        self._wheels.publish(message)

    def _on_goal(self, goal: Any) -> GoalResponse:
        pose = pose_of(goal.pose.pose)
        if goal.pose.header.frame_id not in {"", "map"}:
            self.get_logger().error(f"expected a goal in frame map; came {goal.pose.header.frame_id!r}")
            return GoalResponse.REJECT
        if not all(map(math.isfinite, (pose.x_m, pose.y_m, pose.heading_rad))):
            self.get_logger().error("expected a goal of finite numbers")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    async def _execute(self, handle: Any) -> Any:
        errand = GoalErrand(self, self._robot_id, handle)
        if not self._inbox.errand(errand):
            errand.gave_up("too many goals wait")
        return await errand.result

    def _on_speed_limit(self, message: SpeedLimit) -> None:
        if message.percentage:
            self.get_logger().warning("expected a speed limit in m/s; one in per cent is not kept")
            return
        limit = message.speed_limit
        self._inbox.limit(self._robot_id, limit if math.isfinite(limit) and limit > 0 else None)


class GoalErrand:
    """A goal of the action as an errand of the simulator. Its methods may be called from any thread."""

    def __init__(self, node: Node, robot_id: str, handle: Any) -> None:
        self.robot_id = robot_id
        self.goal: Pose2 = pose_of(handle.request.pose.pose)
        self.result: Future[Any] = Future(executor=node.executor)
        self._node = node
        self._handle = handle

    @property
    def cancel_requested(self) -> bool:
        return bool(self._handle.is_cancel_requested)

    def progress(self, steering: Steering, pose: Pose2) -> None:
        feedback = NavigateToPose.Feedback()
        feedback.current_pose.header.frame_id = "map"
        feedback.current_pose.pose.position.x = float(pose.x_m)
        feedback.current_pose.pose.position.y = float(pose.y_m)
        feedback.current_pose.pose.orientation = quaternion(pose)
        feedback.distance_remaining = float(steering.distance_remaining_m)
        feedback.estimated_time_remaining = _duration(steering.time_remaining_s)
        feedback.navigation_time = _duration(steering.navigation_time_s)
        feedback.number_of_recoveries = steering.recoveries
        self._handle.publish_feedback(feedback)

    def arrived(self) -> None:
        self._handle.succeed()
        self.result.set_result(NavigateToPose.Result())

    def gave_up(self, because: str) -> None:
        self._handle.abort()
        self.result.set_result(NavigateToPose.Result(error_code=_FAILED, error_msg=because))

    def cancelled(self) -> None:
        self._handle.canceled()
        self.result.set_result(NavigateToPose.Result())


def _duration(length_s: float) -> Duration:
    whole = int(length_s)
    return Duration(sec=whole, nanosec=int((length_s - whole) * 1e9))
