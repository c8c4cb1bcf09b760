"""How bodies hold themselves: a skeleton of 17 bones, the postures of everyday life, and the way down in a fall. Pure.

A pose is one rotation vector for each bone, relative to its parent, in the frame of a body that stands upright with
hanging arms: x forward, y to its left, z up. The first bone is the whole body; where it stands is not part of a pose.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Pose = npt.NDArray[np.float64]  # bones × 3, radians about x, y, z
Points = npt.NDArray[np.float64]


class Posture(StrEnum):
    """What somebody's body does."""

    WALKING = "walking"
    STANDING = "standing"
    SITTING = "sitting"  # on a bench that is drawn with them
    SITTING_ON_GROUND = "sitting_on_ground"
    BENDING = "bending"  # to pick something up, to tie a shoe
    SQUATTING = "squatting"
    KNEELING = "kneeling"  # a gardener at work
    SWEEPING = "sweeping"
    SUPINE = "supine"  # lying on the back
    PRONE = "prone"  # lying on the face
    ON_LEFT_SIDE = "on_left_side"
    ON_RIGHT_SIDE = "on_right_side"


LYING = (Posture.SUPINE, Posture.PRONE, Posture.ON_LEFT_SIDE, Posture.ON_RIGHT_SIDE)
ON_FOOT = (Posture.WALKING, Posture.STANDING)
BUSY = (
    Posture.SITTING,
    Posture.SITTING_ON_GROUND,
    Posture.BENDING,
    Posture.SQUATTING,
    Posture.KNEELING,
    Posture.SWEEPING,
)  # fmt: skip

BONES = (
    "body", "chest", "neck", "head",
    "upper_arm_l", "forearm_l", "hand_l", "upper_arm_r", "forearm_r", "hand_r",
    "thigh_l", "shank_l", "foot_l", "thigh_r", "shank_r", "foot_r", "ground",
)  # fmt: skip
BONE: Mapping[str, int] = {name: i for i, name in enumerate(BONES)}
PARENT = (-1, 0, 1, 2, 1, 4, 5, 1, 7, 8, 0, 10, 11, 0, 13, 14, -1)
STATURE_M = 1.70  # of the skeleton before it is scaled
# Where each bone is hinged; lengths as shares of stature from Winter, Biomechanics and Motor Control, fig. 4.1.
_LEFT = {"upper_arm": (-0.01, 0.178, 1.385), "forearm": (-0.012, 0.205, 1.085), "hand": (0.0, 0.225, 0.845),
         "thigh": (0.0, 0.088, 0.905), "shank": (0.005, 0.092, 0.485), "foot": (-0.012, 0.094, 0.075)}  # fmt: skip
_MIDDLE = {"body": (0.0, 0.0, 0.95), "chest": (-0.005, 0.0, 1.10), "neck": (-0.012, 0.0, 1.43),
           "head": (0.0, 0.0, 1.50), "ground": (0.0, 0.0, 0.0)}  # fmt: skip


def hinges() -> Points:
    """Bones × 3, metres, in the upright body."""
    return np.array([_hinge(name) for name in BONES])


def _hinge(bone: str) -> tuple[float, float, float]:
    if bone in _MIDDLE:
        return _MIDDLE[bone]
    x, y, z = _LEFT[bone[:-2]]
    return (x, y if bone.endswith("_l") else -y, z)


def pose(posture: Posture, *, look: int, phase_rad: float = 0.0, moving: bool = False) -> Pose:
    """The pose of a posture; `look` varies it from person to person, `phase_rad` is that of gait or work."""
    vary = random.Random(f"{look}/{posture}")  # noqa: S311 - the tilt of a head, not a secret
    turns: dict[str, tuple[float, float, float]] = {}
    _POSES[posture](turns, vary, phase_rad, moving)
    out = np.zeros((len(BONES), 3))
    for name, turn in turns.items():
        out[BONE[name]] = turn
    return out


