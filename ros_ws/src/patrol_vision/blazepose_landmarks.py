"""BlazePose's second stage: 33 landmarks of the one body in a turned square of the picture.

Every number is an option of the graph that ships in the wheel the models come from (mediapipe 0.10.21,
`modules/pose_landmark/pose_landmark_cpu.binarypb`, expanded by its own ValidatedGraphConfig): nodes
ImageToTensorCalculator, TensorsToLandmarksCalculator, RefineLandmarksFromHeatmapCalculator (`min_confidence_to_refine`
is its default).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from patrol_vision.blazepose_detector import Roi, roi_between
from patrol_vision.litert import Network, sigmoid
from patrol_vision.pose import Keypoints, Picture

SIDE_PX = 256
LANDMARKS = 33  # of 39; the others are for the next region
_ALL = 39
_VALUES = 5  # x, y, z, visibility, presence
_HEATMAP = 64
_REACH = 3  # kernel_size 7
_REFINE_FROM = 0.5  # min_confidence_to_refine

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body."""

    presence: float  # 0..1, that there is one
    keypoints: Keypoints  # (33, 3): x px, y px of the picture, visibility 0..1
    world_m: Floats  # (33, 3): x right, y down, z away as the camera sees it, from the middle of the hips
    roi: Roi
    heat: Floats  # (33,): 0..1, how sure the heat map is of each landmark
    outline: tuple[float, float]  # share of the region that is body; how clear-cut it is, 0..1
    again: Roi  # the region that these landmarks would choose themselves


class Landmarks:
    """Finds the landmarks of one body. One pass for each region."""

    def __init__(self, model: bytes) -> None:
        self._network = Network(model, "pose_landmark_full.tflite", (1, SIDE_PX, SIDE_PX, 3))

    def body(self, picture: Picture, roi: Roi) -> Body:
        """What is in the region; whether it is a body is its `presence`."""
        pixels = cut(picture, roi, SIDE_PX).astype(np.float32) * np.float32(1.0 / 255.0)
        points, presence, mask, heatmap, world = self._network.run(pixels[None])
        raw = points[0].reshape(_ALL, _VALUES)
        skin = sigmoid(mask[0, ::4, ::4, 0])
        places = refined(raw[:LANDMARKS, :2] / SIDE_PX, heatmap[0])
        keypoints = np.empty((LANDMARKS, 3), dtype=np.float32)
        keypoints[:, :2] = _placed(places, roi)
        keypoints[:, 2] = sigmoid(raw[:LANDMARKS, 3])
        upright = world[0].reshape(_ALL, 3)[:LANDMARKS].copy()
        upright[:, :2] = upright[:, :2] @ _turned(roi.turn_rad).T
        hips, crown = _placed(raw[LANDMARKS : LANDMARKS + 2, :2] / SIDE_PX, roi).tolist()
        return Body(
            presence=float(presence[0, 0]),
            keypoints=keypoints,
            world_m=upright,
            roi=roi,
            heat=sigmoid(heatmap[0, :, :, :LANDMARKS].max(axis=(0, 1))),
            outline=(float((skin > 0.5).mean()), float(np.abs(2 * skin - 1).mean())),
            again=roi_between(hips, crown, score=roi.score, votes=roi.votes),
        )


def cut(picture: Picture, roi: Roi, side_px: int) -> Picture:
    """The region's pixels, upright; the picture's edge goes on beyond it."""
    scale = roi.side_px / side_px
    turn = _turned(roi.turn_rad) * scale
    matrix = np.empty((2, 3))
    matrix[:, :2] = turn
    matrix[:, 2] = (roi.x_px, roi.y_px) - turn @ (side_px / 2, side_px / 2)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(picture, matrix, (side_px, side_px), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def refined(places: Floats, heatmap: Floats) -> Floats:
    """Landmarks (fractions of the side) drawn to the middle of what the heat map shows near them.

    Args:
        places: (33, 2) x and y.
        heatmap: (64, 64, 39) logits.
    """
    better = places.copy()
    for i, (x, y) in enumerate(places):
        column, row = int(x * _HEATMAP), int(y * _HEATMAP)
        if not (0 <= column < _HEATMAP and 0 <= row < _HEATMAP):
            continue
        top, left = max(0, row - _REACH), max(0, column - _REACH)
        near = heatmap[top : row + _REACH + 1, left : column + _REACH + 1, i]
        heat = sigmoid(near)
        if heat.max() < _REFINE_FROM:
            continue
        total = heat.sum() * _HEATMAP
        better[i, 0] = (heat.sum(axis=0) @ np.arange(left, left + heat.shape[1])) / total
        better[i, 1] = (heat.sum(axis=1) @ np.arange(top, top + heat.shape[0])) / total
    return better


def _placed(places: Floats, roi: Roi) -> npt.NDArray[np.float64]:
    """Points of the region (fractions of its side) in the picture."""
    return np.asarray((places - 0.5) * roi.side_px @ _turned(roi.turn_rad).T + (roi.x_px, roi.y_px))


def _turned(angle_rad: float) -> npt.NDArray[np.float64]:
    """The matrix that turns clockwise in a picture (y down)."""
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[cos, -sin], [sin, cos]])
