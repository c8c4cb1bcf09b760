"""Every model set finds people through the same port: who stands is found, an empty street and the dark give nobody."""

from __future__ import annotations

import hashlib
import math
import shutil

import numpy as np
import pytest

from maps import load_site
from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.geometry import Point2, Pose2
from patrol_vision.models import SETS, load_finder
from sim.person import Person
from sim.posture import Posture
from sim.renderer import Renderer, setup_of
from sim.view import CAMERA_HEIGHT_PX, CAMERA_TILT_RAD, CAMERA_UP_M, CAMERA_WIDTH_PX, WorldView
from tests.helpers.models import finder_of, folder_of

HERE = Pose2(x_m=175.0, y_m=92.0, heading_rad=math.pi / 2)  # the central walk, free ahead
HORIZON_PX = CAMERA_HEIGHT_PX / 2 + CAMERA_WIDTH_PX / 2 / math.tan(math.radians(35.0)) * math.tan(CAMERA_TILT_RAD)
DARK = np.zeros((CAMERA_HEIGHT_PX, CAMERA_WIDTH_PX, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def street():
    renderer = Renderer(setup_of(load_site("xinghe")))
    yield lambda *people: _shot(renderer, people)
    renderer.close()


@pytest.fixture(scope="module", params=list(SETS))
def finder(request):
    return finder_of(request.param)


def someone(posture, *, ahead_m=4.0, aside_m=0.0, heading_rad=-math.pi / 2, look=7):
    return Person(
        person_id="someone",
        position_m=Point2(HERE.x_m + aside_m, HERE.y_m + ahead_m),
        heading_rad=heading_rad,
        speed_mps=0.0,
        stride_m=0.0,
        look=look,
        posture=posture,
    )


def _shot(renderer, people):
    view = WorldView(tick=1, elapsed_s=0.0, robots={}, people=people, smoke={}, covered=frozenset())
    pose = {"x_m": HERE.x_m, "y_m": HERE.y_m, "z_m": CAMERA_UP_M, "heading_rad": HERE.heading_rad}
    return renderer.shoot(view, **pose, tilt_rad=CAMERA_TILT_RAD)


def seen(finder, picture, **changes):
    return finder.people(picture, **{"horizon_px": HORIZON_PX, **changes})


def test_somebody_who_stands_is_found_where_they_stand_and_does_not_lie(finder, street):
    (view,) = seen(finder, street(someone(Posture.STANDING)))
    assert view.score > 0.5
    assert view.lying < 0.5
    left, top, right, bottom = view.box
    assert left < CAMERA_WIDTH_PX / 2 < right
    assert bottom - top > 2 * (right - left)
    assert view.feet_px[1] == pytest.approx(HORIZON_PX + 0.85 / 4.0 * 457, abs=30)  # the ground 4 m ahead


def test_somebody_who_lies_across_is_found_and_lies(finder, street):
    views = seen(finder, street(someone(Posture.PRONE, ahead_m=3.5, heading_rad=0.0, look=11)))
    assert max(view.lying for view in views) > 0.5


def test_without_a_horizon_it_finds_them_too(finder, street):
    assert seen(finder, street(someone(Posture.STANDING)), horizon_px=None)


def test_an_empty_street_shows_nobody(finder, street):
    assert seen(finder, street()) == []


def test_the_dark_shows_nobody(finder):
    assert seen(finder, DARK) == []
    assert seen(finder, DARK, hints=[(100.0, 100.0, 200.0, 300.0)] * 9) == []


@pytest.mark.parametrize("aside_m", [-2.4, -1.2, 1.2, 2.4])
def test_boxes_and_scores_stay_in_their_ranges(finder, street, aside_m):
    views = seen(finder, street(someone(Posture.STANDING, ahead_m=3.2, aside_m=aside_m)))
    for view in views:
        left, top, right, bottom = view.box
        assert 0 <= left < right <= CAMERA_WIDTH_PX
        assert 0 <= top < bottom <= CAMERA_HEIGHT_PX
        assert 0 <= view.score <= 1
        assert 0 <= view.lying <= 1
        assert view.keypoints.dtype == np.float32
        assert view.keypoints.shape[1:] == (3,)
    assert [view.score for view in views] == sorted((view.score for view in views), reverse=True)


def test_the_same_picture_gives_the_same_answer_whatever_was_looked_at_between(finder, street):
    picture = street(someone(Posture.SUPINE, ahead_m=3.5, heading_rad=0.4))
    first = seen(finder, picture)
    seen(finder, street(someone(Posture.STANDING)))
    again = seen(finder, picture)
    assert [(v.box, v.score, v.lying, v.feet_px) for v in first] == [
        (v.box, v.score, v.lying, v.feet_px) for v in again
    ]
    assert all(np.array_equal(a.keypoints, b.keypoints) for a, b in zip(first, again, strict=True))


def test_the_picture_is_left_as_it_was(finder, street):
    picture = street(someone(Posture.STANDING))
    before = picture.copy()
    seen(finder, picture)
    assert np.array_equal(picture, before)


@pytest.mark.parametrize(
    ("picture", "came"),
    [
        (np.zeros((480, 640), dtype=np.uint8), "480×640 and type uint8"),
        (np.zeros((480, 640, 4), dtype=np.uint8), "480×640×4"),
        (np.zeros((480, 640, 3), dtype=np.float32), "float32"),
        (np.zeros((480, 8, 3), dtype=np.uint8), "480×8×3"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(finder, picture, came):
    with pytest.raises(InvalidInput, match=f"expected a picture of .*came .*{came}"):
        seen(finder, picture)


@pytest.mark.parametrize("name", list(SETS))
def test_a_swapped_file_is_refused_and_both_digests_are_named(name, tmp_path):
    folder = folder_of(name)
    for file in SETS[name].files:
        shutil.copy(folder / file.name, tmp_path / file.name)
    swapped = SETS[name].files[-1]
    (tmp_path / swapped.name).write_bytes(b"another network")
    with pytest.raises(Unavailable) as refused:
        load_finder(name, folder=tmp_path)
    assert swapped.sha256 in str(refused.value)
    assert hashlib.sha256(b"another network").hexdigest() in str(refused.value)


@pytest.mark.parametrize("name", list(SETS))
def test_a_missing_file_is_named_with_the_way_to_get_it(name, tmp_path):
    with pytest.raises(Unavailable, match=f"{SETS[name].files[0].name}.*{SETS[name].how_to_get}"):
        load_finder(name, folder=tmp_path)
