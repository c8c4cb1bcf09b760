"""Where the robot was when a picture was taken."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from patrol_core.geometry import Pose2
from patrol_vision.odometry import KEPT, PoseHistory
from tests.unit.patrol_vision.people import START


def at(seconds):
    return START + timedelta(seconds=seconds)


@pytest.fixture
def history():
    history = PoseHistory()
    history.note(at(0.0), Pose2(x_m=0.0, y_m=0.0, heading_rad=math.pi - 0.1))
    history.note(at(0.1), Pose2(x_m=1.0, y_m=2.0, heading_rad=-math.pi + 0.1))
    return history


def test_between_two_poses_the_place_is_interpolated_and_the_heading_takes_the_short_way(history):
    pose = history.at(at(0.05))
    assert (pose.x_m, pose.y_m) == pytest.approx((0.5, 1.0))
    assert abs(pose.heading_rad) == pytest.approx(math.pi)


def test_a_moment_after_the_newest_pose_it_still_holds_and_later_nobody_knows(history):
    assert history.at(at(0.2)) == Pose2(x_m=1.0, y_m=2.0, heading_rad=-math.pi + 0.1)
    assert history.at(at(0.3)) is None


def test_before_the_first_word_nobody_knows(history):
    assert history.at(at(-0.01)) is None
    assert PoseHistory().at(at(0)) is None


def test_over_a_hole_nothing_is_guessed(history):
    history.note(at(3.0), Pose2(x_m=9.0, y_m=9.0))
    assert history.at(at(1.5)) is None
    assert history.at(at(3.0)).x_m == 9.0


def test_a_clock_set_back_voids_the_history(history):
    history.note(at(-3600), Pose2(x_m=5.0, y_m=5.0))
    assert history.at(at(0.05)) is None
    assert history.at(at(-3600)).x_m == 5.0


def test_the_history_is_bounded():
    history = PoseHistory()
    for i in range(KEPT + 50):
        history.note(at(i / 20), Pose2(x_m=float(i), y_m=0.0))
    assert history.at(at(10 / 20)) is None
    assert history.at(at(60 / 20)).x_m == 60.0
