"""The rule of the second set, at its borders."""

from __future__ import annotations

import numpy as np
import pytest

from patrol_vision.lying import by_rule, torso_deg


@pytest.mark.parametrize(
    ("shoulders", "hips", "deg"),
    [((0, -1), (0, 0), 0), ((1, 0), (0, 0), 90), ((-1, 0), (0, 0), 90), ((0, 1), (0, 0), 180), ((3, 2), (2, 3), 45)],
)
def test_the_torsos_angle_is_counted_from_up_to_either_side(shoulders, hips, deg):
    assert torso_deg(np.array(shoulders, np.float32), np.array(hips, np.float32)) == pytest.approx(deg)


@pytest.mark.parametrize(
    ("deg", "aspect", "lies"),
    [
        (56, 0.8, True), (54, 0.8, False), (56, 0.7, False), (111, 0.3, True), (109, 0.3, False),
        (36, 1.7, True), (34, 1.7, False), (36, 1.5, False), (5, 0.4, False), (90, 3.0, True),
    ],
)  # fmt: skip
def test_each_border_of_the_rule_is_where_it_says(deg, aspect, lies):
    assert (by_rule(deg, aspect) > 0.5) is lies
    assert 0.0 <= by_rule(deg, aspect) <= 1.0
