"""The base process of one robot: the motion mux between navigation and the wheels, and the emergency stop."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from geometry_msgs.msg import Twist
from std_msgs.msg import Bool

from patrol_core.errors import InvalidInput
from patrol_core.heartbeat import EVERY_S, heartbeat_from
from patrol_onboard.motion_mux import MotionMux, MuxPolicy, Velocity
from patrol_onboard.settings import settings_from
from patrol_wire.running_node import hold_ending, run_process, until_told
from patrol_wire.spinning_node import spinning
from patrol_wire.topics import RobotTopics
from rclpy.node import Node

CHECK_S = 0.05  # how often silence is looked for while the robot moves
log = logging.getLogger(__name__)


class BaseNode(Node):
    """Forwards navigation's commands to the wheels, as the mux allows.

    The emergency stop is kept in a file, so that a base that dies and comes back still stands; and it is said again on
    its topic, so that whoever starts later knows.
    """

    def __init__(self) -> None:
        super().__init__("base")
        site_id = str(self.declare_parameter("site_id", "").value)
        robot_id = str(self.declare_parameter("robot_id", "").value)
        if not site_id or not robot_id:
            raise InvalidInput("expected the parameters site_id and robot_id; came none", where="base node")
        policy = MuxPolicy(
            **{f.name: self.declare_parameter(f"base.{f.name}", f.default).value for f in fields(MuxPolicy)}
        )
        data = settings_from(os.environ, robot_id).data
        data.mkdir(parents=True, exist_ok=True)
        self._latch = data / "stopped"
        self._nonsense = False
        self._mux = MotionMux(policy=policy, stopped=self._latch.exists())
        topics = RobotTopics(site_id=site_id, robot_id=robot_id)
        self._wheels: Any = self.create_publisher(Twist, topics.cmd_vel.name, topics.cmd_vel.qos or 1)
        self._stop: Any = self.create_publisher(Bool, topics.e_stop.name, topics.e_stop.qos or 1)
        self.create_subscription(Twist, topics.cmd_vel_nav.name, self._on_command, topics.cmd_vel_nav.qos or 1)
        self.create_subscription(Bool, topics.e_stop.name, self._on_stop, topics.e_stop.qos or 1)
        self._check: Any = self.create_timer(CHECK_S, self._drive)
        self._alive: Any = self.create_timer(EVERY_S, heartbeat_from(os.environ).beat)
        if self._mux.stopped:
            log.warning("the emergency stop is still pressed")
            self._stop.publish(Bool(data=True))

    def _on_command(self, message: Any) -> None:
        velocity = Velocity(forward_mps=message.linear.x, turn_radps=message.angular.z)
        try:
            self._mux = self._mux.told(velocity, time.monotonic())
        except InvalidInput as error:
            if not self._nonsense:  # said once, not twenty times a second
                log.error("%s", error)
            self._nonsense = True
            return
        self._nonsense = False
        self._drive()
        if self._check.is_canceled():
            self._check.reset()

    def _on_stop(self, message: Any) -> None:
        if message.data == self._mux.stopped:
            return
        if message.data:
            self._mux = self._mux.stop()
            self._drive()
            _keep(self._latch)
        else:
            self._latch.unlink(missing_ok=True)
            self._mux = self._mux.release()
        self._check.reset()
        self._stop.publish(Bool(data=message.data))
        log.warning("emergency stop %s", "pressed" if message.data else "released")

    def _drive(self) -> None:
        self._mux, velocity = self._mux.output(time.monotonic())
        if velocity is None:
            self._check.cancel()  # standing still needs no watching; the next command wakes it
            return
        twist = Twist()
        twist.linear.x = velocity.forward_mps
        twist.angular.z = velocity.turn_radps
        self._wheels.publish(twist)


def main(args: Sequence[str] | None = None) -> int:
    """Run the base process until SIGTERM or SIGINT; the exit code."""
    hold_ending()
    return run_process(_run, args)


def _run() -> None:
    with spinning(BaseNode()):
        log.info("base is up")
        until_told()


def _keep(latch: Path) -> None:
    try:
        latch.touch()
    except OSError as error:
        log.error("the emergency stop holds, but would not outlive this process: %s", error)


if __name__ == "__main__":
    sys.exit(main())
