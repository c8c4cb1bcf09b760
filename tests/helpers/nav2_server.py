"""As much of Nav2 as a navigation script sees: a robot that drives straight, its actions, lifecycle states and pose."""

from __future__ import annotations

import math
import threading
from typing import Any

from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped
from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import GetState
from nav2_msgs.action import ComputePathToPose, FollowWaypoints, NavigateThroughPoses, NavigateToPose
from nav2_msgs.srv import ClearEntireCostmap, ManageLifecycleNodes
from nav_msgs.msg import Path

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile

STEP_M = 0.25
STEP_S = 0.02
WALL_M = 100.0  # no path leads further than this


class Nav2Server(Node):
    """Serve it with a MultiThreadedExecutor: goals are driven while others are asked for."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("nav2", **arguments)
        self.at = (0.0, 0.0)
        self.visited: list[tuple[float, float]] = []
        self.cleared: list[str] = []
        self.active = False
        self._pause = threading.Event()  # never set: waiting for it is a pause that shutdown need not interrupt
        self._group = ReentrantCallbackGroup()
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._amcl_pose = self.create_publisher(PoseWithCovarianceStamped, "amcl_pose", latched)
        self.create_subscription(PoseWithCovarianceStamped, "initialpose", self._on_initial_pose, 10)
        for name in ("bt_navigator", "amcl"):
            self.create_service(GetState, f"{name}/get_state", self._on_get_state)
        self.create_service(ManageLifecycleNodes, "lifecycle_manager/manage_nodes", self._on_manage)
        for place in ("local", "global"):
            self.create_service(
                ClearEntireCostmap, f"{place}_costmap/clear_entirely_{place}_costmap", self._clears(place)
            )
        self._offer(NavigateToPose, "navigate_to_pose", self._to_pose)
        self._offer(NavigateThroughPoses, "navigate_through_poses", self._through_poses)
        self._offer(FollowWaypoints, "follow_waypoints", self._waypoints)
        self._offer(ComputePathToPose, "compute_path_to_pose", self._compute)

    def _offer(self, kind: Any, name: str, execute: Any) -> None:
        ActionServer(
            self, kind, name, execute, callback_group=self._group,
            goal_callback=self._judge, cancel_callback=lambda _: CancelResponse.ACCEPT,
        )  # fmt: skip

    def _judge(self, goal: Any) -> GoalResponse:
        wanted = goal.pose if isinstance(goal, NavigateToPose.Goal) else None
        other_frame = wanted is not None and wanted.header.frame_id != "map"
        return GoalResponse.REJECT if other_frame else GoalResponse.ACCEPT

    # driving

    def _to_pose(self, handle: Any) -> Any:
        def tell(left_m: float) -> None:
            handle.publish_feedback(NavigateToPose.Feedback(distance_remaining=left_m, current_pose=self._pose()))

        return self._end(handle, self._drive(handle, handle.request.pose, tell), NavigateToPose.Result())

    def _through_poses(self, handle: Any) -> Any:
        poses = handle.request.poses
        outcome = "succeed"
        for index, pose in enumerate(poses):

            def tell(left_m: float, index: int = index) -> None:
                handle.publish_feedback(
                    NavigateThroughPoses.Feedback(
                        distance_remaining=left_m, number_of_poses_remaining=len(poses) - index
                    )
                )

            outcome = self._drive(handle, pose, tell)
            if outcome != "succeed":
                break
        return self._end(handle, outcome, NavigateThroughPoses.Result())

    def _waypoints(self, handle: Any) -> Any:
        outcome = "succeed"
        for index, pose in enumerate(handle.request.poses):

            def tell(_: float, index: int = index) -> None:
                handle.publish_feedback(FollowWaypoints.Feedback(current_waypoint=index))

            outcome = self._drive(handle, pose, tell)
            if outcome != "succeed":
                break
        return self._end(handle, outcome, FollowWaypoints.Result())

    def _drive(self, handle: Any, goal: PoseStamped, tell: Any) -> str:
        """Straight there, a step at a time; how it ended as the method of the goal's handle."""
        x, y = goal.pose.position.x, goal.pose.position.y
        if math.hypot(x, y) > WALL_M:
            return "abort"
        while True:
            if handle.is_cancel_requested:
                return "canceled"
            left_m = math.dist(self.at, (x, y))
            tell(left_m)
            if left_m <= STEP_M:
                self.at = (x, y)
                self.visited.append(self.at)
                return "succeed"
            share = STEP_M / left_m
            self.at = (self.at[0] + (x - self.at[0]) * share, self.at[1] + (y - self.at[1]) * share)
            self._pause.wait(STEP_S)

    def _end(self, handle: Any, outcome: str, result: Any) -> Any:
        getattr(handle, outcome)()
        return result

    def _compute(self, handle: Any) -> Any:
        goal = handle.request.goal
        if math.hypot(goal.pose.position.x, goal.pose.position.y) > WALL_M:
            handle.abort()
            return ComputePathToPose.Result(error_code=ComputePathToPose.Result.NO_VALID_PATH)
        handle.succeed()
        return ComputePathToPose.Result(path=Path(header=goal.header, poses=[self._pose(), goal]))

    def _pose(self) -> PoseStamped:
        pose = PoseStamped()
        pose.header.frame_id = "map"
        pose.pose.position.x, pose.pose.position.y = self.at
        return pose

    # lifecycle, localization, costmaps

    def _on_get_state(self, _: Any, response: GetState.Response) -> GetState.Response:
        response.current_state = State(id=3, label="active") if self.active else State(id=2, label="inactive")
        return response

    def _on_manage(self, request: Any, response: Any) -> Any:
        self.active = request.command == ManageLifecycleNodes.Request.STARTUP
        response.success = True
        return response

    def _on_initial_pose(self, message: PoseWithCovarianceStamped) -> None:
        self.at = (message.pose.pose.position.x, message.pose.pose.position.y)
        self._amcl_pose.publish(message)

    def _clears(self, place: str) -> Any:
        def clear(_: Any, response: Any) -> Any:
            self.cleared.append(place)
            return response

        return clear
