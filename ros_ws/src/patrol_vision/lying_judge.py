"""Whether a body lies on the ground: a small network on its landmarks' features, fitted on rendered frames.

`python -m tests.bench.vision_fit` fits it again; the model card says on what, and how well it does.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from patrol_core.errors import Unavailable
from patrol_vision.blazepose_landmarks import Body
from patrol_vision.lying_features import features, names

_FILE = "lying_weights.json"
_CLIP = 4.0  # standard deviations: what is farther from everything it was fitted on counts as that far


class Judge:
    """One member for cameras whose horizon and height are known, one for the others."""

    def __init__(self) -> None:
        """Raises Unavailable where the weights belong to other features than these."""
        self._members = {ground: _Member(_weights()[_key(ground)], ground) for ground in (True, False)}

    def lies(self, first: Body, second: Body, *, horizon_px: float | None, camera_up_m: float | None) -> float:
        """0..1; 0.5 is the threshold that the model card reports."""
        ground = horizon_px is not None and camera_up_m is not None
        row = features(first, second, horizon_px=horizon_px, camera_up_m=camera_up_m)
        return self._members[ground].probability(row)


class _Member:
    """Mean of a few networks with one hidden layer each, which differ by their first weights only."""

    def __init__(self, weights: dict[str, Any], ground: bool) -> None:
        if tuple(weights["names"]) != names(ground=ground):
            raise Unavailable(f"{_FILE} belongs to other features than {names(ground=ground)}; fit it again")
        self._mean, self._scale = np.array(weights["mean"]), np.array(weights["scale"])
        self._into = np.array(weights["into"])  # networks × hidden × features
        self._bias = np.array(weights["bias"])  # networks × hidden
        self._out = np.array(weights["out"])  # networks × hidden
        self._base = np.array(weights["base"])  # networks
        self._threshold = float(weights["threshold"])  # mean logit that becomes 0.5

    def probability(self, row: npt.NDArray[np.float64]) -> float:
        z = np.clip((row - self._mean) / self._scale, -_CLIP, _CLIP)
        logits = (self._out * np.tanh(self._into @ z + self._bias)).sum(axis=1) + self._base
        return float(0.5 * (1.0 + np.tanh(0.5 * (logits.mean() - self._threshold))))


def _key(ground: bool) -> str:
    return "with_ground" if ground else "without_ground"


@cache
def _weights() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("patrol_vision").joinpath(_FILE).read_text(encoding="utf-8"))
    return loaded
