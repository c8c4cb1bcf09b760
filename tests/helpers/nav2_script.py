"""What a person's Nav2 script does, against whichever `robot_navigator` module it is given.

    python -m tests.helpers.nav2_script <path of another robot_navigator.py>

drives the test server with that file, unmodified.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from types import ModuleType
from typing import Any

from geometry_msgs.msg import PoseStamped

import rclpy
from rclpy.executors import MultiThreadedExecutor
from tests.helpers import ros
from tests.helpers.nav2_server import Nav2Server
from tests.helpers.waiting import eventually


def pose(x_m: float, y_m: float, frame: str = "map") -> PoseStamped:
    """A goal."""
    goal = PoseStamped()
    goal.header.frame_id = frame
    goal.pose.position.x, goal.pose.position.y = x_m, y_m
    return goal


def run(module: ModuleType) -> dict[str, Any]:
    """Drive; what was seen, for a test to judge."""
    seen: dict[str, Any] = {}
    navigator = module.BasicNavigator()
    try:
        eventually(lambda: "/lifecycle_manager/manage_nodes" in dict(navigator.get_service_names_and_types()))
        navigator.lifecycleStartup()
        navigator.setInitialPose(pose(1.0, 2.0))
        navigator.waitUntilNav2Active()

        seen["path"] = len(navigator.getPath(pose(0.0, 0.0), pose(3.0, 4.0)).poses)
        seen["no path"] = navigator.getPath(pose(0.0, 0.0), pose(900.0, 0.0))

        assert navigator.goToPose(pose(3.0, 4.0))
        distances = []
        while not navigator.isTaskComplete():
            if navigator.getFeedback():
                distances.append(navigator.getFeedback().distance_remaining)
        seen["to pose"], seen["distances"] = navigator.getResult().name, distances
        seen["other frame"] = navigator.goToPose(pose(0.0, 0.0, "odom"))

        assert navigator.goThroughPoses([pose(4.0, 4.0), pose(8.0, 4.0)])
        while not navigator.isTaskComplete():
            pass
        seen["through poses"] = navigator.getResult().name

        assert navigator.followWaypoints([pose(8.0, 0.0), pose(0.0, 0.0)])
        waypoints = set()
        while not navigator.isTaskComplete():
            if navigator.getFeedback() is not None and hasattr(navigator.getFeedback(), "current_waypoint"):
                waypoints.add(navigator.getFeedback().current_waypoint)
        seen["waypoints"], seen["indices"] = navigator.getResult().name, waypoints

        assert navigator.goToPose(pose(90.0, 0.0))
        while not navigator.isTaskComplete():
            if navigator.getFeedback() is not None:
                navigator.cancelTask()
        seen["cancelled"] = navigator.getResult().name

        assert navigator.goToPose(pose(900.0, 0.0))
        while not navigator.isTaskComplete():
            pass
        seen["too far"] = navigator.getResult().name
        navigator.clearAllCostmaps()
        navigator.lifecycleShutdown()
    finally:
        navigator.destroy_node()
    return seen


def load(path: str) -> ModuleType:
    """A module from a file."""
    spec = importlib.util.spec_from_file_location("other_robot_navigator", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Serve and drive in one process, and tell what was seen."""
    with ros.router() as override, ros.context(override) as theirs:
        server = Nav2Server(context=theirs)
        with ros.spun(server, executor=MultiThreadedExecutor(4, context=theirs)):
            os.environ["ZENOH_CONFIG_OVERRIDE"] = override
            rclpy.init()
            print(run(load(sys.argv[1])), server.visited, server.cleared)
            rclpy.try_shutdown()


if __name__ == "__main__":
    main()
