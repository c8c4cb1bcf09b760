"""`ros2 launch patrol_bringup robot.launch.py robot_id:=r1`: Ronda's nodes on a robot that runs ROS 2 and Nav2.

Nav2, the drivers and the Zenoh router (`ros2 run rmw_zenoh_cpp rmw_zenohd`) are started by the robot's own launch
files; what they must offer, and under which names, is in this package's README.
"""

from __future__ import annotations

from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import EnvironmentVariable, LaunchConfiguration
from launch_ros.actions import Node
from maps import load_site
from patrol_onboard.robot_parameters import robot_parameters
from patrol_wire.topics import RobotTopics

SHARE = Path(get_package_share_directory("patrol_bringup"))


def nodes_of(context: LaunchContext) -> list[Node]:
    """Base, mission, voice, eyes and video where there is a camera, the description; each comes back when it dies."""
    robot_id = LaunchConfiguration("robot_id").perform(context)
    site = load_site(LaunchConfiguration("site").perform(context))
    namespace = RobotTopics(site_id=site.site_id, robot_id=robot_id).namespace
    parameters = [LaunchConfiguration("params_file").perform(context), robot_parameters(site, robot_id)]
    description = (SHARE / "urdf" / "robot.urdf").read_text()

    def node(executable: str) -> Node:
        return Node(
            package="patrol_bringup",
            executable=executable,
            namespace=namespace,
            parameters=parameters,
            respawn=True,
            respawn_delay=1.0,
            output="both",
        )

    return [
        node("base_node"),
        node("mission_node"),
        node("voice_node"),
        *([node("vision_node"), node("media_node")] if site.robot(robot_id).cameras else []),
        Node(
            package="robot_state_publisher",
            executable="robot_state_publisher",
            namespace=namespace,
            parameters=[{"robot_description": description}],
            remappings=[("/tf", "tf"), ("/tf_static", "tf_static")],
        ),
    ]


def generate_launch_description() -> LaunchDescription:
    """The launch file's own arguments, and its nodes."""
    site = EnvironmentVariable("RONDA_SITE", default_value="xinghe")
    return LaunchDescription(
        [
            DeclareLaunchArgument("robot_id", description="the robot's id in the site file"),
            DeclareLaunchArgument("site", default_value=site, description="name or folder of the site"),
            DeclareLaunchArgument("params_file", default_value=str(SHARE / "config" / "robot.yaml")),
            OpaqueFunction(function=nodes_of),
        ]
    )
