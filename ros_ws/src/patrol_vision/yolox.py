"""The second finder: YOLOX-nano's boxes in the picture as it is and turned, MoveNet's landmarks in each, and a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from patrol_vision import movenet
from patrol_vision.lying import by_rule, torso_deg
from patrol_vision.pose import Box, Keypoints, PersonView, Picture, checked, clipped, overlap
from patrol_vision.yolox_detector import Yolox

_AROUND = 1.25  # the landmark network's square over the box's longer side
_SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class YoloxPolicy:
    """What it looks for, and how much work one picture may be."""

    least_score: float = 0.25
    bodies: int = 6  # landmark passes a picture, 5 ms each; two detector passes of 15 ms come before them


class YoloxMoveNet:
    """PersonFinder with YOLOX-nano and MoveNet. Hints do not help it: it always looks at the whole picture."""

    def __init__(self, name: str, *, detector: bytes, pose: bytes, policy: YoloxPolicy | None = None) -> None:
        self.name = name
        self._policy = policy or YoloxPolicy()
        self._detector = Yolox(detector)
        self._pose = movenet.MoveNet(pose)

    def people(
        self,
        picture: Picture,
        *,
        horizon_px: float | None,
        hints: Sequence[Box] = (),
        camera_up_m: float | None = None,
    ) -> list[PersonView]:
        """See PersonFinder."""
        upright = checked(picture)
        turned = np.ascontiguousarray(np.rot90(upright))
        found = [(score, box, False) for score, box in self._boxes(upright)]
        found += [(score, box, True) for score, box in self._boxes(turned)]
        views: list[PersonView] = []
        for score, box, is_turned in sorted(found, key=lambda f: -f[0])[: self._policy.bodies]:
            keypoints = self._keypoints(turned if is_turned else upright, box)
            if is_turned:
                keypoints, box = _turned_back(keypoints, box, upright)  # noqa: PLW2901 - the same box, upright
            view = _view(score, clipped(box, upright), keypoints)
            if view is not None and not any(overlap(view.box, other.box) > _SAME for other in views):
                views.append(view)
        return views

    def _boxes(self, picture: Picture) -> list[tuple[float, Box]]:
        return self._detector.boxes(picture, least_score=self._policy.least_score)

    def _keypoints(self, picture: Picture, box: Box) -> Keypoints:
        left, top, right, bottom = box
        side = _AROUND * max(right - left, bottom - top)
        return self._pose.keypoints(picture, x_px=(left + right) / 2, y_px=(top + bottom) / 2, side_px=side)


def _turned_back(keypoints: Keypoints, box: Box, upright: Picture) -> tuple[Keypoints, Box]:
    """From a picture turned a quarter counter-clockwise to the picture itself."""
    width = upright.shape[1]
    back = keypoints.copy()
    back[:, 0], back[:, 1] = width - keypoints[:, 1], keypoints[:, 0]
    left, top, right, bottom = box
    return back, (width - bottom, left, width - top, right)


def _view(score: float, box: Box, keypoints: Keypoints) -> PersonView | None:
    left, top, right, bottom = box
    if right - left < 1.0 or bottom - top < 1.0:
        return None
    shoulders, hips = keypoints[movenet.SHOULDERS, :2].mean(axis=0), keypoints[movenet.HIPS, :2].mean(axis=0)
    lies = by_rule(torso_deg(shoulders, hips), (right - left) / (bottom - top))
    feet = ((left + right) / 2, (top + 3 * bottom) / 4) if lies >= 0.5 else ((left + right) / 2, bottom)
    return PersonView(box=box, score=min(1.0, score), lying=lies, keypoints=keypoints, feet_px=feet)
