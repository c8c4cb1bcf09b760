"""YOLOX: the same answer from two engines, and its decoding."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from patrol_vision.yolox_detector import SIDE_PX, Yolox, cells, decoded, letterboxed
from tests.helpers.models import folder_of

GRID, STRIDE = cells()


def raw_of(bodies):
    """What the network would say: `bodies` are (cell, score, box in pixels of its input)."""
    raw = np.zeros((len(GRID), 85), np.float32)
    for cell, score, (left, top, right, bottom) in bodies:
        raw[cell, :2] = np.array([(left + right) / 2, (top + bottom) / 2]) / STRIDE[cell] - GRID[cell]
        raw[cell, 2:4] = np.log(np.array([right - left, bottom - top]) / STRIDE[cell])
        raw[cell, 4:6] = score, 1.0
    return raw


def test_onnxruntime_and_opencv_agree_on_a_picture():
    model = (folder_of("yolox") / "yolox_nano.onnx").read_bytes()
    picture = np.random.default_rng(5).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    values, _ = letterboxed(cv2.resize(picture, (640, 480), interpolation=cv2.INTER_CUBIC))
    ours = Yolox(model)
    first = ours._session.run(None, {ours._input: values})[0]
    other = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    other.setInput(values)
    assert first == pytest.approx(other.forward(), abs=1e-3)


def test_the_input_is_bgr_at_the_upper_left_on_grey():
    red = np.zeros((100, 200, 3), np.uint8)
    red[..., 0] = 255
    values, scale = letterboxed(red)
    assert values.shape == (1, 3, SIDE_PX, SIDE_PX)
    assert scale == pytest.approx(SIDE_PX / 200)
    assert values[0, :, 10, 10].tolist() == [0, 0, 255]
    assert values[0, :, SIDE_PX - 1, 10].tolist() == [114, 114, 114]


def test_boxes_come_in_pixels_of_the_picture_and_the_weaker_of_two_on_one_is_dropped():
    raw = raw_of([(100, 0.9, (40, 60, 80, 160)), (101, 0.5, (42, 62, 82, 160)), (3500, 0.4, (200, 200, 260, 300))])
    found = decoded(raw, GRID, STRIDE, scale=0.5, least_score=0.25)
    assert [score for score, _ in found] == pytest.approx([0.9, 0.4])
    assert found[0][1] == pytest.approx((80, 120, 160, 320), abs=0.01)


def test_other_classes_are_not_people():
    raw = raw_of([(100, 0.9, (40, 60, 80, 160))])
    raw[100, 5], raw[100, 7] = 0.01, 0.99
    assert decoded(raw, GRID, STRIDE, scale=1.0, least_score=0.25) == []
