"""The simulator on the ROS graph: its own router, one context, the nodes of every robot, and `/clock`."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import rclpy
from patrol_core.errors import Unavailable
from patrol_core.site import Site
from patrol_wire.topics import CLOCK, RobotTopics
from patrol_wire.values import time_to
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from ros_wire.router import Router, RouterError
from sim.camera import CameraFrame
from sim.ground_robot import Twist
from sim.inbox import Inbox
from sim.navigation_node import NavigationNode
from sim.robot_node import RobotNode
from sim.world import RobotTruth, World

log = logging.getLogger(__name__)


class Graph:
    """Implements `Carrier` on ROS. Usable as a context: it opens everything and closes it again."""

    def __init__(self, site: Site, world: World, inbox: Inbox, *, robot_routers: Mapping[str, str]) -> None:
        """Raises Unavailable where the router or the context cannot be opened."""
        port = _free_port()
        try:
            self._router = Router(listen=[f"tcp/127.0.0.1:{port}"], connect=list(robot_routers.values()))
        except RouterError as error:
            raise Unavailable(str(error)) from None
        # nodes read it when the context opens; this process holds no other context
        os.environ["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'
        self._context = Context()
        rclpy.init(context=self._context)
        self._world = world
        topics = {r: RobotTopics(site_id=site.site_id, robot_id=r) for r in world.robots}
        self._robots = {r: RobotNode(t, inbox, context=self._context) for r, t in topics.items()}
        self._navigation = {r: NavigationNode(t, inbox, context=self._context) for r, t in topics.items()}
        self._clock_node = Node("world", namespace=f"/{site.site_id}", context=self._context)
        self._clock: Any = self._clock_node.create_publisher(CLOCK.type, CLOCK.name, CLOCK.qos or 1)
        self._executor = SingleThreadedExecutor(context=self._context)
        for node in self._nodes():
            self._executor.add_node(node)
        self._thread = threading.Thread(target=self._spin, name="ros", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(timeout_sec=1.0)
        for node in self._nodes():
            node.destroy_node()
        rclpy.try_shutdown(context=self._context)
        self._router.close()
        self._thread.join(timeout=1.0)

    @property
    def died(self) -> bool:
        """Whether the thread that serves ROS ended by itself."""
        return not self._thread.is_alive()

    def clock(self, now: datetime) -> None:
        """See Carrier."""
        self._clock.publish(CLOCK.type(clock=time_to(now)))

    def motion(self, now: datetime, robot: RobotTruth) -> None:
        """See Carrier."""
        self._robots[robot.robot_id].publish_motion(now, robot)

    def battery(self, now: datetime, robot: RobotTruth) -> None:
        """See Carrier."""
        self._robots[robot.robot_id].publish_battery(now, robot)

    def steer(self, robot_id: str, wish: Twist) -> None:
        """See Carrier."""
        self._navigation[robot_id].publish_wish(wish)

    def lights(self, robot_id: str, on: bool) -> None:
        """See Carrier."""
        self._robots[robot_id].publish_lights(on)

    def wants_picture(self, robot_id: str) -> bool:
        """See Carrier."""
        return self._robots[robot_id].camera_watched

    def picture(self, frame: CameraFrame) -> None:
        """Publish a camera frame, stamped with the moment it shows."""
        self._robots[frame.robot_id].publish_picture(self._world.time_at(frame.elapsed_s), frame.picture)

    def _nodes(self) -> list[Node]:
        return [*self._robots.values(), *self._navigation.values(), self._clock_node]

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return
        except Exception:
            log.exception("the thread that serves ROS ended")


def _free_port() -> int:
    """A port for the simulator's own router; nobody but its nodes needs to know it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
