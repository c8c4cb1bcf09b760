"""`BasicNavigator`: Nav2's actions and services as calls of a script; names and behaviour are those of Jazzy.

A call that starts a task waits until the server has accepted or refused it, and returns which; the task then runs while
the script asks `isTaskComplete`. Calls wait for their server for ever and say so in the log every second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builtin_interfaces.msg import Duration
from geographic_msgs.msg import GeoPose
from geometry_msgs.msg import Point, PoseStamped, PoseWithCovarianceStamped
from lifecycle_msgs.srv import GetState
from nav2_msgs.action import (
    AssistedTeleop,
    BackUp,
    ComputePathThroughPoses,
    ComputePathToPose,
    DockRobot,
    DriveOnHeading,
    FollowGPSWaypoints,
    FollowPath,
    FollowWaypoints,
    NavigateThroughPoses,
    NavigateToPose,
    SmoothPath,
    Spin,
    UndockRobot,
)
from nav2_msgs.msg import Costmap
from nav2_msgs.srv import (
    ClearCostmapAroundPose,
    ClearCostmapAroundRobot,
    ClearCostmapExceptRegion,
    ClearEntireCostmap,
    GetCostmap,
    LoadMap,
    ManageLifecycleNodes,
)
from nav_msgs.msg import Path

import rclpy
from nav2_simple_commander._tasks import RESULTS, NavigatorTasks, TaskResult
from rclpy.duration import Duration as RclpyDuration
from rclpy.qos import DurabilityPolicy, QoSProfile

__all__ = ["BasicNavigator", "TaskResult"]
_ASK_STATE_EVERY_S = 0.5


class BasicNavigator(NavigatorTasks):
    """One robot's navigation. It spins itself while a call waits, so give it to no executor."""

    def __init__(self, node_name: str = "basic_navigator", namespace: str = "") -> None:
        super().__init__(node_name, namespace)
        self.initial_pose = PoseStamped()
        self.initial_pose.header.frame_id = "map"
        self.initial_pose_received = False
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.localization_pose_sub = self.create_subscription(
            PoseWithCovarianceStamped, "amcl_pose", self._nav2_on_amcl_pose, latched
        )
        self.initial_pose_pub = self.create_publisher(PoseWithCovarianceStamped, "initialpose", 10)

    def destroyNode(self) -> None:
        """Withdraw the node; `destroy_node` does the same."""
        self.destroy_node()

    # tasks

    def goToPose(self, pose: PoseStamped, behavior_tree: str = "") -> bool:
        """Start navigating to a pose."""
        return self._nav2_start(
            NavigateToPose, "navigate_to_pose", NavigateToPose.Goal(pose=pose, behavior_tree=behavior_tree)
        )

    def goThroughPoses(self, poses: Sequence[PoseStamped], behavior_tree: str = "") -> bool:
        """Start navigating through poses without stopping."""
        goal = NavigateThroughPoses.Goal(poses=list(poses), behavior_tree=behavior_tree)
        return self._nav2_start(NavigateThroughPoses, "navigate_through_poses", goal)

    def followWaypoints(self, poses: Sequence[PoseStamped]) -> bool:
        """Start visiting poses one after the other, with the waypoint task at each."""
        return self._nav2_start(FollowWaypoints, "follow_waypoints", FollowWaypoints.Goal(poses=list(poses)))

    def followGpsWaypoints(self, gps_poses: Sequence[GeoPose]) -> bool:
        """Start visiting poses given as latitude and longitude."""
        goal = FollowGPSWaypoints.Goal(gps_poses=list(gps_poses))
        return self._nav2_start(FollowGPSWaypoints, "follow_gps_waypoints", goal)

    def followPath(self, path: Path, controller_id: str = "", goal_checker_id: str = "") -> bool:
        """Start driving along a path."""
        goal = FollowPath.Goal(path=path, controller_id=controller_id, goal_checker_id=goal_checker_id)
        return self._nav2_start(FollowPath, "follow_path", goal)

    def spin(self, spin_dist: float = 1.57, time_allowance: int = 10) -> bool:
        """Start turning on the spot, by radians."""
        goal = Spin.Goal(target_yaw=float(spin_dist), time_allowance=Duration(sec=time_allowance))
        return self._nav2_start(Spin, "spin", goal)

    def backup(self, backup_dist: float = 0.15, backup_speed: float = 0.025, time_allowance: int = 10) -> bool:
        """Start driving backwards, by metres."""
        goal = BackUp.Goal(
            target=Point(x=float(backup_dist)), speed=float(backup_speed), time_allowance=Duration(sec=time_allowance)
        )
        return self._nav2_start(BackUp, "backup", goal)

    def driveOnHeading(self, dist: float = 0.15, speed: float = 0.025, time_allowance: int = 10) -> bool:
        """Start driving straight on, by metres."""
        goal = DriveOnHeading.Goal(
            target=Point(x=float(dist)), speed=float(speed), time_allowance=Duration(sec=time_allowance)
        )
        return self._nav2_start(DriveOnHeading, "drive_on_heading", goal)

    def assistedTeleop(self, time_allowance: int = 30) -> bool:
        """Start teleoperation with collisions prevented, for seconds."""
        goal = AssistedTeleop.Goal(time_allowance=Duration(sec=time_allowance))
        return self._nav2_start(AssistedTeleop, "assisted_teleop", goal)

    def dockRobotByPose(self, dock_pose: PoseStamped, dock_type: str, nav_to_dock: bool = True) -> bool:
        """Start docking at a pose."""
        goal = DockRobot.Goal(
            use_dock_id=False, dock_pose=dock_pose, dock_type=dock_type, navigate_to_staging_pose=nav_to_dock
        )
        return self._nav2_start(DockRobot, "dock_robot", goal)

    def dockRobotByID(self, dock_id: str, nav_to_dock: bool = True) -> bool:
        """Start docking at a dock that the server knows by name."""
        goal = DockRobot.Goal(use_dock_id=True, dock_id=dock_id, navigate_to_staging_pose=nav_to_dock)
        return self._nav2_start(DockRobot, "dock_robot", goal)

    def undockRobot(self, dock_type: str = "") -> bool:
        """Start leaving the dock."""
        return self._nav2_start(UndockRobot, "undock_robot", UndockRobot.Goal(dock_type=dock_type))

    def cancelTask(self) -> None:
        """Ask the server to end the task; `isTaskComplete` says when it has."""
        self.info("Canceling current task.")
        if self.result_future is not None:
            rclpy.spin_until_future_complete(self, self.goal_handle.cancel_goal_async())

    def isTaskComplete(self) -> bool:
        """Whether the task has ended; waits for it 0.1 s. True also where there is none."""
        if self.result_future is None:
            return True
        rclpy.spin_until_future_complete(self, self.result_future, timeout_sec=0.1)
        if not self.result_future.done():
            return False
        self.status = self._nav2_status()
        return True

    def getFeedback(self) -> Any:
        """The newest feedback of the task; None before the first."""
        return self.feedback

    def getResult(self) -> TaskResult:
        """How the task ended."""
        return TaskResult.UNKNOWN if self.status is None else RESULTS.get(self.status, TaskResult.UNKNOWN)

    # paths and maps

    def getPath(
        self, start: PoseStamped, goal: PoseStamped, planner_id: str = "", use_start: bool = False
    ) -> Path | None:
        """A path from here (or `start`) to a pose; None where there is none."""
        request = ComputePathToPose.Goal(start=start, goal=goal, planner_id=planner_id, use_start=use_start)
        return self._nav2_path(ComputePathToPose, "compute_path_to_pose", request)

    def getPathThroughPoses(
        self, start: PoseStamped, goals: Sequence[PoseStamped], planner_id: str = "", use_start: bool = False
    ) -> Path | None:
        """A path through poses; None where there is none."""
        request = ComputePathThroughPoses.Goal(
            start=start, goals=list(goals), planner_id=planner_id, use_start=use_start
        )
        return self._nav2_path(ComputePathThroughPoses, "compute_path_through_poses", request)

    def smoothPath(
        self, path: Path, smoother_id: str = "", max_duration: float = 2.0, check_for_collision: bool = False
    ) -> Path | None:
        """A path made smooth, in at most `max_duration` seconds; None where that failed."""
        request = SmoothPath.Goal(
            path=path, smoother_id=smoother_id, check_for_collisions=check_for_collision,
            max_smoothing_duration=RclpyDuration(seconds=max_duration).to_msg(),
        )  # fmt: skip
        return self._nav2_path(SmoothPath, "smooth_path", request)

    def changeMap(self, map_filepath: str) -> None:
        """Have the map server load another map."""
        answer = self._nav2_ask(LoadMap, "map_server/load_map", LoadMap.Request(map_url=map_filepath))
        if answer.result == LoadMap.Response.RESULT_SUCCESS:
            self.info("Change map request was successful!")
        else:
            self.error(f"Change map request failed with result {answer.result}!")

    def clearAllCostmaps(self) -> None:
        """Forget every obstacle seen."""
        self.clearLocalCostmap()
        self.clearGlobalCostmap()

    def clearLocalCostmap(self) -> None:
        """Forget the obstacles around the robot."""
        name = "local_costmap/clear_entirely_local_costmap"
        self._nav2_ask(ClearEntireCostmap, name, ClearEntireCostmap.Request())

    def clearGlobalCostmap(self) -> None:
        """Forget the obstacles of the whole map."""
        name = "global_costmap/clear_entirely_global_costmap"
        self._nav2_ask(ClearEntireCostmap, name, ClearEntireCostmap.Request())

    def clearCostmapExceptRegion(self, reset_distance: float) -> None:
        """Forget the obstacles further away than metres."""
        request = ClearCostmapExceptRegion.Request(reset_distance=float(reset_distance))
        self._nav2_ask(ClearCostmapExceptRegion, "local_costmap/clear_costmap_except_region", request)

    def clearCostmapAroundRobot(self, reset_distance: float) -> None:
        """Forget the obstacles nearer than metres."""
        request = ClearCostmapAroundRobot.Request(reset_distance=float(reset_distance))
        self._nav2_ask(ClearCostmapAroundRobot, "local_costmap/clear_costmap_around_robot", request)

    def clearCostmapAroundPose(self, pose: PoseStamped, reset_distance: float) -> None:
        """Forget the obstacles nearer to a pose than metres."""
        request = ClearCostmapAroundPose.Request(pose=pose, reset_distance=float(reset_distance))
        self._nav2_ask(ClearCostmapAroundPose, "local_costmap/clear_costmap_around_pose", request)

    def getGlobalCostmap(self) -> Costmap:
        """The costmap of the whole map."""
        return self._nav2_costmap("global_costmap/get_costmap")

    def getLocalCostmap(self) -> Costmap:
        """The costmap around the robot."""
        return self._nav2_costmap("local_costmap/get_costmap")

    # start and end of Nav2

    def setInitialPose(self, initial_pose: PoseStamped) -> None:
        """Tell localization where the robot stands."""
        self.initial_pose_received = False
        self.initial_pose = initial_pose
        self._nav2_publish_initial_pose()

    def waitUntilNav2Active(self, navigator: str = "bt_navigator", localizer: str = "amcl") -> None:
        """Wait until localization (not `robot_localization`, which has no lifecycle) and navigation are active."""
        if localizer != "robot_localization":
            self._nav2_wait_until_active(localizer)
        if localizer == "amcl":
            self._nav2_wait_for_initial_pose()
        self._nav2_wait_until_active(navigator)
        self.info("Nav2 is ready for use!")

    def lifecycleStartup(self) -> None:
        """Start every lifecycle manager's nodes."""
        self._nav2_manage(ManageLifecycleNodes.Request.STARTUP)

    def lifecycleShutdown(self) -> None:
        """Shut every lifecycle manager's nodes down."""
        self._nav2_manage(ManageLifecycleNodes.Request.SHUTDOWN)

    # how that is done

    def _nav2_costmap(self, name: str) -> Costmap:
        costmap: Costmap = self._nav2_ask(GetCostmap, name, GetCostmap.Request()).map
        return costmap

    def _nav2_manage(self, command: int) -> None:
        wanted = "nav2_msgs/srv/ManageLifecycleNodes"
        managers = [name for name, kinds in self.get_service_names_and_types() if wanted in kinds]
        if not managers:
            self.warn("No lifecycle manager is known (yet)")
        for name in managers:
            answer = self._nav2_ask(ManageLifecycleNodes, name, ManageLifecycleNodes.Request(command=command))
            if not answer.success:
                self.error(f"{name} refused command {command}")

    def _nav2_wait_until_active(self, node_name: str) -> None:
        while self._nav2_ask(GetState, f"{node_name}/get_state", GetState.Request()).current_state.label != "active":
            self.debug(f"Waiting for {node_name} to become active..")
            rclpy.spin_once(self, timeout_sec=_ASK_STATE_EVERY_S)

    def _nav2_wait_for_initial_pose(self) -> None:
        while not self.initial_pose_received:
            self._nav2_publish_initial_pose()
            rclpy.spin_once(self, timeout_sec=1.0)

    def _nav2_publish_initial_pose(self) -> None:
        message = PoseWithCovarianceStamped(header=self.initial_pose.header)
        message.pose.pose = self.initial_pose.pose
        self.initial_pose_pub.publish(message)

    def _nav2_on_amcl_pose(self, _: PoseWithCovarianceStamped) -> None:
        self.initial_pose_received = True
