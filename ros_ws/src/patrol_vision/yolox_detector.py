"""YOLOX-nano (COCO, 416 px) on one thread: boxes of people.

Pre- and postprocessing are those of the YOLOX repository's ONNX demo (`demo/ONNXRuntime`, `yolox/utils/demo_utils.py`):
BGR bytes, letterboxed at the upper left on grey 114; strides 8, 16, 32; size as an exponential; score = objectness ×
class; suppression at an overlap of 0.45.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from patrol_core.errors import Unavailable
from patrol_vision.pose import Box, Picture, overlap

SIDE_PX = 416
_STRIDES = (8, 16, 32)
_GREY = 114
_PERSON = 5  # column of class 0 of COCO, behind four of the box and one of objectness
_SAME = 0.45

Floats = npt.NDArray[np.float32]


class Yolox:
    """Finds boxes of people. One pass for each call.

    Raises:
        Unavailable: onnxruntime is not installed, or the bytes are no such network.
    """

    def __init__(self, model: bytes) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise Unavailable(f"yolox_nano.onnx needs onnxruntime, which does not load here: {error}") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - onnxruntime raises classes of its own, which share no base
            raise Unavailable(f"yolox_nano.onnx is no network that onnxruntime can run: {error}") from None
        self._input = self._session.get_inputs()[0].name
        self._grid, self._stride = cells()

    def boxes(self, picture: Picture, *, least_score: float) -> list[tuple[float, Box]]:
        """Score and box of each person, best first."""
        values, scale = letterboxed(picture)
        raw = np.asarray(self._session.run(None, {self._input: values})[0][0], dtype=np.float32)
        return decoded(raw, self._grid, self._stride, scale=scale, least_score=least_score)


def letterboxed(picture: Picture) -> tuple[Floats, float]:
    """The network's input (1, 3, 416, 416), and how much smaller than the picture it is."""
    height, width = picture.shape[:2]
    scale = SIDE_PX / max(height, width)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    square = np.full((SIDE_PX, SIDE_PX, 3), _GREY, dtype=np.uint8)
    square[: size[1], : size[0]] = cv2.resize(picture[..., ::-1].copy(), size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None], dtype=np.float32), scale


def cells() -> tuple[Floats, Floats]:
    """Column and row of each of the 3,549 cells, and the stride of each."""
    grids, strides = [], []
    for stride in _STRIDES:
        side = SIDE_PX // stride
        x, y = np.meshgrid(np.arange(side), np.arange(side))
        grids.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decoded(raw: Floats, grid: Floats, stride: Floats, *, scale: float, least_score: float) -> list[tuple[float, Box]]:
    """Score and box (pixels of the picture) of each person, best first."""
    scores = raw[:, 4] * raw[:, _PERSON]
    keep = np.flatnonzero(scores >= least_score)
    middle = (raw[keep, :2] + grid[keep]) * stride[keep] / scale
    half = np.exp(raw[keep, 2:4]) * stride[keep] / scale / 2
    found: list[tuple[float, Box]] = []
    for i in np.argsort(-scores[keep], kind="stable"):
        (x, y), (w, h) = middle[i].tolist(), half[i].tolist()
        box = (x - w, y - h, x + w, y + h)
        if not any(overlap(box, other) > _SAME for _, other in found):
            found.append((float(scores[keep[i]]), box))
    return found
