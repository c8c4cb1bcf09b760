"""The ROS parameters of one robot, from its site."""

from __future__ import annotations

from patrol_core.errors import NotFound
from patrol_core.site import Site


def robot_parameters(site: Site, robot_id: str) -> dict[str, str | float]:
    """What the robot's nodes must know that no file says for every robot: who it is, and where its dock is.

    Raises:
        NotFound: the site has no such robot, or not its dock.
    """
    robot = site.robot(robot_id)
    if robot.dock_id not in site.docks:
        raise NotFound("dock", robot.dock_id)
    dock = site.docks[robot.dock_id].pose
    return {
        "site_id": site.site_id,
        "robot_id": robot_id,
        "camera_ids": ",".join(camera.camera_id for camera in robot.cameras),
        "dock_x_m": float(dock.x_m),
        "dock_y_m": float(dock.y_m),
        "dock_heading_rad": float(dock.heading_rad),
    }
