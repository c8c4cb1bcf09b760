"""Frames with truth: a seed gives the same bytes, who lies is seen where the truth says, ranges share nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dataset import REPORTING, TUNING, FrameKind, Mount, frames
from sim.view import CAMERA_UP_M


@pytest.fixture(scope="module")
def lying():
    return list(frames(TUNING.seeds(6), kind=FrameKind.LYING))


@pytest.fixture(scope="module")
def without():
    return list(frames(TUNING.seeds(8), kind=FrameKind.WITHOUT))


def test_the_same_seed_gives_the_same_bytes(lying):
    (again,) = frames([lying[3].seed], kind=FrameKind.LYING)
    assert np.array_equal(again.picture, lying[3].picture)
    assert (again.people, again.things, again.camera) == (lying[3].people, lying[3].things, lying[3].camera)
    assert not np.array_equal(lying[2].picture, lying[3].picture)


def test_one_person_lies_in_sight_within_8_metres_of_a_robot_s_camera(lying):
    for frame in lying:
        (one,) = [p for p in frame.people if p.lies]
        assert frame.picture.shape == (480, 640, 3)
        assert frame.camera.z_m == CAMERA_UP_M
        assert 2.0 < one.distance_m < 9.0
        assert 0.35 <= one.visible <= 1.0
        left, top, right, bottom = one.box_px
        assert 0 <= left < right <= 640
        assert 0 <= top < bottom <= 480


def test_the_box_is_where_the_person_is(lying):
    """Below the horizon of a level camera, and as far to the side as the place is."""
    for frame in lying:
        camera = frame.camera
        (one,) = [p for p in frame.people if p.lies]
        dx, dy = one.position_m.x_m - camera.x_m, one.position_m.y_m - camera.y_m
        cos, sin = np.cos(camera.heading_rad), np.sin(camera.heading_rad)
        focal_px = camera.width_px / 2 / np.tan(camera.hfov_rad / 2)
        column = camera.width_px / 2 - focal_px * (-dx * sin + dy * cos) / (dx * cos + dy * sin)
        assert one.box_px[1] > camera.height_px / 2 - 10
        assert one.box_px[0] - 60 < column < one.box_px[2] + 60


def test_without_shows_people_and_nobody_lies(without):
    assert not any(p.lies for frame in without for p in frame.people)
    assert sum(len(frame.people) for frame in without) >= len(without)
    assert any(frame.things for frame in without)


def test_a_drone_looks_down_from_ten_metres():
    (frame,) = frames(TUNING.seeds(1), kind=FrameKind.LYING, mount=Mount.DRONE)
    assert 9.0 <= frame.camera.z_m <= 11.0
    assert frame.camera.tilt_rad < -0.5
    assert any(p.lies for p in frame.people)


def test_tuning_and_reporting_share_no_seed():
    assert not set(TUNING.seeds(TUNING.count)) & set(REPORTING.seeds(REPORTING.count))
    with pytest.raises(ValueError, match="expected up to"):
        TUNING.seeds(TUNING.count + 1)
