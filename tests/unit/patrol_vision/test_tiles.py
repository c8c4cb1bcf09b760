"""Where the finder looks: the ground is covered, hints come first, the budget holds."""

from __future__ import annotations

import numpy as np
import pytest

from patrol_vision.blazepose_detector import SIDE_PX, Square
from patrol_vision.tiles import pixels_of, squares


def looked_at(width=640, height=480, *, horizon_px=240.0, hints=(), budget=99):
    return squares(width, height, horizon_px=horizon_px, hints=hints, budget=budget)


@pytest.mark.parametrize("horizon_px", [None, -500.0, 0.0, 216.0, 337.0, 479.0, 900.0])
@pytest.mark.parametrize(("width", "height"), [(640, 480), (1280, 720), (480, 640), (160, 120)])
def test_every_point_of_the_ground_lies_in_a_square_in_every_turn(width, height, horizon_px):
    ground_from = height / 2 if horizon_px is None else min(max(horizon_px, 0.0), height - 1.0)
    found = looked_at(width, height, horizon_px=horizon_px)
    for quarters in {square.quarters for square in found}:
        covered = np.zeros((height, width), bool)
        for square in found:
            if square.quarters == quarters:
                top, left = max(0, round(square.top_px)), max(0, round(square.left_px))
                bottom, right = round(square.top_px + square.side_px), round(square.left_px + square.side_px)
                covered[top : max(0, bottom), left : max(0, right)] = True
        assert covered[round(ground_from) + 1 :].all(), quarters


def test_hints_come_first_and_lie_in_the_middle_of_their_squares():
    hint = (300.0, 200.0, 340.0, 360.0)
    first = looked_at(hints=[hint])[0]
    assert first.left_px + first.side_px / 2 == pytest.approx(320)
    assert first.top_px + first.side_px / 2 == pytest.approx(280)
    assert first.side_px > 160


def test_many_hints_do_not_keep_it_from_looking_at_the_ground():
    without, with_hints = looked_at(), looked_at(hints=[(10.0 * i, 200.0, 10.0 * i + 50, 300.0) for i in range(40)])
    assert set(without) <= set(with_hints)


def test_the_budget_holds_whatever_is_asked_for():
    assert len(looked_at(hints=[(0.0, 0.0, 50.0, 50.0)] * 40, horizon_px=-1e6, budget=7)) == 7


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_square_is_turned_as_rot90_turns_it(quarters):
    picture = np.random.default_rng(1).integers(0, 255, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    smooth = np.repeat(np.repeat(picture[::32, ::32], 32, axis=0), 32, axis=1)[:SIDE_PX, :SIDE_PX]
    came = pixels_of(smooth, Square(left_px=0, top_px=0, side_px=SIDE_PX, quarters=quarters))
    agree = np.mean(came == np.rot90(smooth, quarters))
    assert agree > 0.9  # all but one line at the borders of the blocks


def test_beyond_the_picture_it_is_black():
    white = np.full((100, 100, 3), 255, np.uint8)
    came = pixels_of(white, Square(left_px=-100, top_px=-100, side_px=200))
    assert came[: SIDE_PX // 2 - 2].max() == 0
    assert came[SIDE_PX // 2 + 2 : -4, SIDE_PX // 2 + 2 : -4].min() == 255
