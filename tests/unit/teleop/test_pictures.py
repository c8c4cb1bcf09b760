"""Messages of cameras as pixels; what cannot be shown is refused with what was expected and what came."""

from __future__ import annotations

import numpy as np
import pytest

from patrol_core.errors import InvalidInput
from teleop.pictures import pixels
from tests.unit.teleop.cameras import picture


def test_a_picture_keeps_its_rows() -> None:
    given = picture(0)
    assert pixels(given).tobytes() == given.data


def test_padding_at_the_end_of_a_row_is_left_out() -> None:
    rows = np.zeros((2, 10), dtype=np.uint8)
    rows[:, :6] = 7
    shown = pixels(picture(0, width_px=2, height_px=2, step=10, data=rows.tobytes()))
    assert shown.shape == (2, 2, 3)
    assert (shown == 7).all()


def test_an_odd_row_and_column_are_left_out() -> None:
    shown = pixels(picture(0, width_px=5, height_px=3, step=15, data=bytes(45)))
    assert shown.shape == (2, 4, 3)


def test_grey_stays_grey() -> None:
    assert pixels(picture(0, width_px=4, height_px=2, step=4, encoding="mono8", data=bytes(8))).shape == (2, 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"encoding": "bayer_rggb8"}, "bayer_rggb8"),
        ({"data": bytes(10)}, "came 10 bytes"),
        ({"step": 100}, "in rows of 100"),
        ({"height_px": 1}, "expected 1 rows"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        pixels(picture(0, **changes))
