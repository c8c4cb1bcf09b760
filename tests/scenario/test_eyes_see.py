"""Eyes in the rendered community: they find who lies, where they lie, and nobody else. Truth only scores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from patrol_core.geometry import Point2, Pose2
from patrol_core.robot import Activity
from patrol_core.sighting import Verdict
from patrol_core.site import Site
from patrol_vision.eyes import Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.look import Frame
from sim.posture import Posture
from sim.renderer import Renderer, setup_of
from sim.scenario import QUIET, CoverCamera, TimedEvent
from sim.view import WorldView
from tests.scenario.watching import (
    FRONT,
    WatchingCommunity,
    body_at,
    patrol_among_crowd,
    play_fall,
    stage_fall,
)
from tests.unit.patrol_vision.people import START

SEED = 501  # of nobody's tuning


@pytest.fixture(scope="module")
def renderer(site: Site) -> Iterator[Renderer]:
    with closing(Renderer(setup_of(site))) as renderer:
        yield renderer


@pytest.mark.timeout(600)
def test_a_patrol_finds_who_lies_beside_its_way_tells_the_center_and_stays(site, finder, renderer):
    fall = stage_fall(site, SEED)
    with WatchingCommunity(site, finder, renderer=renderer) as community:
        community.put(fall.start)
        community.staged = (fall.body,)
        community.send(fall.goal)
        end = community.now + timedelta(seconds=90)
        while community.now < end and not community.noted.findings:
            community.tick()
        community.forward(seconds=5)
        (finding, *_) = community.noted.findings
        assert finding.position_m.distance_m(fall.body.position_m) < 1.0
        assert finding.evidence
        assert finding.model == finder.name
        assert community.noted.confirmed[0].photo_jpeg[:2] == b"\xff\xd8"
        assert community.activity() is Activity.ATTENDING


def test_a_covered_camera_finds_nothing(site, finder, renderer):
    covered = replace(QUIET, events=(TimedEvent(at_s=0.0, what=CoverCamera(robot_id="r1")),))
    outcome, noted = play_fall(site, finder, renderer, stage_fall(site, SEED), scenario=covered, within_s=30)
    assert not outcome.confirmed
    assert outcome.looks > 60
    assert (noted.said, noted.findings) == ([], [])


@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.9, 0.8), (0.4, -1.2)])
def test_a_moved_body_moves_the_pin(site, finder, renderer, moved):
    robot = site.viewpoint("vp-03").pose
    ahead, aside = 2.9 + moved[0], moved[1]
    cos, sin = math.cos(robot.heading_rad), math.sin(robot.heading_rad)
    truth = Point2(robot.x_m + ahead * cos - aside * sin, robot.y_m + ahead * sin + aside * cos)
    body = body_at(truth, heading_rad=robot.heading_rad + 1.2, posture=Posture.SUPINE, look=4711)
    eyes = Eyes(finder, FRONT, FallWatch(FallPolicy(), "front", finder.name))
    said = []
    for i in range(16):
        pose = Pose2(x_m=robot.x_m + 0.02 * i * cos, y_m=robot.y_m + 0.02 * i * sin, heading_rad=robot.heading_rad)
        view = WorldView(tick=i, elapsed_s=i / 3, robots={"r1": pose}, people=(body,), smoke={}, covered=frozenset())
        picture = renderer.render(view, "r1")
        at = START + timedelta(seconds=i / 3)
        said += eyes.look(Frame(picture=picture, observed_at=at, robot_pose=pose)).sightings
    confirmed = next(s for s in said if s.verdict is Verdict.CONFIRMED)
    assert confirmed.position_m.distance_m(truth) < 0.7


@pytest.mark.timeout(900)
def test_people_who_do_not_lie_raise_no_alarm(site, finder, renderer):
    """Two minutes at 0.75 Hz here; thirty at 2 Hz, and ten hours, in `make prove`."""
    noted = patrol_among_crowd(site, finder, renderer, seed=SEED, minutes=2, rate_hz=0.75)
    assert noted.looks >= 80
    assert noted.confirmed == []
