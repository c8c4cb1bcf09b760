"""Generated messages as a user meets them."""

from __future__ import annotations

import copy
import math
from array import array
from typing import Any

import pytest
from action_msgs.msg import GoalStatus
from diagnostic_msgs.msg import DiagnosticStatus
from geometry_msgs.msg import Point, Polygon, PoseWithCovariance, Quaternion
from nav2_msgs.action import NavigateToPose
from rcl_interfaces.msg import IntegerRange, ParameterDescriptor
from sensor_msgs.msg import Image, LaserScan, NavSatStatus
from std_msgs.msg import Byte, Float32, Float64, Header, Int8, String
from std_srvs.srv import SetBool

from ros_interfaces.checks import FieldError


def test_fields_begin_with_zero_or_the_default_of_their_definition() -> None:
    assert (String().data, Quaternion().w, NavSatStatus().status) == ("", 1.0, -2)
    assert list(PoseWithCovariance().covariance) == [0.0] * 36


def test_constants_are_attributes_of_the_class() -> None:
    assert GoalStatus.STATUS_EXECUTING == 2
    assert DiagnosticStatus.WARN == b"\x01"


def test_defaults_are_not_shared_between_messages() -> None:
    one, other = Polygon(), Polygon()
    one.points.append(Polygon().points)  # type: ignore[arg-type]
    assert other.points == []


@pytest.mark.parametrize(
    ("kind", "field", "value", "complaint"),
    [
        (String, "data", 3, "must be a str, not int 3"),
        (Float64, "data", 3, "must be a float, not int 3"),
        (Float32, "data", 1e39, "a float of 32 bits"),
        (Int8, "data", 128, "an int from -128 to 127"),
        (Byte, "data", b"ab", "bytes of length 1"),
        (Header, "stamp", "now", "must be a Time, not str"),
        (LaserScan, "ranges", "abc", "a sequence of numbers"),
        (LaserScan, "ranges", ["a"], "a sequence of numbers"),
        (PoseWithCovariance, "covariance", [0.0], "of exactly 36 items"),
        (Polygon, "points", [1], "a sequence of Point32"),
        (ParameterDescriptor, "integer_range", [IntegerRange(), IntegerRange()], "of at most 1 items"),
        (Image, "data", [256], "a sequence of numbers"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_field_and_what_came(
    kind: Any, field: str, value: object, complaint: str
) -> None:
    with pytest.raises(FieldError, match=f"'{field}' field must be .*{complaint}|{complaint}"):
        setattr(kind(), field, value)
    with pytest.raises(AssertionError):
        kind(**{field: value})


def test_nan_and_infinity_are_floats_too() -> None:
    assert math.isnan(Float32(data=math.nan).data)
    assert math.isinf(Float32(data=-math.inf).data)


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        String(colour="red")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        String().colour = "red"  # type: ignore[attr-defined]


def test_numbers_are_arrays_and_an_array_of_the_right_type_is_kept_as_it_is() -> None:
    ranges = array("f", [1.0, 2.0])
    scan = LaserScan(ranges=ranges)
    assert scan.ranges is ranges
    scan.ranges = (1, 2.5)
    assert scan.ranges == array("f", [1.0, 2.5])


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, list, lambda raw: array("B", raw)])
def test_pixels_come_in_any_form_of_bytes(form: Any) -> None:
    assert Image(data=form(b"\x01\x02\xff")).data == array("B", [1, 2, 255])


def test_numpy_arrays_are_taken_in_one_piece_where_their_type_fits() -> None:
    numpy = pytest.importorskip("numpy")
    assert Image(data=numpy.arange(6, dtype=numpy.uint8)).data == array("B", range(6))
    assert LaserScan(ranges=numpy.ones(3, dtype=numpy.float64)).ranges == array("f", [1.0] * 3)


def test_messages_are_equal_when_their_fields_are_and_copy_deeply() -> None:
    one = Header(frame_id="map")
    other = copy.deepcopy(one)
    assert one == other
    other.stamp.sec = 3
    assert one != other
    assert one != String()


def test_a_message_prints_as_it_would_be_written() -> None:
    assert repr(Point(x=1.0)) == "geometry_msgs.msg.Point(x=1.0, y=0.0, z=0.0)"


def test_field_types_are_named_in_ros_words() -> None:
    assert PoseWithCovariance.get_fields_and_field_types() == {"pose": "geometry_msgs/Pose", "covariance": "double[36]"}
    assert Image.get_fields_and_field_types()["data"] == "sequence<uint8>"


def test_services_and_actions_name_their_messages_and_cannot_be_made() -> None:
    assert SetBool.Request(data=True).data is True
    assert NavigateToPose.Goal().pose.pose.orientation.w == 1.0
    assert NavigateToPose.Impl.SendGoalService.Request().goal == NavigateToPose.Goal()
    for kind in (SetBool, NavigateToPose):
        with pytest.raises(NotImplementedError):
            kind()
