"""ROS image bytes as pictures."""

from __future__ import annotations

import numpy as np
import pytest

from patrol_core.errors import InvalidInput
from patrol_vision.sources.pixels import picture_from

RED = (200, 10, 30)


@pytest.mark.parametrize(
    ("encoding", "pixel", "expected"),
    [
        ("rgb8", RED, RED),
        ("bgr8", RED[::-1], RED),
        ("rgba8", (*RED, 255), RED),
        ("bgra8", (*RED[::-1], 255), RED),
        ("mono8", (77,), (77, 77, 77)),
    ],
)
def test_every_encoding_becomes_rgb_and_padding_at_the_end_of_rows_is_left_out(encoding, pixel, expected):
    width, height, padding = 5, 4, 3
    row = bytes(pixel) * width + b"\xff" * padding
    picture = picture_from(width=width, height=height, encoding=encoding, step=len(row), data=row * height)
    assert picture.shape == (height, width, 3)
    assert (picture == np.array(expected, dtype=np.uint8)).all()
    assert picture.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize(
    "wrong",
    [{"encoding": "yuv422"}, {"step": 5}, {"data": b"short"}, {"width": 0}, {"height": 0}],
)
def test_what_is_no_whole_image_is_refused_in_words(wrong):
    given = {"width": 4, "height": 2, "encoding": "rgb8", "step": 12, "data": bytes(24), **wrong}
    with pytest.raises(InvalidInput, match="expected"):
        picture_from(**given)
