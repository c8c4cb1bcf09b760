"""Whether a body lies on the ground: a small network on its landmarks' features and on the picture around it.

`tests/bench/vision_fit.py` fits it again; the model card says on what, and how well it does.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from patrol_core.errors import Unavailable
from patrol_vision.blazepose_landmarks import Body
from patrol_vision.lying_features import features, names
from patrol_vision.lying_patch import patch
from patrol_vision.pose import Box, Picture

_MODEL, _CARD = "lying_judge.onnx", "lying_judge.json"


class Judge:
    """Three networks in one file; their mean says who lies. One thread."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """`folder` holds network and card; where not given, the package.

        Raises:
            Unavailable: the file is not the one it should be, or belongs to other features than these.
        """
        self._session = _session(folder or files("patrol_vision"))

    def lies(
        self,
        first: Body,
        second: Body,
        picture: Picture,
        box: Box,
        *,
        horizon_px: float | None,
        camera_up_m: float | None,
    ) -> float:
        """0..1; 0.5 is the threshold that the model card reports.

        Args:
            first: as `features` takes it, like the next and the last two.
            second: of the same body.
            picture: the whole of it.
            box: of the second look's body.
        """
        row = features(first, second, horizon_px=horizon_px, camera_up_m=camera_up_m).astype(np.float32)
        (logits,) = self._session.run(["logit"], {"patch": patch(picture, box)[None], "row": row[None]})
        return float(0.5 * (1.0 + np.tanh(0.5 * float(logits[0]))))


def _session(folder: Traversable) -> Any:
    card: dict[str, Any] = json.loads(folder.joinpath(_CARD).read_text(encoding="utf-8"))
    if tuple(card["names"]) != names():
        raise Unavailable(f"{_CARD} belongs to other features than these: {names()}; fit it again")
    content = folder.joinpath(_MODEL).read_bytes()
    came = hashlib.sha256(content).hexdigest()
    if came != card["sha256"]:
        raise Unavailable(f"{_MODEL} is not the file it should be: expected SHA-256 {card['sha256']}; came {came}")
    try:
        import onnxruntime
    except ImportError as error:
        raise Unavailable(f"{_MODEL} needs onnxruntime, which does not load here: {error}") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
