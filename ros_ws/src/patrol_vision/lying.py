"""Whether a body lies on the ground, by a rule on its outline: for a set whose landmarks say no more than that."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_SOFT_DEG, _SOFT_ASPECT = 6.0, 0.12  # how gradually a border of the rule is crossed


def torso_deg(shoulders: npt.NDArray[np.float32], hips: npt.NDArray[np.float32]) -> float:
    """Angle of hips → shoulders (x, y of their middles) from the picture's "up", 0..180."""
    across, down = (shoulders - hips).tolist()
    return math.degrees(math.atan2(abs(across), -down))


def by_rule(torso: float, aspect: float) -> float:
    """0..1; 0.5 is the border: torso > 55° and aspect > .75, or torso > 110°, or aspect > 1.6 and torso > 35°.

    Args:
        torso: degrees, as `torso_deg` gives them.
        aspect: width over height of the box.
    """
    across = min(_past(torso, 55.0, _SOFT_DEG), _past(aspect, 0.75, _SOFT_ASPECT))
    upside_down = _past(torso, 110.0, _SOFT_DEG)
    flat = min(_past(aspect, 1.6, _SOFT_ASPECT), _past(torso, 35.0, _SOFT_DEG))
    return max(across, upside_down, flat)


def _past(value: float, border: float, soft: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, (value - border) / soft))))
