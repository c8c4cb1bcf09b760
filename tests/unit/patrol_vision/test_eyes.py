"""Eyes: what the finder is told, what a blind camera comes to, and the photograph."""

from __future__ import annotations

from datetime import timedelta

import cv2
import numpy as np
import pytest

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Pose2
from patrol_core.sighting import Verdict
from patrol_vision import phrases
from patrol_vision.blindness import BlindCheck, BlindPolicy
from patrol_vision.eyes import HINTS_MAX, Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.look import Frame
from tests.unit.patrol_vision.people import FRONT, START, lying_at, seen, standing_at
from tests.unit.patrol_vision.scripted import ScriptedFinder, black, noise

HOME = Pose2(x_m=0.0, y_m=0.0, heading_rad=0.0)


@pytest.fixture
def finder():
    return ScriptedFinder()


@pytest.fixture
def eyes(finder):
    return Eyes(finder, FRONT, FallWatch(FallPolicy(), "front", finder.name))


def look(eyes, i, picture=None, pose=HOME):
    at = START + timedelta(seconds=i / 4)
    return eyes.look(Frame(picture=noise(i) if picture is None else picture, observed_at=at, robot_pose=pose))


def at_home(*bodies):
    return [seen(body, FRONT, FRONT.at(HOME)) for body in bodies]


def test_the_finder_is_told_the_horizon(eyes, finder):
    look(eyes, 0)
    assert finder.asked[0][0] == pytest.approx(FRONT.horizon_px())


def test_a_smaller_picture_has_its_horizon_where_the_angle_says(eyes, finder):
    look(eyes, 0, noise(height_px=240, width_px=320))
    assert finder.asked[0][0] == pytest.approx(FRONT.horizon_px() / 2)


def test_where_somebody_was_is_looked_at_first_moved_as_the_robot_moved(eyes, finder):
    body = lying_at(8.0, 0.0)
    finder.views = at_home(body)
    look(eyes, 0)
    nearer = Pose2(x_m=3.0, y_m=0.0, heading_rad=0.0)
    look(eyes, 1, pose=nearer)
    (hint,) = finder.asked[1][1]
    truth = seen(body, FRONT, FRONT.at(nearer)).box
    assert np.abs(np.array(hint) - np.array(truth)).max() < 25


def test_hints_are_few_and_suspects_come_first(eyes, finder):
    suspect = lying_at(6.0, 0.0)
    finder.views = at_home(suspect)
    for i in range(8):
        look(eyes, i)
    assert eyes.suspects
    finder.views = at_home(*[lying_at(9.0, y) for y in (-4.5, -2.5, 2.5, 4.5)], suspect)
    look(eyes, 8)
    look(eyes, 9)
    hints = finder.asked[-1][1]
    assert len(hints) == HINTS_MAX
    assert hints[0] == pytest.approx(finder.views[-1].box, abs=4)


def test_who_stands_needs_no_hint(eyes, finder):
    finder.views = at_home(*[standing_at(8.0, y) for y in (-3, 0, 3)])
    look(eyes, 0)
    look(eyes, 1)
    assert finder.asked[-1][1] == ()


def test_a_covered_camera_finds_nothing_and_says_why(eyes, finder):
    finder.views = at_home(lying_at(4.25, 0.0))
    for i in range(40):
        seen_blind = look(eyes, i, black())
        assert (seen_blind.tracks, seen_blind.sightings, seen_blind.blind) == ((), (), phrases.DARK)
    assert finder.asked == []


def test_a_sticker_on_the_lens_is_no_content(eyes, finder):
    picture = np.full((480, 640, 3), 128, dtype=np.uint8)
    assert look(eyes, 0, picture).blind == phrases.UNIFORM


def test_the_same_picture_while_the_robot_drives_is_a_frozen_camera(eyes):
    picture = noise()
    poses = [Pose2(x_m=0.1 * i, y_m=0.0) for i in range(6)]
    blind = [look(eyes, i, picture, pose).blind for i, pose in enumerate(poses)]
    assert blind[:2] == [None, None]
    assert blind[-1] == phrases.FROZEN


def test_the_same_picture_while_the_robot_stands_is_a_quiet_day(eyes):
    picture = noise()
    assert all(look(eyes, i, picture).blind is None for i in range(200))


def test_a_fixed_camera_whose_picture_never_changes_is_frozen_after_a_while():
    check = BlindCheck(BlindPolicy(frozen_still_s=60.0))
    picture = noise()
    assert check.why(picture, START, None) is None
    assert check.why(picture, START + timedelta(seconds=59), None) is None
    assert check.why(picture, START + timedelta(seconds=61), None) == phrases.FROZEN
    assert check.why(noise(1), START + timedelta(seconds=62), None) is None


def test_the_photograph_is_the_picture_with_nothing_drawn_in(eyes, finder):
    finder.views = at_home(lying_at(4.25, 0.0))
    smooth = np.repeat(np.linspace(20, 230, 640, dtype=np.uint8)[None, :, None], 480, axis=0).repeat(3, axis=2)
    said = [s for i in range(30) for s in look(eyes, i, smooth).sightings]
    confirmed = next(s for s in said if s.verdict is Verdict.CONFIRMED)
    photo = cv2.imdecode(np.frombuffer(confirmed.photo_jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert photo.shape == smooth.shape
    assert np.abs(photo.astype(int) - smooth).max() < 12


def test_without_the_robots_place_boxes_have_no_position(eyes, finder):
    finder.views = at_home(standing_at(6.0, 0.0))
    (person,) = look(eyes, 0, pose=None).tracks
    assert person.position_m is None
    assert person.distance_m == pytest.approx(5.75, abs=0.01)


def test_what_is_no_picture_is_refused_in_words(eyes):
    with pytest.raises(InvalidInput, match="expected a picture"):
        look(eyes, 0, np.zeros((480, 640), dtype=np.uint8))
