"""The BlazePose finder: looks at squares of the picture, then at each body found, and says who lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from patrol_vision.blazepose_detector import Detector, Roi
from patrol_vision.blazepose_landmarks import Body, Landmarks
from patrol_vision.lying import by_rule, torso_deg
from patrol_vision.pose import Box, PersonView, Picture, checked, clipped, overlap
from patrol_vision.tiles import pixels_of, squares

_BODY_PADDING = 0.08  # of the longer side: landmarks lie inside the outline


@dataclass(frozen=True, slots=True, kw_only=True)
class BlazePosePolicy:
    """What it looks for, and how much work one picture may be."""

    squares: int = 12  # detector passes a picture, 5–10 ms each; hints first, the rest is left out
    bodies: int = 4  # landmark passes a picture, 8–16 ms each; the best of what the detector found
    least_roi_score: float = 0.3
    least_presence: float = 0.5  # ThresholdingCalculator of the same graph


class BlazePose:
    """PersonFinder with the two networks of BlazePose (full)."""

    def __init__(self, name: str, *, detector: bytes, landmarks: bytes, policy: BlazePosePolicy | None = None) -> None:
        self.name = name
        self._policy = policy or BlazePosePolicy()
        self._detector = Detector(detector)
        self._landmarks = Landmarks(landmarks)

    def people(self, picture: Picture, *, horizon_px: float | None, hints: Sequence[Box] = ()) -> list[PersonView]:
        """See PersonFinder."""
        pixels = checked(picture)
        height, width = pixels.shape[:2]
        rois: list[Roi] = []
        for square in squares(width, height, horizon_px=horizon_px, hints=hints, budget=self._policy.squares):
            rois += self._detector.rois(pixels_of(pixels, square), square, least_score=self._policy.least_roi_score)
        bodies = [self._landmarks.body(pixels, roi) for roi in distinct(rois)[: self._policy.bodies]]
        views = [view_of(body, pixels) for body in bodies if body.presence >= self._policy.least_presence]
        return _one_each(views)


def distinct(rois: Sequence[Roi]) -> list[Roi]:
    """The best region of each body, best first: two are of one body when either's middle lies deep in the other."""
    kept: list[Roi] = []
    for roi in sorted(rois, key=lambda r: -r.score):
        if not any(math.hypot(roi.x_px - k.x_px, roi.y_px - k.y_px) < 0.2 * min(roi.side_px, k.side_px) for k in kept):
            kept.append(roi)
    return kept


def view_of(body: Body, picture: Picture) -> PersonView:
    """One body as a PersonView."""
    points = body.keypoints
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    pad = _BODY_PADDING * float(np.max(high - low))
    box = clipped((float(low[0]) - pad, float(low[1]) - pad, float(high[0]) + pad, float(high[1]) + pad), picture)
    width, height = np.ptp(points[:, :2], axis=0).tolist()
    shoulders, hips = points[11:13, :2].mean(axis=0), points[23:25, :2].mean(axis=0)
    lies = by_rule(torso_deg(shoulders, hips), width / max(1.0, height))
    return PersonView(
        box=box,
        score=min(body.presence, body.roi.score),
        lying=lies,
        keypoints=points,
        feet_px=_feet(points, box, lies),
    )


def _feet(points: np.ndarray[tuple[int, ...], np.dtype[np.float32]], box: Box, lies: float) -> tuple[float, float]:
    if lies >= 0.5:
        return (box[0] + box[2]) / 2, (box[1] + 3.0 * box[3]) / 4
    soles = points[27:33]
    return float(soles[:, 0].mean()), float(min(box[3], soles[:, 1].max()))


def _one_each(views: Sequence[PersonView]) -> list[PersonView]:
    kept: list[PersonView] = []
    for view in sorted(views, key=lambda v: -v.score):
        if (
            view.box[0] < view.box[2]
            and view.box[1] < view.box[3]
            and not any(overlap(view.box, other.box) > 0.5 for other in kept)
        ):
            kept.append(view)
    return kept
