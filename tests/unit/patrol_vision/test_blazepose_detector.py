"""The detector's anchors, its decoding and the region it makes of a body."""

from __future__ import annotations

import math

import numpy as np
import pytest

from patrol_vision.blazepose_detector import SIDE_PX, Square, anchors, decoded, roi_of

ANCHORS = anchors()


def answer(bodies):
    """What the network would say: `bodies` are (anchor, logit, four points as fractions of the side)."""
    values, logits = np.zeros((len(ANCHORS), 12), np.float32), np.full(len(ANCHORS), -90.0, np.float32)
    for anchor, logit, points in bodies:
        values[anchor, 2:4] = 0.2 * SIDE_PX
        values[anchor, 4:] = ((np.array(points) - ANCHORS[anchor]) * SIDE_PX).ravel()
        logits[anchor] = logit
    return values, logits


def body(x, y):
    return [(x, y), (x, y - 0.3), (x, y - 0.1), (x, y - 0.2)]


def test_there_are_as_many_anchors_as_the_network_has_rows_and_all_lie_in_cells_middles():
    assert ANCHORS.shape == (2254, 2)
    assert ANCHORS[0] == pytest.approx((0.5 / 28, 0.5 / 28))
    assert ANCHORS[1] == pytest.approx((0.5 / 28, 0.5 / 28))  # two in each cell of stride 8
    assert ANCHORS[2] == pytest.approx((1.5 / 28, 0.5 / 28))
    assert ANCHORS[28 * 28 * 2] == pytest.approx((0.5 / 14, 0.5 / 14))
    assert ANCHORS[-6:] == pytest.approx(np.full((6, 2), 6.5 / 7))  # three layers of stride 32 share a grid


def test_what_is_below_the_least_score_is_not_there():
    values, logits = answer([(700, -1.0, body(0.5, 0.5))])
    assert decoded(values, logits, ANCHORS, least_score=0.5) == []
    ((score, points),) = decoded(values, logits, ANCHORS, least_score=0.2)
    assert score == pytest.approx(1 / (1 + math.e))
    assert points == pytest.approx(np.array(body(0.5, 0.5)), abs=1e-6)


def test_overlapping_answers_become_one_weighed_by_score():
    near = [(700, 3.0, body(0.50, 0.50)), (701, 0.0, body(0.56, 0.50))]
    ((score, points),) = decoded(*answer(near), ANCHORS, least_score=0.3)
    best, other = 1 / (1 + math.exp(-3)), 0.5
    assert score == pytest.approx(best)
    assert points[0, 0] == pytest.approx((best * 0.50 + other * 0.56) / (best + other), abs=1e-5)


def test_two_bodies_apart_stay_two_best_first():
    apart = [(10, 1.0, body(0.2, 0.3)), (1500, 2.0, body(0.8, 0.8))]
    scores = [score for score, _ in decoded(*answer(apart), ANCHORS, least_score=0.3)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


def test_somebody_upright_has_a_region_that_is_not_turned_and_2_5_times_the_radius_wide():
    roi = roi_of(np.array(body(0.5, 0.6), np.float32), 0.9, Square(left_px=100, top_px=50, side_px=400))
    assert (roi.x_px, roi.y_px) == pytest.approx((300, 290))
    assert roi.side_px == pytest.approx(2.5 * 0.3 * 400)
    assert roi.turn_rad == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_region_is_the_same_however_the_square_was_turned(quarters):
    square = Square(left_px=0, top_px=0, side_px=1, quarters=0)
    upright = np.array([(0.3, 0.6), (0.4, 0.2), (0, 0), (0, 0)], np.float32)
    turned = upright.copy()
    for _ in range(quarters):  # as numpy.rot90 moves a point
        turned = np.stack([turned[:, 1], 1 - turned[:, 0]], axis=1)
    want = roi_of(upright, 1.0, square)
    came = roi_of(turned, 1.0, Square(left_px=0, top_px=0, side_px=1, quarters=quarters))
    assert (came.x_px, came.y_px, came.side_px) == pytest.approx((want.x_px, want.y_px, want.side_px))
    assert came.turn_rad == pytest.approx(want.turn_rad)
