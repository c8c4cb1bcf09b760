"""Where a robot's parts are."""

from __future__ import annotations

import math

import pytest
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.time import Time
from robot_state_publisher.robot_state_publisher import DescriptionError, RobotStatePublisher, joints_of
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros
from tf2_ros import Buffer, TransformListener

URDF = """<robot name="arm">
  <link name="base"/><link name="arm"/><link name="hand"/><link name="slide"/>
  <joint name="lift" type="revolute"><parent link="base"/><child link="arm"/>
    <origin xyz="0 0 1" rpy="0 0 1.5707963267948966"/><axis xyz="0 0 2"/></joint>
  <joint name="grip" type="fixed"><parent link="arm"/><child link="hand"/><origin xyz="2 0 0"/></joint>
  <joint name="rail" type="prismatic"><parent link="base"/><child link="slide"/><axis xyz="0 1 0"/></joint>
</robot>"""


def test_a_joint_turns_about_its_axis_or_slides_along_it() -> None:
    lift, grip, rail = joints_of(URDF)
    assert lift.at(math.pi / 2).apply((1.0, 0.0, 0.0)) == pytest.approx((-1.0, 0.0, 1.0))
    assert grip.origin.translation_m == (2.0, 0.0, 0.0)
    assert rail.at(0.3).apply((0.0, 0.0, 0.0)) == pytest.approx((0.0, 0.3, 0.0))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<robot", "robot_description is no XML"),
        ('<robot><joint name="a"/></robot>', "joint 'a': expected a parent and a child"),
        (URDF.replace("2 0 0", "2 0"), "expected three numbers, got '2 0'"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_in_words(text: str, complaint: str) -> None:
    with pytest.raises(DescriptionError, match=complaint):
        joints_of(text)


def test_fixed_parts_are_told_at_once_and_moving_ones_with_their_joints(ros: Ros) -> None:
    arguments = ["--ros-args", "-p", f"robot_description:={URDF!r}"]
    robot = RobotStatePublisher(context=ros.context, cli_args=arguments)
    ros.spin(robot)
    buffer, descriptions = Buffer(), []
    asks = ros.node("asks")
    listener = TransformListener(buffer, asks, spin_thread=True)
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    asks.create_subscription(String, "robot_description", lambda m: descriptions.append(m.data), latched)
    states = asks.create_publisher(JointState, "joint_states", 10)
    eventually(states.get_subscription_count)
    message = JointState(name=["lift", "strange"], position=[math.pi / 2, 1.0])
    message.header.stamp.sec = 5
    states.publish(message)
    hand = buffer.lookup_transform("base", "hand", Time(), timeout=Duration(seconds=60)).transform.translation
    assert (hand.x, hand.y, hand.z) == pytest.approx((-2.0, 0.0, 1.0))
    assert eventually(lambda: descriptions)[0].startswith("<robot")
    listener.unregister()


def test_without_a_description_it_says_what_it_needs(ros: Ros) -> None:
    with pytest.raises(DescriptionError, match="expected the parameter robot_description"):
        RobotStatePublisher(context=ros.context)
