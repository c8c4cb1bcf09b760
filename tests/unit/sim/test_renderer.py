"""The renderer really draws: what stands ahead is in the picture, what is covered is black, smoke is to be seen."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys

import numpy as np
import psutil
import pytest

from maps import load_site
from patrol_core.errors import Unavailable
from patrol_core.geometry import Point2, Pose2
from sim.clutter import Thing, ThingKind
from sim.person import Person
from sim.posture import Posture
from sim.renderer import Renderer, setup_of
from sim.view import WorldView
from tests.helpers.waiting import eventually

OPEN = Pose2(x_m=175.0, y_m=92.0, heading_rad=math.pi / 2)  # the central walk, free ahead


@pytest.fixture(scope="module")
def xinghe():
    return load_site("xinghe")


@pytest.fixture(scope="module")
def renderer(xinghe):
    renderer = Renderer(setup_of(xinghe))
    yield renderer
    renderer.close()


def view(pose=OPEN, **changes):
    moment = {"tick": 1, "elapsed_s": 12.0, "robots": {"r1": pose}, "people": (), "smoke": {}, "covered": frozenset()}
    return WorldView(**{**moment, **changes})


def ahead(pose, distance_m, aside_m=0.0):
    cos, sin = math.cos(pose.heading_rad), math.sin(pose.heading_rad)
    return Point2(pose.x_m + distance_m * cos - aside_m * sin, pose.y_m + distance_m * sin + aside_m * cos)


def changed(a, b):
    """Share of pixels that differ clearly."""
    return float((np.abs(a.astype(int) - b.astype(int)).max(axis=2) > 24).mean())


def test_a_picture_is_640_by_480_rgb_and_shows_sky_above_and_ground_below(renderer):
    picture = renderer.render(view(), "r1")
    assert picture.shape == (480, 640, 3)
    sky = picture[:60].reshape(-1, 3).mean(axis=0)
    assert sky[2] > sky[0], "expected the sky to be blue"
    assert picture.std() > 30


def test_the_same_moment_is_drawn_the_same(renderer):
    assert np.array_equal(renderer.render(view(), "r1"), renderer.render(view(), "r1"))


def test_a_covered_camera_sees_black_and_only_that_one(renderer):
    both = view(robots={"r1": OPEN, "r2": OPEN}, covered=frozenset({"r1"}))
    assert not renderer.render(both, "r1").any()
    assert renderer.render(both, "r2").std() > 30


def test_a_house_ahead_fills_the_picture_that_open_ground_does_not(renderer, xinghe):
    at_door = xinghe.viewpoints["vp-02"].pose
    house, garden = renderer.render(view(at_door), "r1"), renderer.render(view(), "r1")
    assert changed(house, garden) > 0.5
    top = house[:80].reshape(-1, 3).mean(axis=0)
    assert top[2] < 1.15 * top[0], "expected a wall where the sky was"


def test_a_person_ahead_is_in_the_picture_and_walks(renderer):
    def with_person(stride_m):
        person = Person(
            person_id="p", position_m=ahead(OPEN, 4.0), heading_rad=0.0, speed_mps=1.0, stride_m=stride_m, look=5
        )
        return renderer.render(view(people=(person,)), "r1")

    empty = renderer.render(view(), "r1")
    assert 0.01 < changed(empty, with_person(0.3)) < 0.3
    assert changed(with_person(0.3), with_person(0.75)) > 0.001
    assert changed(empty, renderer.render(view(), "r1")) == 0, "expected nobody to stay behind"


def test_the_other_robot_is_seen_and_the_own_one_is_not(renderer):
    other = ahead(OPEN, 3.0)
    both = view(robots={"r1": OPEN, "r2": Pose2(x_m=other.x_m, y_m=other.y_m, heading_rad=0.0)})
    assert changed(renderer.render(view(), "r1"), renderer.render(both, "r1")) > 0.01


def test_smoke_of_a_burning_flat_shows_at_its_window_and_goes_away(renderer, xinghe):
    flat = "smoke-b1-1-0301"
    pose = Pose2(x_m=52.0, y_m=95.0, heading_rad=-1.61)
    clear = renderer.render(view(pose), "r1")
    burning = renderer.render(view(pose, smoke={flat: 1.0}), "r1")
    assert changed(clear, burning) > 0.01
    difference = burning.astype(int) - clear.astype(int)
    glowing = (burning[..., 0] > 200) & (burning[..., 2] < 120) & (difference[..., 0] > 30)
    assert glowing.sum() > 50, "expected the fire's glow in the window"
    assert (difference.sum(axis=2) < -60).sum() > 500, "expected dark smoke before the wall"
    assert np.array_equal(clear, renderer.render(view(pose), "r1"))


def test_smoke_of_a_shop_shows_at_its_front(renderer):
    pose = Pose2(x_m=95.5, y_m=23.0, heading_rad=-1.53)
    clear = renderer.render(view(pose), "r1")
    assert changed(clear, renderer.render(view(pose, smoke={"smoke-shop-3": 1.0}), "r1")) > 0.05


def test_every_viewpoint_shows_something(renderer, xinghe):
    for viewpoint in xinghe.viewpoints.values():
        assert renderer.render(view(viewpoint.pose), "r1").std() > 25, viewpoint.viewpoint_id


def test_a_robot_that_is_not_in_the_view_is_said_and_the_renderer_goes_on(renderer):
    with pytest.raises(Unavailable, match="r7"):
        renderer.render(view(), "r7")
    assert renderer.render(view(), "r1").any()


def test_a_renderer_that_died_says_so(xinghe):
    renderer = Renderer(setup_of(xinghe))
    try:
        renderer.wait_ready()
        os.kill(renderer.process_id, signal.SIGKILL)
        with pytest.raises(Unavailable, match="died"):
            eventually(lambda: renderer.render(view(), "r1") is None)
    finally:
        renderer.close()


def test_its_process_ends_when_it_is_closed(xinghe):
    renderer = Renderer(setup_of(xinghe))
    renderer.wait_ready()
    renderer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(renderer.process_id, 0)


def test_its_process_ends_when_its_owner_is_killed():
    owner = (
        "import os, signal\n"
        "from maps import load_site\n"
        "from sim.renderer import Renderer, setup_of\n"
        "renderer = Renderer(setup_of(load_site('xinghe')))\n"
        "print(renderer.process_id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    said = subprocess.run([sys.executable, "-c", owner], stdout=subprocess.PIPE, check=False).stdout
    eventually(lambda: not psutil.pid_exists(int(said)) or psutil.Process(int(said)).status() == "zombie", within_s=60)


def somebody(distance_m, posture=Posture.STANDING, aside_m=0.0, name="p"):
    return Person(
        person_id=name,
        position_m=ahead(OPEN, distance_m, aside_m),
        heading_rad=2.0,
        speed_mps=0.0,
        stride_m=0.0,
        look=11,
        posture=posture,
    )


def test_a_robot_with_its_lights_on_is_brighter(renderer):
    other = ahead(OPEN, 3.0)
    robots = {"r1": OPEN, "r2": Pose2(x_m=other.x_m, y_m=other.y_m, heading_rad=0.0)}
    dark = renderer.render(view(robots=robots), "r1")
    lit = renderer.render(view(robots=robots, lights=frozenset({"r2"})), "r1")
    assert 0.0005 < changed(dark, lit) < 0.05
    assert np.array_equal(dark, renderer.render(view(robots=robots), "r1"))


@pytest.mark.parametrize("posture", Posture)
def test_every_posture_shows(renderer, posture):
    picture = renderer.render(view(people=(somebody(4.0, posture),)), "r1")
    assert 0.002 < changed(renderer.render(view(), "r1"), picture) < 0.2


@pytest.mark.parametrize("kind", ThingKind)
def test_every_thing_shows_and_is_cleared_away(renderer, kind):
    one = Thing(kind=kind, position_m=ahead(OPEN, 4.0), heading_rad=-1.2, look=3)
    empty = renderer.render(view(), "r1")
    assert changed(empty, renderer.render(view(things=(one,)), "r1")) > 0.001
    assert np.array_equal(empty, renderer.render(view(), "r1"))


def test_outlines_say_who_is_seen_where_and_how_much_of_them(renderer):
    near, hidden, beside = (
        somebody(3.0, name="near"),
        somebody(6.0, name="hidden"),
        somebody(5.0, aside_m=1.5, name="beside"),
    )
    behind = somebody(-4.0, name="behind")
    picture = renderer.render(view(people=(near, hidden, beside, behind)), "r1")
    seen = renderer.outlines()
    assert set(seen) - {"hidden"} == {"near", "beside"}
    assert seen["near"].visible_px == seen["near"].whole_px > seen["beside"].visible_px
    assert "hidden" not in seen or seen["hidden"].visible_px < 0.5 * seen["hidden"].whole_px
    left, _, right, _ = seen["beside"].box_px
    assert right < 320, "expected who stands to the left of the middle there"
    assert left >= 0
    assert np.array_equal(picture, renderer.render(view(people=(near, hidden, beside, behind)), "r1"))
