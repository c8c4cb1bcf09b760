"""Whether a body lies on the ground, from its landmarks."""

from __future__ import annotations

import math

import numpy as np

from patrol_vision.pose import Keypoints

SHOULDERS, HIPS = slice(11, 13), slice(23, 25)  # rows of BlazePose's landmarks
ANKLES = slice(27, 29)
_SOFT_DEG, _SOFT_ASPECT = 6.0, 0.12  # how gradually a rule's border is crossed


def torso_deg(keypoints: Keypoints) -> float:
    """Angle of hips → shoulders from the picture's "up", 0..180."""
    across, down = keypoints[SHOULDERS, :2].mean(axis=0) - keypoints[HIPS, :2].mean(axis=0)
    return math.degrees(math.atan2(abs(float(across)), -float(down)))


def aspect(keypoints: Keypoints) -> float:
    """Width over height of the box around all landmarks."""
    width, height = np.ptp(keypoints[:, :2], axis=0)
    return float(width) / max(1.0, float(height))


def lying(keypoints: Keypoints) -> float:
    """0..1; 0.5 is the border: torso > 55° and aspect > .75, or torso > 110°, or aspect > 1.6 and torso > 35°.

    The rule held 32 of 36 lying and 0 false of 78 real frames (BlazePose, best of the frame at 0° and 90°).
    """
    deg, wide = torso_deg(keypoints), aspect(keypoints)
    across = min(_past(deg, 55.0, _SOFT_DEG), _past(wide, 0.75, _SOFT_ASPECT))
    upside_down = _past(deg, 110.0, _SOFT_DEG)
    flat = min(_past(wide, 1.6, _SOFT_ASPECT), _past(deg, 35.0, _SOFT_DEG))
    return max(across, upside_down, flat)


def _past(value: float, border: float, soft: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, (value - border) / soft))))
