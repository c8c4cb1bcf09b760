"""When a picture is evidence: fresh, from here, and showing something."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest
from PIL import Image

from patrol_core.site import Text
from patrol_onboard import phrases
from patrol_onboard.photo import Photo, Unusable, look_at, photo_from
from tests.unit.patrol_onboard.pictures import NOW, Pixels, covered, frame, grey, shaken, street


def taken(picture: Pixels) -> Photo:
    return photo_from(frame(picture), not_before=NOW, now_s=100.2)


def test_a_street_is_evidence_and_its_name_is_the_digest_of_the_jpeg() -> None:
    photo = taken(street())
    assert photo.digest == hashlib.sha256(photo.jpeg).hexdigest()
    assert photo.taken_at == NOW


def test_the_jpeg_shows_the_scene_in_its_own_colours() -> None:
    back = cv2.imdecode(np.frombuffer(taken(street()).jpeg, np.uint8), cv2.IMREAD_COLOR)
    sky_bgr = back[20, 600].astype(int)
    assert np.abs(sky_bgr - (215, 180, 150)).max() < 15


def test_rows_with_padding_show_the_same_picture() -> None:
    padded = photo_from(frame(street(), padding=32), not_before=NOW, now_s=100.2)
    assert padded.digest == taken(street()).digest


@pytest.mark.parametrize(
    ("picture", "because"),
    [
        (covered(), phrases.DARK),
        (np.zeros((480, 640, 3), np.uint8), phrases.DARK),
        (grey(level=128), phrases.UNIFORM),
        (np.full((480, 640, 3), 255, np.uint8), phrases.UNIFORM),
        (shaken(street()), phrases.BLURRED),
    ],
    ids=["covered", "black", "grey", "white", "shaken"],
)
def test_a_picture_that_shows_nothing_is_none_and_says_why(picture: Pixels, because: Text) -> None:
    with pytest.raises(Unusable, match=str(because)):
        taken(picture)


@pytest.mark.parametrize("brightness", [0.1, 0.15, 0.3, 0.6, 1.0, 1.15])
@pytest.mark.parametrize("seed", range(4))
def test_dusk_and_glare_are_no_cover(brightness: float, seed: int) -> None:
    taken(street(seed=seed, brightness=brightness))


def test_a_picture_from_before_the_arrival_is_none() -> None:
    with pytest.raises(Unusable, match=str(phrases.STALE_FRAME)):
        photo_from(frame(street()), not_before=NOW + timedelta(milliseconds=1), now_s=100.2)


def test_a_picture_older_than_a_second_is_none() -> None:
    photo_from(frame(street()), not_before=NOW, now_s=101.0)
    with pytest.raises(Unusable, match=str(phrases.STALE_FRAME)):
        photo_from(frame(street()), not_before=NOW, now_s=101.01)


@pytest.mark.parametrize(
    "broken",
    [{"encoding": "32FC1"}, {"data": b"abc"}, {"width_px": 0}, {"step": 10}, {"height_px": 481}],
    ids=str,
)
def test_bytes_that_are_no_picture_are_none(broken: dict[str, object]) -> None:
    with pytest.raises(Unusable, match=str(phrases.NOT_A_PICTURE)):
        photo_from(replace(frame(street()), **broken), not_before=NOW, now_s=100.2)  # type: ignore[arg-type]


def test_a_grey_camera_is_a_camera() -> None:
    picture = cv2.cvtColor(street(), cv2.COLOR_RGB2GRAY)
    mono = replace(frame(street()), encoding="mono8", step=640, data=picture.tobytes())
    assert photo_from(mono, not_before=NOW, now_s=100.2).jpeg


def test_sharpness_is_judged_at_one_scale() -> None:
    big = cv2.resize(street(), (1280, 960), interpolation=cv2.INTER_CUBIC)
    assert look_at(Image.fromarray(big)).sharpness == pytest.approx(
        look_at(Image.fromarray(street())).sharpness, rel=0.25
    )
