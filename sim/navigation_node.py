"""Serves Nav2's goals for one simulated robot: to a pose, through poses, along waypoints; feedback and results out."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from builtin_interfaces.msg import Duration
from geometry_msgs.msg import PoseStamped
from nav2_msgs.action import FollowWaypoints, NavigateThroughPoses, NavigateToPose
from nav2_msgs.msg import MissedWaypoint, SpeedLimit

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
_THROUGH_FAILED = 9100  # and NavigateThroughPoses those from 9100
Tell = Callable[[int, int, Steering, Pose2], Any]  # which pose of how many, how it drives there and where it is


class NavigationNode(Node):
    """Each pose of a goal is driven to in turn; a coroutine waits for the simulator's loop to end each."""

    def __init__(self, topics: RobotTopics, inbox: Inbox, *, context: Context) -> None:
        super().__init__("navigation", namespace=topics.namespace, context=context)
        self._robot_id = topics.robot_id
        self._inbox = inbox
        card = topics.cmd_vel_nav
        self._wheels: Any = self.create_publisher(card.type, card.name, card.qos or 1)
        self._twist = card.type
        self.create_subscription(SpeedLimit, f"{topics.namespace}/speed_limit", self._on_speed_limit, 1)
        self._offer(NavigateToPose, topics.navigate_to_pose.name, _to_pose)
        self._offer(NavigateThroughPoses, f"{topics.namespace}/navigate_through_poses", _through_poses)
        self._offer(FollowWaypoints, f"{topics.namespace}/follow_waypoints", _waypoint)

    def publish_wish(self, wish: ground_robot.Twist) -> None:
        """What navigation wants of the wheels. Called by the simulator's loop."""
        message = self._twist()
        message.linear.x, message.angular.z = float(wish.speed_mps), float(wish.turn_radps)
        self._wheels.publish(message)

    def _offer(self, kind: Any, name: str, tell: Tell) -> None:
        ActionServer(
            self,
            kind,
            name,
            execute_callback=partial(self._execute, kind, tell),
            goal_callback=self._on_goal,
            cancel_callback=lambda _handle: CancelResponse.ACCEPT,
        )

    def _on_goal(self, goal: Any) -> GoalResponse:
        wrong = _wrong_with(goal)
        if wrong:
            self.get_logger().error(wrong)
        return GoalResponse.REJECT if wrong else GoalResponse.ACCEPT

    async def _execute(self, kind: Any, tell: Tell, handle: Any) -> Any:
        poses = _poses(handle.request)
        for index, pose in enumerate(poses):
            leg = Leg(self, self._robot_id, handle, pose_of(pose.pose), partial(tell, index, len(poses)))
            if not self._inbox.errand(leg):
                leg.gave_up("too many goals wait")
            because = await leg.ended
            if leg.was_cancelled:
                handle.canceled()
                return kind.Result()
            if because is not None:
                handle.abort()
                return _failed(kind, because, poses, index)
        handle.succeed()
        return kind.Result()

    def _on_speed_limit(self, message: SpeedLimit) -> None:
        if message.percentage:
            self.get_logger().warning("expected a speed limit in m/s; one in per cent is not kept")
            return
        limit = message.speed_limit
        self._inbox.limit(self._robot_id, limit if math.isfinite(limit) and limit > 0 else None)


class Leg:
    """One pose of a goal as an errand of the simulator. Its methods may be called from any thread."""

    def __init__(
        self, node: Node, robot_id: str, handle: Any, goal: Pose2, tell: Callable[[Steering, Pose2], Any]
    ) -> None:
        self.robot_id = robot_id
        self.goal = goal
        self.ended: Future[str | None] = Future(executor=node.executor)  # why it did not arrive; None: it did
        self.was_cancelled = False
        self._handle = handle
        self._tell = tell

    @property
    def cancel_requested(self) -> bool:
        return bool(self._handle.is_cancel_requested)

    def progress(self, steering: Steering, pose: Pose2) -> None:
        self._handle.publish_feedback(self._tell(steering, pose))

    def arrived(self) -> None:
        self.ended.set_result(None)

    def gave_up(self, because: str) -> None:
        self.ended.set_result(because)

    def cancelled(self) -> None:
        self.was_cancelled = True
        self.ended.set_result("it was cancelled")


def _poses(goal: Any) -> list[PoseStamped]:
    return [goal.pose] if isinstance(goal, NavigateToPose.Goal) else list(goal.poses)


def _wrong_with(goal: Any) -> str:
    """Why a goal is rejected; empty where it is not."""
    poses = _poses(goal)
    if not poses:
        return "expected at least one pose; came none"
    for stamped in poses:
        pose = pose_of(stamped.pose)
        if stamped.header.frame_id not in {"", "map"}:
            return f"expected a goal in frame map; came {stamped.header.frame_id!r}"
        if not all(map(math.isfinite, (pose.x_m, pose.y_m, pose.heading_rad))):
            return "expected a goal of finite numbers"
    if isinstance(goal, FollowWaypoints.Goal) and (goal.number_of_loops or goal.goal_index):
        return "expected waypoints to visit once, from the first on"
    return ""


def _failed(kind: Any, because: str, poses: list[PoseStamped], index: int) -> Any:
    if kind is FollowWaypoints:
        missed = [MissedWaypoint(index=index, goal=poses[index], error_code=_FAILED)]
        return kind.Result(error_code=kind.Result.UNKNOWN, error_msg=because, missed_waypoints=missed)
    return kind.Result(error_code=_FAILED if kind is NavigateToPose else _THROUGH_FAILED, error_msg=because)


def _to_pose(index: int, total: int, steering: Steering, pose: Pose2) -> Any:
    return _filled(NavigateToPose.Feedback(), steering, pose)


def _through_poses(index: int, total: int, steering: Steering, pose: Pose2) -> Any:
    feedback = _filled(NavigateThroughPoses.Feedback(), steering, pose)
    feedback.number_of_poses_remaining = total - index
    return feedback


def _waypoint(index: int, total: int, steering: Steering, pose: Pose2) -> Any:
    return FollowWaypoints.Feedback(current_waypoint=index)


def _filled(feedback: Any, steering: Steering, pose: Pose2) -> Any:
    feedback.current_pose.header.frame_id = "map"
    feedback.current_pose.pose.position.x = float(pose.x_m)
    feedback.current_pose.pose.position.y = float(pose.y_m)
    feedback.current_pose.pose.orientation = quaternion(pose)
    feedback.distance_remaining = float(steering.distance_remaining_m)  # to the pose it drives to now
    feedback.estimated_time_remaining = _duration(steering.time_remaining_s)
    feedback.navigation_time = _duration(steering.navigation_time_s)
    feedback.number_of_recoveries = steering.recoveries
    return feedback


def _duration(length_s: float) -> Duration:
    whole = int(length_s)
    return Duration(sec=whole, nanosec=int((length_s - whole) * 1e9))