def between(upright: Pose, lying: Pose, done: float) -> Pose:
    """Somebody on the way down, `done` 0..1: knees give way first, then the body topples."""
    if done <= 0.0:
        return upright
    if done >= 1.0:
        return lying
    limbs = min(1.0, 1.6 * done)
    out = (1 - limbs) * upright + limbs * lying
    topple = done**1.1
    out[0] = (1 - topple) * upright[0] + topple * lying[0]
    buckle = 0.9 * math.sin(math.pi * done**0.7)
    for side in "lr":
        out[BONE[f"thigh_{side}"], 1] -= buckle
        out[BONE[f"shank_{side}"], 1] += 1.8 * buckle
        out[BONE[f"upper_arm_{side}"], 1] -= 0.8 * buckle  # hands go out to break the fall
    return out


def rotations(turns: Pose) -> Points:
    """Rodrigues' formula for many rotation vectors at once: n × 3 × 3."""
    angle = np.linalg.norm(turns, axis=1)
    axis = turns / np.maximum(angle, 1e-12)[:, None]
    cross = np.zeros((len(turns), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2] = -axis[:, 2], axis[:, 1]
    cross[:, 1, 0], cross[:, 1, 2] = axis[:, 2], -axis[:, 0]
    cross[:, 2, 0], cross[:, 2, 1] = -axis[:, 1], axis[:, 0]
    sin, cos = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sin * cross + (1 - cos) * (cross @ cross))


Turns = dict[str, tuple[float, float, float]]


def _arms(turns: Turns, side: str, *, forward: float, out: float, elbow: float, twist: float = 0.0) -> None:
    """`forward` and `out` from hanging, `elbow` bent; radians."""
    sign = 1.0 if side == "l" else -1.0
    turns[f"upper_arm_{side}"] = (sign * out, -forward, sign * twist)
    turns[f"forearm_{side}"] = (0.0, -elbow, 0.0)


def _leg(turns: Turns, side: str, *, forward: float, out: float, knee: float, foot: float = 0.0) -> None:
    sign = 1.0 if side == "l" else -1.0
    turns[f"thigh_{side}"] = (sign * out, -forward, 0.0)
    turns[f"shank_{side}"] = (0.0, knee, 0.0)
    turns[f"foot_{side}"] = (0.0, foot, 0.0)


def _walking(turns: Turns, vary: random.Random, phase: float, moving: bool) -> None:
    if not moving:
        _standing(turns, vary, phase, moving)
        return
    lean, armful = vary.uniform(0.02, 0.09), vary.uniform(0.7, 1.1)
    turns["chest"] = (0.0, lean, 0.06 * math.sin(phase))
    turns["head"] = (0.0, vary.uniform(-0.08, 0.12) - lean, vary.uniform(-0.25, 0.25))
    for side, sign in (("l", 1.0), ("r", -1.0)):
        swing = sign * math.sin(phase)
        lifted = max(0.0, sign * math.cos(phase))
        _leg(turns, side, forward=0.44 * swing + 0.05, out=0.0, knee=0.12 + 0.95 * lifted, foot=-0.25 * max(0.0, swing))
        _arms(turns, side, forward=-0.42 * armful * swing, out=0.08, elbow=0.22 + 0.25 * max(0.0, -swing))


def _standing(turns: Turns, vary: random.Random, _phase: float, _moving: bool) -> None:
    turns["chest"] = (vary.uniform(-0.04, 0.04), vary.uniform(-0.02, 0.06), vary.uniform(-0.1, 0.1))
    turns["head"] = (0.0, vary.uniform(-0.1, 0.25), vary.uniform(-0.5, 0.5))
    for side in "lr":
        _leg(
            turns, side, forward=vary.uniform(-0.05, 0.08), out=vary.uniform(0.02, 0.10), knee=vary.uniform(0.02, 0.12)
        )
        _arms(
            turns, side, forward=vary.uniform(-0.05, 0.15), out=vary.uniform(0.06, 0.16), elbow=vary.uniform(0.1, 0.4)
        )
    if vary.random() < 0.25:  # looks at a telephone
        turns["head"] = (0.0, 0.45, 0.0)
        _arms(turns, "r", forward=0.55, out=0.05, elbow=1.75, twist=0.5)


