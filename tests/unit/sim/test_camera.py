"""Live cameras: the newest moment is drawn, a dead renderer comes back, and no old picture is ever sent."""

from __future__ import annotations

import os
import signal

import pytest

from patrol_core.geometry import Pose2
from sim.camera import Cameras
from sim.renderer import setup_of
from sim.view import WorldView
from tests.helpers.waiting import eventually


class Taken:
    def __init__(self):
        self.frames = []

    def __call__(self, frame):
        self.frames.append(frame)


@pytest.fixture
def taken():
    return Taken()


@pytest.fixture
def cameras(site, taken):
    cameras = Cameras(setup_of(site), on_frame=taken)
    yield cameras
    cameras.close()


def moment(tick):
    robots = {"r1": Pose2(x_m=15.0, y_m=-8.0, heading_rad=1.57), "r2": Pose2(x_m=0.0, y_m=15.0)}
    return WorldView(tick=tick, elapsed_s=tick * 0.5, robots=robots, people=(), smoke={}, covered=frozenset())


def test_each_robot_gets_its_picture_stamped_with_its_moment(cameras, taken):
    cameras.want("r1", moment(3))
    cameras.want("r2", moment(4))
    eventually(lambda: len(taken.frames) == 2, within_s=60)
    assert {(f.robot_id, f.tick, f.elapsed_s) for f in taken.frames} == {("r1", 3, 1.5), ("r2", 4, 2.0)}
    assert all(f.picture.shape == (480, 640, 3) for f in taken.frames)


def test_wishes_that_come_too_fast_leave_only_the_newest_and_are_counted(cameras, taken):
    for tick in range(50):  # all before the stage is built
        cameras.want("r1", moment(tick))
    eventually(lambda: taken.frames and taken.frames[-1].tick == 49, within_s=60)
    assert cameras.dropped >= 48
    assert len(taken.frames) <= 2


def test_a_renderer_that_dies_is_said_and_comes_back_with_new_pictures_only(cameras, taken, caplog):
    cameras.want("r1", moment(1))
    eventually(lambda: taken.frames, within_s=60)
    os.kill(cameras.process_id, signal.SIGKILL)
    tick = 2

    def back():
        nonlocal tick
        tick += 1
        cameras.want("r1", moment(tick))
        return cameras.restarts and len(taken.frames) > 1

    eventually(back, within_s=60, every_s=0.1)
    assert cameras.restarts == 1
    assert "renderer died" in caplog.text
    ticks = [f.tick for f in taken.frames]
    assert ticks == sorted(set(ticks))


def test_it_closes_while_nothing_is_wanted(site, taken):
    cameras = Cameras(setup_of(site), on_frame=taken)
    process_id = cameras.process_id
    cameras.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
