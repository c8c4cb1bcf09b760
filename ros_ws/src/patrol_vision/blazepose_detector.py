"""BlazePose's first stage: where in a square picture somebody is, and which way their body points.

Every number is an option of the graph that ships in the wheel the models come from (mediapipe 0.10.21,
`modules/pose_landmark/pose_landmark_cpu.binarypb`, expanded by its own ValidatedGraphConfig): nodes
SsdAnchorsCalculator, TensorsToDetectionsCalculator, NonMaxSuppressionCalculator, AlignmentPointsRectsCalculator and
RectTransformationCalculator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from patrol_vision.litert import Network, sigmoid
from patrol_vision.pose import Picture

SIDE_PX = 224  # of the square picture it takes
_STRIDES = (8, 16, 32, 32, 32)  # SsdAnchorsCalculator: layers of one stride share a grid
_ANCHORS_PER_LAYER = 2  # one of aspect 1, and one of the interpolated scale
_CLIP = 100.0  # score_clipping_thresh
_SAME = 0.3  # min_suppression_threshold, intersection over union
_MARGIN = 1.25  # RectTransformationCalculator scale_x, scale_y; square_long
_HIPS, _CROWN = 0, 1  # keypoints: middle of the hips; end of a radius that holds the whole body
_VALUES = 12  # num_coords: box of 4, keypoints of 4 × 2

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roi:
    """A square of the picture that holds a body, turned so that its head is up."""

    x_px: float  # middle
    y_px: float
    side_px: float
    turn_rad: float  # clockwise as one sees it: how far the body's own "up" leans from the picture's
    score: float = 1.0
    votes: float = 1.0  # sum of the scores of all regions that are of this body


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square part of a picture, looked at turned by quarters."""

    left_px: float
    top_px: float
    side_px: float
    quarters: int = 0  # counter-clockwise turns of the part before it is looked at


class Detector:
    """Finds bodies in squares. One pass for each square."""

    def __init__(self, model: bytes) -> None:
        self._network = Network(model, "pose_detection.tflite", (1, SIDE_PX, SIDE_PX, 3))
        self._anchors = anchors()

    def rois(self, pixels: Picture, square: Square, *, least_score: float) -> list[Roi]:
        """Bodies in a square.

        Args:
            pixels: the square's pixels, already turned and of SIDE_PX a side.
            square: where they were taken from.
            least_score: 0..1, of a body.
        """
        scaled = pixels.astype(np.float32) * np.float32(2.0 / 255.0) - np.float32(1.0)
        values, logits = self._network.run(scaled[None])
        found = decoded(values[0], logits[0, :, 0], self._anchors, least_score=least_score)
        return [roi_of(points, score, square) for score, points in found]


def anchors() -> Floats:
    """Middles of the 2,254 anchors, x and y as fractions of the side (fixed_anchor_size: each is of size 1)."""
    rows: list[npt.NDArray[np.float64]] = []
    layer = 0
    while layer < len(_STRIDES):
        same = [s for s in _STRIDES[layer:] if s == _STRIDES[layer]]
        cells = math.ceil(SIDE_PX / _STRIDES[layer])
        middles = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(middles, middles)
        rows.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), _ANCHORS_PER_LAYER * len(same), axis=0))
        layer += len(same)
    return np.concatenate(rows).astype(np.float32)


def decoded(values: Floats, logits: Floats, middles: Floats, *, least_score: float) -> list[tuple[float, Floats]]:
    """Score and four points (fractions of the side) of each body, best first; overlapping ones are averaged by score.

    Args:
        values: (2254, 12) of the network: box middle and size, then four points, in pixels from the anchor.
        logits: (2254,).
        middles: as `anchors` gives them.
        least_score: 0..1.
    """
    scores = sigmoid(np.clip(logits, -_CLIP, _CLIP))
    keep = np.flatnonzero(scores >= least_score)
    keep = keep[np.argsort(-scores[keep], kind="stable")]
    around = values[keep].reshape(-1, _VALUES // 2, 2) / SIDE_PX
    around[:, 0] += middles[keep]
    around[:, 2:] += middles[keep, None]
    low, high = around[:, 0] - around[:, 1] / 2, around[:, 0] + around[:, 1] / 2
    area = np.prod(np.maximum(high - low, 0.0), axis=1)
    left = np.arange(len(keep))
    found: list[tuple[float, Floats]] = []
    while len(left):
        first = left[0]
        shared = np.prod(np.maximum(np.minimum(high[first], high[left]) - np.maximum(low[first], low[left]), 0), axis=1)
        same = shared > _SAME * (area[first] + area[left] - shared)
        same[0] = True
        weight = scores[keep[left[same]]].astype(np.float32)
        points = np.tensordot(weight, around[left[same], 2:], axes=1) / weight.sum()
        found.append((float(scores[keep[first]]), points.astype(np.float32)))
        left = left[~same]
    return found


def roi_of(points: Floats, score: float, square: Square) -> Roi:
    """The region of the whole picture that a body's first two points span."""
    (x0, y0), (x1, y1) = (_unturned(points[i, 0], points[i, 1], square.quarters) for i in (_HIPS, _CROWN))
    left, top, side = square.left_px, square.top_px, square.side_px
    return roi_between((left + x0 * side, top + y0 * side), (left + x1 * side, top + y1 * side), score=score)


def roi_between(hips: Sequence[float], crown: Sequence[float], *, score: float, votes: float = 1.0) -> Roi:
    """The region round the middle of the hips whose radius reaches the second point, which is its "up"."""
    across, down = crown[0] - hips[0], crown[1] - hips[1]
    return Roi(
        x_px=hips[0],
        y_px=hips[1],
        side_px=2.0 * _MARGIN * math.hypot(across, down),
        turn_rad=math.remainder(math.pi / 2 - math.atan2(-down, across), math.tau),
        score=score,
        votes=votes,
    )


def _unturned(x: Any, y: Any, quarters: int) -> tuple[float, float]:
    """Where a point of a picture turned by `np.rot90` was before, as fractions of its side."""
    u, v = float(x), float(y)
    for _ in range(quarters % 4):
        u, v = 1.0 - v, u
    return u, v
