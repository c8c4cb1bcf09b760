"""How poses, points and vectors are transformed; importing it lets `tf2_ros.Buffer.transform` take them."""

from __future__ import annotations

import copy

from geometry_msgs.msg import (
    Point,
    PointStamped,
    Pose,
    PoseStamped,
    Quaternion,
    TransformStamped,
    Vector3,
    Vector3Stamped,
)

from tf2_ros.buffer import Buffer
from tf2_ros.rigid import Rigid, rotate

__all__ = ["do_transform_point", "do_transform_pose", "do_transform_pose_stamped", "do_transform_vector3"]


def do_transform_point(point: PointStamped, transform: TransformStamped) -> PointStamped:
    """A point, seen from the transform's frame."""
    x, y, z = _rigid(transform).apply((point.point.x, point.point.y, point.point.z))
    return PointStamped(header=copy.deepcopy(transform.header), point=Point(x=x, y=y, z=z))


def do_transform_vector3(vector3: Vector3Stamped, transform: TransformStamped) -> Vector3Stamped:
    """A direction, seen from the transform's frame: it turns, and does not move."""
    x, y, z = rotate(_rigid(transform).rotation, (vector3.vector.x, vector3.vector.y, vector3.vector.z))
    return Vector3Stamped(header=copy.deepcopy(transform.header), vector=Vector3(x=x, y=y, z=z))


def do_transform_pose(pose: Pose, transform: TransformStamped) -> Pose:
    """A pose, seen from the transform's frame."""
    at, turned = pose.position, pose.orientation
    moved = _rigid(transform) @ Rigid((at.x, at.y, at.z), (turned.x, turned.y, turned.z, turned.w))
    (x, y, z), (qx, qy, qz, qw) = moved.translation_m, moved.rotation
    return Pose(position=Point(x=x, y=y, z=z), orientation=Quaternion(x=qx, y=qy, z=qz, w=qw))


def do_transform_pose_stamped(pose: PoseStamped, transform: TransformStamped) -> PoseStamped:
    """A stamped pose, seen from the transform's frame."""
    return PoseStamped(header=copy.deepcopy(transform.header), pose=do_transform_pose(pose.pose, transform))


def _rigid(transform: TransformStamped) -> Rigid:
    move, turn = transform.transform.translation, transform.transform.rotation
    return Rigid((move.x, move.y, move.z), (turn.x, turn.y, turn.z, turn.w))


Buffer.register(PointStamped, do_transform_point)
Buffer.register(Vector3Stamped, do_transform_vector3)
Buffer.register(PoseStamped, do_transform_pose_stamped)
