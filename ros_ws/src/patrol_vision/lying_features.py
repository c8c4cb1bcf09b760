"""What a body's landmarks say about lying: a row of numbers, from two looks at the same body."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from patrol_vision.blazepose_landmarks import SIDE_PX, Body

Floats = npt.NDArray[np.float64]
_NOSE = 0
_SHOULDERS, _HIPS, _KNEES, _ANKLES = slice(11, 13), slice(23, 25), slice(25, 27), slice(27, 29)
_CORE = (0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
_MIRRORED = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11)  # places in _CORE
_MANY_VOTES = 5.0  # sum of scores: people are found in several tiles and turns, most clutter in one
_LEAST_BELOW_PX = 4.0  # a body at the horizon is infinitely far away

SHAPE = (
    "torso_up",  # hips → shoulders in the picture: 1 upright, -1 head down
    "torso_across",
    "aspect",  # logarithm of width over height of the box
    "torso_up_3d",  # the same in the network's own three dimensions
    "torso_away_3d",
    "torso_across_3d",
    "shins_up_3d",
    "thighs_up_3d",
    "head_up_3d",
    "ankles_below_hips",  # over the side of the region, as the next three
    "knees_below_hips",
    "nose_above_hips",
    "nose_above_ankles",
    "torso_length",
    "turn_cos",  # of the region
    "turn_sin",
    "presence",
    "heat",  # mean certainty of the heat maps of head, joints and limbs
    "heat_least",
    "outline_share",
    "outline_firm",
    "visible",
    "legs_visible",
    "pixels",  # logarithm of the region's side over that of the network: below 0 it sees less than it could
)
GROUND = (  # metres, as if the lowest point of the body stood on flat ground
    "width_m",
    "height_m",
    "nose_m",
    "shoulders_m",
    "hips_m",
    "reach_m",  # half the side of the region
)
_PARTS = (
    *("nose", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
)
POINTS = (  # of the second look, mirrored so that the shoulders are not left of the hips
    *(f"{part}_{way}" for part in _PARTS for way in ("right", "down")),  # of the box's middle, over its longer side
    *(f"{part}_{way}_3d" for part in _PARTS for way in ("right", "down", "away")),  # metres from the hips
    *(f"{part}_heat" for part in _PARTS),
)
GROUND_KNOWN = "ground_known"  # 1, or 0: then the ground's part says nothing
PAIR = ("score", "votes", "least_presence", "moved", "aspect_moved")


def names() -> tuple[str, ...]:
    """What the numbers of a row are, in order."""
    return (*SHAPE, *GROUND, *POINTS, *PAIR, GROUND_KNOWN)


def features(first: Body, second: Body, *, horizon_px: float | None, camera_up_m: float | None) -> Floats:
    """One row; the ground's part is 0 where horizon or height of the camera are not known.

    Args:
        first: of the region that the detector proposed.
        second: of the region that the first's landmarks chose: a real body is found again in the same place.
        horizon_px: row of the horizon.
        camera_up_m: height of the camera over the ground.
    """
    known = None if horizon_px is None or camera_up_m is None else (horizon_px, camera_up_m)
    rows = [
        np.concatenate([_shape(body), _ground(body, *known) if known else np.zeros(len(GROUND))])
        for body in (first, second)
    ]
    core = list(_CORE)
    moved = np.linalg.norm(first.keypoints[core, :2] - second.keypoints[core, :2], axis=1).mean() / second.roi.side_px
    pair = (
        first.roi.score,
        min(1.0, first.roi.votes / _MANY_VOTES),
        min(first.presence, second.presence),
        min(1.0, float(moved)),
        abs(rows[0][SHAPE.index("aspect")] - rows[1][SHAPE.index("aspect")]),
    )
    return np.concatenate([(rows[0] + rows[1]) / 2, _points(second), pair, (float(known is not None),)])


def _shape(body: Body) -> Floats:
    points, side = body.keypoints[:, :2].astype(np.float64), body.roi.side_px
    shoulders, hips = points[_SHOULDERS].mean(axis=0), points[_HIPS].mean(axis=0)
    ankles, knees = points[_ANKLES].mean(axis=0), points[_KNEES].mean(axis=0)
    torso = shoulders - hips
    length = max(1.0, float(np.hypot(*torso)))
    width, height = np.ptp(points, axis=0)
    solid = body.world_m.astype(np.float64)
    middle = solid[_HIPS].mean(axis=0)
    torso3, shins3, thighs3, head3 = (
        _unit(end - middle)
        for end in (
            solid[_SHOULDERS].mean(axis=0),
            solid[_ANKLES].mean(axis=0),
            solid[_KNEES].mean(axis=0),
            solid[_NOSE],
        )
    )
    return np.array(
        [
            -torso[1] / length,
            abs(torso[0]) / length,
            math.log((width + 1.0) / (height + 1.0)),
            -torso3[1],
            torso3[2],
            abs(torso3[0]),
            -shins3[1],
            -thighs3[1],
            -head3[1],
            (ankles[1] - hips[1]) / side,
            (knees[1] - hips[1]) / side,
            (hips[1] - points[_NOSE, 1]) / side,
            (ankles[1] - points[_NOSE, 1]) / side,
            length / side,
            math.cos(body.roi.turn_rad),
            abs(math.sin(body.roi.turn_rad)),
            body.presence,
            float(body.heat[list(_CORE)].mean()),
            float(body.heat[list(_CORE)].min()),
            body.outline[0],
            body.outline[1],
            float(body.keypoints[:, 2].mean()),
            float(body.keypoints[25:33, 2].mean()),
            math.log(max(8.0, side) / SIDE_PX),
        ]
    )


def _ground(body: Body, horizon_px: float, camera_up_m: float) -> Floats:
    """A length of 1 px at the body's foot is camera height over rows below the horizon (pinhole, level ground)."""
    points = body.keypoints[:, :2].astype(np.float64)
    foot = float(points[:, 1].max())
    metre_per_px = camera_up_m / max(_LEAST_BELOW_PX, foot - horizon_px)
    width, height = np.ptp(points, axis=0)
    parts = (width, height, foot - points[_NOSE, 1], *(foot - points[s, 1].mean() for s in (_SHOULDERS, _HIPS)))
    return np.array([min(4.0, float(part) * metre_per_px) for part in (*parts, body.roi.side_px / 2)])


def _points(body: Body) -> Floats:
    """The core landmarks themselves, seen so that left and right do not matter."""
    core = list(_CORE)
    points, solid = body.keypoints[core, :2].astype(np.float64), body.world_m[core].astype(np.float64)
    heat = body.heat[core].astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    flat = (points - (low + high) / 2) / max(1.0, float((high - low).max()))
    if flat[1:3, 0].sum() < flat[7:9, 0].sum():
        mirrored = list(_MIRRORED)
        flat, solid, heat = flat[mirrored] * (-1.0, 1.0), solid[mirrored] * (-1.0, 1.0, 1.0), heat[mirrored]
    return np.concatenate([flat.ravel(), solid.ravel(), heat])


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-9))
