"""The node: joints that are fixed go to `/tf_static`, those that move to `/tf` when `joint_states` tells of them."""

from __future__ import annotations

import math
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped
from sensor_msgs.msg import JointState
from std_msgs.msg import String

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from tf2_ros import StaticTransformBroadcaster, TransformBroadcaster
from tf2_ros.rigid import Rigid, Rotation, Vector, times

_MOVING = ("revolute", "continuous", "prismatic")


class DescriptionError(ValueError):
    """A robot description that cannot be used; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Holds one link to another."""

    name: str
    kind: str
    parent: str
    child: str
    origin: Rigid
    axis: Vector

    def at(self, position: float) -> Rigid:
        """Where the child stands in its parent; radians or metres along the axis."""
        x, y, z = self.axis
        if self.kind == "prismatic":
            return self.origin @ Rigid((x * position, y * position, z * position))
        half = math.sin(position / 2)
        return self.origin @ Rigid((0.0, 0.0, 0.0), (x * half, y * half, z * half, math.cos(position / 2)))


def joints_of(description: str) -> list[Joint]:
    """The joints of a URDF.

    Raises:
        DescriptionError: it is no XML, or a joint lacks its links.
    """
    try:
        robot = ET.fromstring(description)  # noqa: S314 - the robot's own description, not a stranger's
    except ET.ParseError as error:
        raise DescriptionError(f"robot_description is no XML: {error}") from None
    return [_joint(element) for element in robot.findall("joint")]


def _joint(element: ET.Element) -> Joint:
    name, parent, child = element.get("name", "?"), element.find("parent"), element.find("child")
    if parent is None or child is None:
        raise DescriptionError(f"joint {name!r}: expected a parent and a child link")
    origin, axis = element.find("origin"), element.find("axis")
    x, y, z = _three(None if origin is None else origin.get("xyz"), (0.0, 0.0, 0.0))
    roll, pitch, yaw = _three(None if origin is None else origin.get("rpy"), (0.0, 0.0, 0.0))
    ax, ay, az = _three(None if axis is None else axis.get("xyz"), (1.0, 0.0, 0.0))
    size = math.sqrt(ax * ax + ay * ay + az * az) or 1.0
    return Joint(
        name=name, kind=element.get("type", "fixed"), parent=parent.get("link", ""), child=child.get("link", ""),
        origin=Rigid((x, y, z), _turned(roll, pitch, yaw)), axis=(ax / size, ay / size, az / size),
    )  # fmt: skip


def _three(text: str | None, usual: Vector) -> Vector:
    if text is None:
        return usual
    try:
        x, y, z = map(float, text.split())
    except ValueError:
        raise DescriptionError(f"expected three numbers, got {text!r}") from None
    return (x, y, z)


def _turned(roll: float, pitch: float, yaw: float) -> Rotation:
    """About the fixed axes x, y, z, in that order."""
    about_x: Rotation = (math.sin(roll / 2), 0.0, 0.0, math.cos(roll / 2))
    about_y: Rotation = (0.0, math.sin(pitch / 2), 0.0, math.cos(pitch / 2))
    about_z: Rotation = (0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2))
    return times(about_z, times(about_y, about_x))


class RobotStatePublisher(Node):
    """Reads `robot_description` at its start."""

    def __init__(self, *, context: rclpy.Context | None = None, cli_args: Sequence[str] | None = None) -> None:
        super().__init__("robot_state_publisher", context=context, cli_args=cli_args)
        description = str(self.declare_parameter("robot_description", "").value)
        if not description:
            raise DescriptionError("expected the parameter robot_description, the text of a URDF")
        self._joints = joints_of(description)
        self._by_name = {joint.name: joint for joint in self._joints if joint.kind in _MOVING}
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.create_publisher(String, "robot_description", latched).publish(String(data=description))
        now = self.get_clock().now().to_msg()
        fixed = [joint for joint in self._joints if joint.kind not in _MOVING]
        self._static = StaticTransformBroadcaster(self)
        self._static.sendTransform([_told(joint, joint.origin, now) for joint in fixed])
        self._moving = TransformBroadcaster(self)
        self.create_subscription(JointState, "joint_states", self._on_joint_states, 10)

    def _on_joint_states(self, message: JointState) -> None:
        known = [
            _told(self._by_name[name], self._by_name[name].at(position), message.header.stamp)
            for name, position in zip(message.name, message.position, strict=False)
            if name in self._by_name
        ]
        if known:
            self._moving.sendTransform(known)


def _told(joint: Joint, pose: Rigid, stamp: Time) -> TransformStamped:
    message = TransformStamped(child_frame_id=joint.child)
    message.header.frame_id, message.header.stamp = joint.parent, stamp
    move, turn = message.transform.translation, message.transform.rotation
    move.x, move.y, move.z = pose.translation_m
    turn.x, turn.y, turn.z, turn.w = pose.rotation
    return message


def main(args: Sequence[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; the exit code."""
    rclpy.init(args=list(sys.argv[1:] if args is None else args))
    try:
        rclpy.spin(RobotStatePublisher())
    except DescriptionError as error:
        sys.stderr.write(f"robot_state_publisher: {error}\n")
        return 2
    except (KeyboardInterrupt, ExternalShutdownException):
        pass  # how a node usually ends
    finally:
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
