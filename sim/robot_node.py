"""The drivers of one simulated robot: odometry, tf, battery, camera, lights out; wheels and lights in."""

from __future__ import annotations

import math
from array import array
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from geometry_msgs.msg import Quaternion, TransformStamped, Twist
from nav_msgs.msg import Odometry
from sensor_msgs.msg import BatteryState, Image
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from patrol_core.geometry import Pose2
from patrol_wire.topics import RobotTopics, Topic
from patrol_wire.values import time_to
from rclpy.context import Context
from rclpy.node import Node
from sim import ground_robot
from sim.inbox import Inbox
from sim.world import RobotTruth


class RobotNode(Node):
    """Publishing methods are called by the simulator's threads, the subscription by rclpy's."""

    def __init__(self, topics: RobotTopics, inbox: Inbox, *, context: Context) -> None:
        super().__init__("drivers", namespace=topics.namespace, context=context)
        self._robot_id = topics.robot_id
        self._inbox = inbox
        self._odom = self._speaks(topics.odom)
        self._tf = self._speaks(topics.tf)
        self._battery = self._speaks(topics.battery)
        self._image = self._speaks(topics.image)
        self._lights = self._speaks(topics.lights_state)
        wheels, lights = topics.cmd_vel, topics.lights
        self.create_subscription(wheels.type, wheels.name, self._on_wheels, wheels.qos or 1)
        self.create_subscription(lights.type, lights.name, self._on_lights, lights.qos or 1)

    @property
    def camera_watched(self) -> bool:
        """Whether anybody subscribes to the pictures."""
        return bool(self._image.get_subscription_count() > 0)

    def publish_motion(self, now: datetime, robot: RobotTruth) -> None:
        """Odometry in frame `map`, and the transforms map → odom → base_link."""
        pose, motion = robot.pose, robot.motion
        message = Odometry()
        message.header.stamp = time_to(now)
        message.header.frame_id = "map"
        message.child_frame_id = "base_link"
        message.pose.pose.position.x, message.pose.pose.position.y = float(pose.x_m), float(pose.y_m)
        message.pose.pose.orientation = quaternion(pose)
        message.twist.twist.linear.x = float(motion.speed_mps)
        message.twist.twist.angular.z = float(motion.turn_radps)
        self._odom.publish(message)
        fixed, moving = TransformStamped(), TransformStamped()
        for transform, parent, child in ((fixed, "map", "odom"), (moving, "odom", "base_link")):
            transform.header.stamp = message.header.stamp
            transform.header.frame_id = parent
            transform.child_frame_id = child
        moving.transform.translation.x = float(pose.x_m)
        moving.transform.translation.y = float(pose.y_m)
        moving.transform.rotation = quaternion(pose)
        self._tf.publish(TFMessage(transforms=[fixed, moving]))

    def publish_battery(self, now: datetime, robot: RobotTruth) -> None:
        """Charge, voltage, and whether it is on the charger."""
        battery = robot.battery
        message = BatteryState()
        message.header.stamp = time_to(now)
        message.header.frame_id = "base_link"
        message.present = True
        message.percentage = float(battery.fraction)
        message.voltage = float(battery.voltage_v)
        message.design_capacity = float(battery.capacity_wh / 25.9)  # Ah at the pack's 25.9 V
        message.charge = message.capacity = message.temperature = message.current = math.nan
        message.power_supply_technology = BatteryState.POWER_SUPPLY_TECHNOLOGY_LION
        message.power_supply_health = BatteryState.POWER_SUPPLY_HEALTH_GOOD
        if robot.charging:
            full = battery.fraction >= 0.999
            message.power_supply_status = (
                BatteryState.POWER_SUPPLY_STATUS_FULL if full else BatteryState.POWER_SUPPLY_STATUS_CHARGING
            )
        else:
            message.power_supply_status = BatteryState.POWER_SUPPLY_STATUS_DISCHARGING
        self._battery.publish(message)

    def publish_picture(self, taken_at: datetime, picture: npt.NDArray[np.uint8]) -> None:
        """One camera frame, rows × columns × RGB."""
        rows, columns, _ = picture.shape
        message = Image()
        message.header.stamp = time_to(taken_at)
        message.header.frame_id = "camera"
        message.height, message.width, message.step = rows, columns, 3 * columns
        message.encoding = "rgb8"
        message.data = array("B", picture.tobytes())
        self._image.publish(message)

    def publish_lights(self, on: bool) -> None:
        """What the lights do; latched."""
        self._lights.publish(Bool(data=on))

    def _on_lights(self, message: Bool) -> None:
        self._inbox.lights(self._robot_id, bool(message.data))

    def _on_wheels(self, message: Twist) -> None:
        wish = ground_robot.Twist(speed_mps=message.linear.x, turn_radps=message.angular.z)
        self._inbox.wheels(self._robot_id, wish)

    def _speaks(self, topic: Topic) -> Any:
        return self.create_publisher(topic.type, topic.name, topic.qos or 1)


def quaternion(pose: Pose2) -> Quaternion:
    """The heading as a rotation about z."""
    return Quaternion(x=0.0, y=0.0, z=math.sin(pose.heading_rad / 2), w=math.cos(pose.heading_rad / 2))


def pose_of(message: Any) -> Pose2:
    """The plane part of a geometry_msgs/Pose."""
    turn = message.orientation
    heading_rad = math.atan2(2 * (turn.w * turn.z + turn.x * turn.y), 1 - 2 * (turn.y * turn.y + turn.z * turn.z))
    return Pose2(x_m=message.position.x, y_m=message.position.y, heading_rad=heading_rad)
