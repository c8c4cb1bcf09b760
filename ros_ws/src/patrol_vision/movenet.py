"""MoveNet (single pose, lightning, int8): 17 COCO landmarks of the one body in a square.

Input and output as its model card says: 192×192 RGB bytes; 17 × (y, x, score), as fractions of the side.
"""

from __future__ import annotations

import cv2
import numpy as np

from patrol_vision.litert import Network
from patrol_vision.pose import Keypoints, Picture

SIDE_PX = 192
SHOULDERS, HIPS, ANKLES = slice(5, 7), slice(11, 13), slice(15, 17)  # rows of its landmarks


class MoveNet:
    """Finds the landmarks of one body. One pass for each call."""

    def __init__(self, model: bytes) -> None:
        self._network = Network(model, "movenet_lightning_int8.tflite", (1, SIDE_PX, SIDE_PX, 3))

    def keypoints(self, picture: Picture, *, x_px: float, y_px: float, side_px: float) -> Keypoints:
        """(17, 3): x px, y px of the picture, score 0..1; what the square shows, black beyond the picture."""
        step = side_px / SIDE_PX
        matrix = np.array([[step, 0.0, x_px - side_px / 2], [0.0, step, y_px - side_px / 2]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        pixels = np.asarray(cv2.warpAffine(picture, matrix, (SIDE_PX, SIDE_PX), flags=flags), dtype=np.uint8)
        raw = self._network.run(pixels[None])[0][0, 0]
        keypoints = np.empty((17, 3), dtype=np.float32)
        keypoints[:, 0] = x_px + (raw[:, 1] - 0.5) * side_px
        keypoints[:, 1] = y_px + (raw[:, 0] - 0.5) * side_px
        keypoints[:, 2] = np.clip(raw[:, 2], 0.0, 1.0)
        return keypoints