def _sitting(turns: Turns, vary: random.Random, _phase: float, _moving: bool) -> None:
    turns["body"] = (0.0, vary.uniform(-0.15, 0.02), 0.0)
    turns["chest"] = (0.0, vary.uniform(0.02, 0.3), vary.uniform(-0.15, 0.15))
    turns["head"] = (0.0, vary.uniform(-0.1, 0.25), vary.uniform(-0.6, 0.6))
    for side in "lr":
        _leg(turns, side, forward=1.5, out=vary.uniform(0.05, 0.2), knee=vary.uniform(1.3, 1.65))
        _arms(turns, side, forward=vary.uniform(0.35, 0.6), out=0.12, elbow=vary.uniform(0.6, 1.1), twist=0.25)


def _sitting_on_ground(turns: Turns, vary: random.Random, _phase: float, _moving: bool) -> None:
    turns["body"] = (0.0, vary.uniform(-0.35, -0.05), 0.0)
    turns["chest"] = (0.0, vary.uniform(0.1, 0.35), vary.uniform(-0.15, 0.15))
    turns["head"] = (0.0, vary.uniform(-0.05, 0.25), vary.uniform(-0.5, 0.5))
    knees = vary.uniform(0.2, 1.7)
    for side in "lr":
        _leg(turns, side, forward=1.35 + 0.45 * knees, out=vary.uniform(0.05, 0.3), knee=knees, foot=-0.3)
        _arms(turns, side, forward=vary.uniform(0.3, 0.8), out=0.2, elbow=vary.uniform(0.3, 0.9), twist=0.2)


def _bending(turns: Turns, vary: random.Random, phase: float, _moving: bool) -> None:
    deep = vary.uniform(0.75, 1.25) + 0.08 * math.sin(phase)
    turns["body"] = (0.0, 0.55 * deep, 0.0)
    turns["chest"] = (0.0, 0.65 * deep, vary.uniform(-0.1, 0.1))
    turns["head"] = (0.0, vary.uniform(-0.5, 0.0), 0.0)
    for side in "lr":
        knee = vary.uniform(0.15, 0.6)
        _leg(turns, side, forward=0.55 * deep + 0.5 * knee, out=0.08, knee=knee, foot=-0.5 * knee)
        _arms(turns, side, forward=1.1 * deep + vary.uniform(-0.1, 0.3), out=0.05, elbow=vary.uniform(0.1, 0.4))


def _squatting(turns: Turns, vary: random.Random, phase: float, _moving: bool) -> None:
    turns["body"] = (0.0, 0.35, 0.0)
    turns["chest"] = (0.0, vary.uniform(0.2, 0.4), 0.05 * math.sin(phase))
    turns["head"] = (0.0, vary.uniform(-0.3, 0.1), vary.uniform(-0.3, 0.3))
    for side in "lr":
        _leg(turns, side, forward=2.15, out=0.25, knee=2.3, foot=-0.55)
        _arms(turns, side, forward=vary.uniform(0.8, 1.2), out=0.1, elbow=vary.uniform(0.4, 0.9), twist=0.3)


def _kneeling(turns: Turns, vary: random.Random, phase: float, _moving: bool) -> None:
    lean = vary.uniform(0.1, 0.3)
    turns["body"] = (0.0, lean, 0.0)
    turns["chest"] = (0.0, vary.uniform(0.3, 0.6) + 0.05 * math.sin(phase), 0.0)
    turns["head"] = (0.0, vary.uniform(-0.1, 0.2), vary.uniform(-0.2, 0.2))
    _leg(turns, "l", forward=1.72 + lean, out=0.1, knee=1.72, foot=0.0)
    _leg(turns, "r", forward=lean, out=0.08, knee=1.45, foot=0.9)
    for side in "lr":
        _arms(turns, side, forward=1.0 + 0.2 * math.sin(phase), out=0.08, elbow=vary.uniform(0.4, 0.8), twist=0.2)


def _sweeping(turns: Turns, vary: random.Random, phase: float, _moving: bool) -> None:
    swing = 0.35 * math.sin(phase)
    turns["body"] = (0.0, 0.12, 0.0)
    turns["chest"] = (0.0, vary.uniform(0.2, 0.4), swing)
    turns["head"] = (0.0, 0.15, -0.5 * swing)
    for side in "lr":
        _leg(turns, side, forward=0.2 if side == "l" else -0.05, out=0.1, knee=0.25)
    _arms(turns, "l", forward=0.9, out=0.05, elbow=1.0, twist=-0.5)
    _arms(turns, "r", forward=0.75, out=0.05, elbow=0.45, twist=0.4)


