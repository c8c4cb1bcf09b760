"""Where a pixel lies on the ground: known geometry, and there and back again."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2, Pose2
from patrol_vision.camera import CameraModel

LEVEL = CameraModel(
    width_px=640, height_px=480, hfov_rad=math.radians(90), ahead_m=0.0, up_m=1.0, tilt_rad=0.0
)  # focal length 320 px: a row 320 below the middle looks down by 45 degrees
FRONT = CameraModel(
    width_px=640, height_px=480, hfov_rad=math.radians(70), ahead_m=0.25, up_m=0.85, tilt_rad=math.radians(12)
)
MAST = replace(FRONT, ahead_m=0.0, up_m=6.0, tilt_rad=math.radians(-22))
EAST = Pose2(x_m=10.0, y_m=5.0, heading_rad=0.0)
NORTH = Pose2(x_m=10.0, y_m=5.0, heading_rad=math.pi / 2)

poses = st.builds(
    Pose2,
    x_m=st.floats(-200, 200),
    y_m=st.floats(-200, 200),
    heading_rad=st.floats(-math.pi, math.pi),
)
models = st.builds(
    CameraModel,
    width_px=st.integers(160, 1920),
    height_px=st.integers(120, 1080),
    hfov_rad=st.floats(0.4, 2.2),
    ahead_m=st.floats(-1, 1),
    up_m=st.floats(0.3, 12),
    tilt_rad=st.floats(-1.2, 0.6),
)


def test_a_level_camera_has_its_horizon_in_the_middle():
    assert LEVEL.horizon_px() == pytest.approx(240)


def test_a_camera_that_looks_up_has_its_horizon_below_the_middle():
    assert FRONT.horizon_px() == pytest.approx(240 + FRONT.focal_px * math.tan(math.radians(12)))


def test_45_degrees_down_is_as_far_as_the_camera_is_high():
    assert LEVEL.distance_m(240 + 160) == pytest.approx(2.0)
    point = LEVEL.ground_point((320, 400), LEVEL.at(EAST))
    assert point is not None
    assert (point.x_m, point.y_m) == pytest.approx((12.0, 5.0))


def test_right_in_the_picture_is_right_of_the_robot():
    east, north = LEVEL.ground_point((480, 400), LEVEL.at(EAST)), LEVEL.ground_point((480, 400), LEVEL.at(NORTH))
    assert east is not None
    assert north is not None
    assert (east.x_m, east.y_m) == pytest.approx((12.0, 4.0))
    assert (north.x_m, north.y_m) == pytest.approx((11.0, 7.0))


def test_the_camera_is_where_its_mast_is():
    camera = FRONT.at(NORTH)
    assert (camera.x_m, camera.y_m, camera.up_m) == pytest.approx((10.0, 5.25, 0.85))


@pytest.mark.parametrize("row", [240.0, 100.0, -50.0])
def test_above_the_horizon_there_is_no_ground(row):
    assert LEVEL.ground_point((320, row), LEVEL.at(EAST)) is None
    assert LEVEL.distance_m(row) is None


def test_what_is_behind_has_no_pixel():
    assert FRONT.pixel(Point2(5.0, 5.0), FRONT.at(EAST)) is None


@pytest.mark.parametrize("model", [LEVEL, FRONT, MAST])
def test_the_height_of_a_person_is_measured_at_any_distance(model):
    camera = model.at(EAST)
    for away_m in (4.0, 8.0, 20.0):
        head = model.pixel(Point2(camera.x_m + away_m, 5.0), camera, up_m=1.7)
        assert head is not None
        assert model.height_m(head[1], away_m) == pytest.approx(1.7)


def test_the_robots_camera_sees_ground_from_three_metres_on():
    nearest_m = FRONT.distance_m(480)
    assert nearest_m == pytest.approx(0.85 / math.tan(math.atan(240 / FRONT.focal_px) - math.radians(12)))
    assert 2.9 < nearest_m < 3.1


@given(model=models, pose=poses, column=st.floats(0, 1), row=st.floats(0, 1))
def test_a_pixel_of_the_ground_comes_back_to_itself(model, pose, column, row):
    pixel = (column * model.width_px, row * model.height_px)
    camera = model.at(pose)
    place = model.ground_point(pixel, camera)
    distance_m = model.distance_m(pixel[1], pixel[0])
    assume(place is not None and distance_m is not None and distance_m < 200)
    assert place.distance_m(camera.point) == pytest.approx(distance_m, abs=1e-6)
    assert model.pixel(place, camera) == pytest.approx(pixel, abs=0.01)


@given(model=models, pose=poses, away_m=st.floats(1, 50), bearing_rad=st.floats(-0.3, 0.3))
def test_a_place_comes_back_to_itself(model, pose, away_m, bearing_rad):
    camera = model.at(pose)
    angle = pose.heading_rad + bearing_rad
    place = Point2(camera.x_m + away_m * math.cos(angle), camera.y_m + away_m * math.sin(angle))
    pixel = model.pixel(place, camera)
    assume(pixel is not None)
    again = model.ground_point(pixel, camera)
    assert again is not None
    assert again.distance_m(place) < 1e-4 * max(1.0, away_m**2 / model.up_m)


@pytest.mark.parametrize(
    ("field", "value"),
    [("width_px", 0), ("hfov_rad", 0.0), ("hfov_rad", 70.0), ("up_m", 0.0), ("up_m", math.nan), ("tilt_rad", 2.0)],
)
def test_an_impossible_camera_is_refused_with_the_field(field, value):
    with pytest.raises(InvalidInput, match=field):
        replace(FRONT, **{field: value})
