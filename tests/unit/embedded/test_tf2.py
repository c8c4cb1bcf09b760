"""Transforms between frames, against known geometry."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest
from builtin_interfaces.msg import Time as TimeMsg
from geometry_msgs.msg import PointStamped, PoseStamped, TransformStamped, Vector3Stamped
from std_msgs.msg import String

import tf2_geometry_msgs
from rclpy.duration import Duration
from rclpy.time import Time
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of
from tf2_ros import (
    Buffer,
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
    StaticTransformBroadcaster,
    TransformBroadcaster,
    TransformListener,
    TypeException,
)
from tf2_ros.rigid import Rigid, between


def link(  # noqa: PLR0917 - a table of links reads better so
    parent: str, child: str, at_s: float, x_m: float, y_m: float = 0.0, yaw_rad: float = 0.0
) -> TransformStamped:
    message = TransformStamped(child_frame_id=child)
    message.header.frame_id = parent
    message.header.stamp = Time(nanoseconds=round(at_s * 1e9)).to_msg()
    message.transform.translation.x, message.transform.translation.y = x_m, y_m
    message.transform.rotation.z, message.transform.rotation.w = math.sin(yaw_rad / 2), math.cos(yaw_rad / 2)
    return message


def at(seconds: float) -> Time:
    return Time(nanoseconds=round(seconds * 1e9))


def place(transform: TransformStamped) -> tuple[float, float, float]:
    move, turn = transform.transform.translation, transform.transform.rotation
    return pytest.approx((move.x, move.y, 2 * math.atan2(turn.z, turn.w)), abs=1e-9)  # type: ignore[return-value]


@pytest.fixture
def house() -> Buffer:
    """map → odom (static), odom → base_link (moves from 1 s to 3 s), base_link → camera (static), and a tree apart."""
    buffer = Buffer()
    buffer.set_transform_static(link("map", "odom", 0, 10.0, 0.0, math.pi / 2), "test")
    buffer.set_transform_static(link("base_link", "camera", 0, 1.0), "test")
    buffer.set_transform(link("odom", "base_link", 1, 0.0), "test")
    buffer.set_transform(link("odom", "base_link", 3, 4.0, 0.0, math.pi / 2), "test")
    buffer.set_transform_static(link("moon", "crater", 0, 1.0), "test")
    return buffer


def test_a_link_is_read_in_both_directions(house: Buffer) -> None:
    assert (10.0, 0.0, math.pi / 2) == place(house.lookup_transform("map", "odom", Time()))
    assert (0.0, 10.0, -math.pi / 2) == place(house.lookup_transform("odom", "map", Time()))


def test_between_two_samples_the_place_is_straight_and_the_heading_on_the_arc(house: Buffer) -> None:
    assert (2.0, 0.0, math.pi / 4) == place(house.lookup_transform("odom", "base_link", at(2)))
    assert (1.0, 0.0, math.pi / 8) == place(house.lookup_transform("odom", "base_link", at(1.5)))


def test_the_newest_is_given_where_no_time_is_asked_for_and_told_in_the_stamp(house: Buffer) -> None:
    found = house.lookup_transform("map", "camera", Time())
    # base_link stands 4 m along odom's x, which is map's y; the camera looks a metre ahead, along odom's y: map's -x
    assert (9.0, 4.0, -math.pi) == place(found) or (9.0, 4.0, math.pi) == place(found)
    assert (found.header.stamp.sec, found.header.frame_id, found.child_frame_id) == (3, "map", "camera")


def test_a_sibling_is_seen_through_the_common_ancestor(house: Buffer) -> None:
    house.set_transform_static(link("base_link", "lidar", 0, 0.0, 2.0), "test")
    assert place(house.lookup_transform("lidar", "camera", at(2))) == (1.0, -2.0, 0.0)
    assert place(house.lookup_transform("camera", "camera", Time())) == (0.0, 0.0, 0.0)


def test_message_times_are_taken_too(house: Buffer) -> None:
    assert (2.0, 0.0, math.pi / 4) == place(house.lookup_transform("odom", "base_link", TimeMsg(sec=2)))


def test_through_a_fixed_frame_two_times_are_compared(house: Buffer) -> None:
    moved = house.lookup_transform_full("base_link", at(1), "base_link", at(3), "odom")
    assert (4.0, 0.0, math.pi / 2) == place(moved)
    assert not house.can_transform_full("base_link", at(1), "base_link", at(9), "odom")


@pytest.mark.parametrize(
    ("target", "source", "when", "kind", "complaint"),
    [
        (
            "map",
            "kitchen",
            0,
            LookupException,
            '"kitchen" passed as source_frame does not exist. Known frames: base_link',
        ),
        ("map", "crater", 0, ConnectivityException, "'map' and 'crater' because they are not part of the same tree"),
        (
            "map",
            "camera",
            3.5,
            ExtrapolationException,
            "into the future. Requested time 3.500000 but the latest data is",
        ),
        (
            "map",
            "camera",
            0.5,
            ExtrapolationException,
            "into the past. Requested time 0.500000 but the earliest data is",
        ),
        ("", "map", 0, InvalidArgumentException, "target_frame: a frame name that is empty"),
        ("/map", "odom", 0, InvalidArgumentException, "begins with '/'"),
    ],
)
def test_why_there_is_none_is_told_in_words(  # noqa: PLR0917
    house: Buffer, target: str, source: str, when: float, kind: type[Exception], complaint: str
) -> None:
    with pytest.raises(kind, match=complaint):
        house.lookup_transform(target, source, at(when))
    can, why = house.can_transform(target, source, at(when), return_debug_tuple=True)
    assert not can
    assert complaint.split(".", maxsplit=1)[0] in why


def test_one_sample_is_good_for_its_own_time_only() -> None:
    buffer = Buffer()
    buffer.set_transform(link("odom", "base_link", 5, 1.0), "test")
    assert buffer.can_transform("odom", "base_link", at(5))
    with pytest.raises(ExtrapolationException, match=r"only time 5\.000000 is in the buffer"):
        buffer.lookup_transform("odom", "base_link", at(4))


def test_history_older_than_the_cache_is_forgotten_and_late_samples_are_put_in_order() -> None:
    buffer = Buffer(cache_time=Duration(seconds=2))
    for second, x_m in ((10, 0.0), (12, 2.0), (11, 1.0), (12, 99.0), (5, 50.0)):
        buffer.set_transform(link("odom", "base_link", second, x_m), "test")
    assert place(buffer.lookup_transform("odom", "base_link", at(11.5))) == (1.5, 0.0, 0.0)
    buffer.set_transform(link("odom", "base_link", 13, 3.0), "test")
    with pytest.raises(ExtrapolationException, match="past"):
        buffer.lookup_transform("odom", "base_link", at(10.5))


def test_a_frame_that_changes_its_parent_is_found_where_it_is_now(house: Buffer) -> None:
    house.set_transform(link("moon", "base_link", 4, 7.0), "test")
    assert place(house.lookup_transform("moon", "base_link", at(4))) == (7.0, 0.0, 0.0)
    with pytest.raises(ConnectivityException):
        house.lookup_transform("odom", "base_link", at(4))


@pytest.mark.parametrize(("parent", "child"), [("", "a"), ("a", ""), ("a", "a")])
def test_a_link_that_cannot_be_is_refused(parent: str, child: str) -> None:
    with pytest.raises(InvalidArgumentException):
        Buffer().set_transform(link(parent, child, 1, 0.0), "test")


def test_frames_in_a_ring_are_refused_and_not_followed_for_ever() -> None:
    buffer = Buffer()
    for parent, child in (("a", "b"), ("b", "c"), ("c", "a")):
        buffer.set_transform_static(link(parent, child, 1, 0.0), "test")
    with pytest.raises(InvalidArgumentException, match="form a loop"):
        buffer.lookup_transform("a", "b", Time())


def test_points_vectors_and_poses_are_transformed(house: Buffer) -> None:
    assert tf2_geometry_msgs.do_transform_point is not None
    point, vector, pose = PointStamped(), Vector3Stamped(), PoseStamped()
    for stamped in (point, vector, pose):
        stamped.header.frame_id = "odom"
    point.point.x = vector.vector.x = pose.pose.position.x = 2.0
    seen = house.transform(point, "map")
    assert (seen.point.x, seen.point.y, seen.header.frame_id) == (pytest.approx(10.0), pytest.approx(2.0), "map")
    assert house.transform(vector, "map").vector.y == pytest.approx(2.0)
    turned = house.transform(pose, "map").pose
    assert (turned.position.y, turned.orientation.z) == (pytest.approx(2.0), pytest.approx(math.sin(math.pi / 4)))
    with pytest.raises(TypeException, match="got String"):
        house.transform(String(), "map")


def test_motions_compose_and_invert_whatever_they_are() -> None:
    rng = random.Random(7)

    def any_motion() -> Rigid:
        turn = [rng.gauss(0, 1) for _ in range(4)]
        size = math.sqrt(sum(part * part for part in turn))
        x, y, z, w = (part / size for part in turn)
        return Rigid((rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(-9, 9)), (x, y, z, w))

    for _ in range(200):
        a, b = any_motion(), any_motion()
        point = (rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(-9, 9))
        assert (a @ b).apply(point) == pytest.approx(a.apply(b.apply(point)))
        assert (a @ a.inverse()).apply(point) == pytest.approx(point)
        assert between(a, b, 0.0).apply(point) == pytest.approx(a.apply(point))
        assert between(a, b, 1.0).apply(point) == pytest.approx(b.apply(point))


def test_frames_are_listed_with_their_parents(house: Buffer) -> None:
    assert "Frame camera exists with parent base_link.\n" in house.all_frames_as_string()
    assert "odom: \n  parent: 'map'" in house.all_frames_as_yaml()
    house.clear()
    assert house.all_frames_as_string() == ""


@pytest.fixture
def listening(ros: Ros) -> Iterator[Buffer]:
    buffer = Buffer()
    listener = TransformListener(buffer, ros.node("listener"), spin_thread=True)
    yield buffer
    listener.unregister()


def test_what_is_broadcast_is_heard_and_what_is_static_also_later(ros: Ros, listening: Buffer) -> None:
    node = ros.node("robot")
    fixed = StaticTransformBroadcaster(node)
    fixed.sendTransform(link("base_link", "camera", 0, 1.0))
    fixed.sendTransform([link("base_link", "lidar", 0, 0.0, 2.0)])
    moving = TransformBroadcaster(node)
    eventually(moving.pub_tf.get_subscription_count)
    moving.sendTransform([link("odom", "base_link", 1, 5.0)])
    found = listening.lookup_transform("odom", "camera", Time(), timeout=Duration(seconds=60))
    assert place(found) == (6.0, 0.0, 0.0)
    late = Buffer()
    listener = TransformListener(late, ros.node("late"), spin_thread=True)
    assert late.can_transform("lidar", "camera", Time(), timeout=Duration(seconds=60))
    listener.unregister()


def test_a_coroutine_waits_until_the_transform_is_there(ros: Ros) -> None:
    buffer = Buffer()
    executor = ros.spin(ros.node("asks"))
    task = executor.create_task(buffer.lookup_transform_async("odom", "base_link", at(2)))
    buffer.set_transform(link("odom", "base_link", 1, 0.0), "test")
    assert not task.done()
    buffer.set_transform(link("odom", "base_link", 3, 4.0), "test")
    assert place(result_of(task)) == (2.0, 0.0, 0.0)


def test_after_the_timeout_the_reason_is_told() -> None:
    with pytest.raises(LookupException, match="Known frames: none"):
        Buffer().lookup_transform("map", "odom", Time(), timeout=Duration(nanoseconds=20_000_000))


def test_a_transform_that_cannot_be_is_left_out_with_a_line(
    ros: Ros, listening: Buffer, capfd: pytest.CaptureFixture[str]
) -> None:
    moving = TransformBroadcaster(ros.node("robot"))
    eventually(moving.pub_tf.get_subscription_count)
    moving.sendTransform([link("odom", "odom", 1, 5.0), link("odom", "base_link", 1, 5.0)])
    assert listening.can_transform("odom", "base_link", Time(), timeout=Duration(seconds=60))
    assert "frame 'odom' cannot be its own parent" in capfd.readouterr().err