def _supine(turns: Turns, vary: random.Random, _phase: float, _moving: bool) -> None:
    turns["body"] = (0.0, -math.pi / 2, 0.0)
    turns["head"] = (0.0, vary.uniform(-0.05, 0.15), vary.uniform(-0.8, 0.8))
    _sprawled(turns, vary, on_back=True)


def _prone(turns: Turns, vary: random.Random, _phase: float, _moving: bool) -> None:
    turns["body"] = (0.0, math.pi / 2, 0.0)
    turns["head"] = (0.0, 0.0, vary.choice((-1, 1)) * vary.uniform(0.9, 1.3))  # the cheek on the ground
    _sprawled(turns, vary, on_back=False)


def _sprawled(turns: Turns, vary: random.Random, *, on_back: bool) -> None:
    """Limbs thrown about in the plane of the ground."""
    turns["chest"] = (vary.uniform(-0.2, 0.2), 0.0, 0.0)
    down = -1.0 if on_back else 1.0  # which way of the body the ground is
    for side in "lr":
        drawn_up = vary.random() < (0.35 if on_back else 0.0)
        if drawn_up:  # the knee in the air, the foot on the ground
            _leg(turns, side, forward=0.75, out=0.1, knee=1.45, foot=0.3)
        else:
            _leg(turns, side, forward=0.0, out=vary.uniform(0.02, 0.35), knee=0.06, foot=0.45 if on_back else 0.9)
        out = vary.choice((0.25, 0.7, 1.3, 2.2, 2.8)) + vary.uniform(-0.15, 0.15)
        sign = 1.0 if side == "l" else -1.0
        turns[f"upper_arm_{side}"] = (sign * out, -0.22 * down * math.cos(out), 0.0)
        bend = vary.uniform(0.1, 1.5)
        turns[f"forearm_{side}"] = (sign * bend * vary.choice((1.0, -0.6)), 0.0, 0.0)
    if on_back and vary.random() < 0.3:  # a hand on the belly
        turns["upper_arm_r"] = (-0.35, 0.1, 0.0)
        turns["forearm_r"] = (1.1, -1.0, 0.0)


def _on_side(turns: Turns, vary: random.Random, below: str) -> None:
    above = "r" if below == "l" else "l"
    turns["body"] = (-math.pi / 2 if below == "l" else math.pi / 2, 0.0, 0.0)
    curl = vary.uniform(0.05, 1.0)
    turns["chest"] = (0.0, 0.35 * curl, vary.uniform(-0.2, 0.2))
    turns["head"] = (0.12 if below == "l" else -0.12, 0.3 * curl, 0.0)
    for side in (below, above):
        hip = 1.5 * curl * vary.uniform(0.7, 1.1)
        _leg(turns, side, forward=hip, out=0.0 if side == below else -0.1, knee=1.25 * hip + 0.1, foot=0.4)
    _arms(turns, below, forward=vary.uniform(0.6, 1.7), out=-0.1, elbow=vary.uniform(0.3, 1.6))
    _arms(turns, above, forward=vary.uniform(0.2, 1.2), out=-0.25, elbow=vary.uniform(0.3, 1.4))


_POSES: Mapping[Posture, Callable[[Turns, random.Random, float, bool], None]] = {
    Posture.WALKING: _walking,
    Posture.STANDING: _standing,
    Posture.SITTING: _sitting,
    Posture.SITTING_ON_GROUND: _sitting_on_ground,
    Posture.BENDING: _bending,
    Posture.SQUATTING: _squatting,
    Posture.KNEELING: _kneeling,
    Posture.SWEEPING: _sweeping,
    Posture.SUPINE: _supine,
    Posture.PRONE: _prone,
    Posture.ON_LEFT_SIDE: lambda turns, vary, phase, moving: _on_side(turns, vary, "l"),
    Posture.ON_RIGHT_SIDE: lambda turns, vary, phase, moving: _on_side(turns, vary, "r"),
}
