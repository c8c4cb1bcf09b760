"""The BlazePose finder: looks at squares of the picture, twice at each body found there, and says who lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from patrol_vision.blazepose_detector import Detector, Roi
from patrol_vision.blazepose_landmarks import Body, Landmarks
from patrol_vision.lying_judge import Judge
from patrol_vision.pose import Box, Keypoints, PersonView, Picture, checked, clipped, overlap
from patrol_vision.tiles import pixels_of, squares

_BODY_PADDING = 0.08  # of the longer side: landmarks lie inside the outline
_SAME_BODY = 0.2  # of the smaller region's side: nearer middles are of one body
_SURE_BODY = 0.2  # of a surely seen body's region: what is nearer to its middle is the same body
_ON_GROUND = 0.15  # of a region's side: hips that far below the horizon may belong to somebody who is down
_LIES = 0.5  # what a view is at least that lies
_SAME_VIEW = 0.5  # intersection over union
_OTHER_WAYS = (math.pi, math.pi / 2, -math.pi / 2)  # the detector finds a curled body more surely than its head


@dataclass(frozen=True, slots=True, kw_only=True)
class BlazePosePolicy:
    """What it looks for, and how much work one picture may be (milliseconds on one core of 2.5 GHz or so)."""

    squares: int = 14  # detector passes, 5 ms each: 8 in 640×480, three more for each of two hints
    passes: int = 10  # landmark passes, 8 ms each; two for a body, low ones first; what is beyond is not looked at
    least_roi_score: float = 0.15
    least_turned_score: float = 0.3  # of a region that is also tried with its head elsewhere
    least_first: float = 0.05  # presence at the first look that is worth a second
    clear: float = 0.5  # presence at the first look with which no other way is tried
    sure: float = 0.8  # presence at both looks with which other regions of this body are left alone
    least_presence: float = 0.5  # mean of both looks; ThresholdingCalculator of the same graph
    least_lying_presence: float = 0.35  # the same, of somebody whom the judge calls lying


class BlazePose:
    """PersonFinder with the two networks of BlazePose (full)."""

    def __init__(self, name: str, *, detector: bytes, landmarks: bytes, policy: BlazePosePolicy | None = None) -> None:
        self.name = name
        self._policy = policy or BlazePosePolicy()
        self._detector = Detector(detector)
        self._landmarks = Landmarks(landmarks)
        self._judge = Judge()

    def people(
        self,
        picture: Picture,
        *,
        horizon_px: float | None,
        hints: Sequence[Box] = (),
        camera_up_m: float | None = None,
    ) -> list[PersonView]:
        """See PersonFinder."""
        pixels = checked(picture)
        views = []
        for first, second in self.bodies(pixels, horizon_px=horizon_px, hints=hints):
            score = (first.presence + second.presence) / 2
            box = box_of(second, pixels)
            if score < self._policy.least_lying_presence or box[0] >= box[2] or box[1] >= box[3]:
                continue
            lies = self._judge.lies(first, second, pixels, box, horizon_px=horizon_px, camera_up_m=camera_up_m)
            if lies >= _LIES or score >= self._policy.least_presence:
                views.append(view_of(second, box, score=score, lies=lies))
        return one_each(views)

    def bodies(
        self, picture: Picture, *, horizon_px: float | None, hints: Sequence[Box] = ()
    ) -> Iterator[tuple[Body, Body]]:
        """Both looks at whatever may be a body, before anything is decided about it."""
        height, width = picture.shape[:2]
        rois: list[Roi] = []
        for square in squares(width, height, horizon_px=horizon_px, hints=hints, budget=self._policy.squares):
            rois += self._detector.rois(pixels_of(picture, square), square, least_score=self._policy.least_roi_score)
        horizon = height / 2 if horizon_px is None else horizon_px
        yield from self._looked_twice(picture, ranked(distinct(rois), horizon_px=horizon))

    def _looked_twice(self, picture: Picture, rois: Sequence[Roi]) -> Iterator[tuple[Body, Body]]:
        """Both looks at whatever may be a body, until the budget is spent; at a body that is surely seen, no more."""
        left = self._policy.passes
        sure: list[Roi] = []
        for roi in rois:
            if left < 2:
                return
            if any(_within(roi, other) for other in sure):
                continue
            first, spent = self._first(picture, roi, left - 1)
            left -= spent
            if first.presence >= self._policy.least_first:
                second = self._landmarks.body(picture, first.again)
                left -= 1
                if min(first.presence, second.presence) >= self._policy.sure:
                    sure.append(second.roi)
                yield first, second

    def _first(self, picture: Picture, roi: Roi, most: int) -> tuple[Body, int]:
        """The clearest first look at a region, and how many passes it took; at most `most`."""
        best, spent = self._landmarks.body(picture, roi), 1
        if roi.score >= self._policy.least_turned_score:
            for way in _OTHER_WAYS[: most - 1]:
                if best.presence >= self._policy.clear:
                    break
                other = self._landmarks.body(picture, replace(roi, turn_rad=roi.turn_rad + way))
                best, spent = max(best, other, key=lambda body: body.presence), spent + 1
        return best, spent


def distinct(rois: Sequence[Roi]) -> list[Roi]:
    """The best region of each body, best first, with the votes of all that are of the same body."""
    kept: list[tuple[Roi, list[float]]] = []
    for roi in sorted(rois, key=lambda r: -r.score):
        for other, votes in kept:
            apart = math.hypot(roi.x_px - other.x_px, roi.y_px - other.y_px)
            if apart < _SAME_BODY * min(roi.side_px, other.side_px):
                votes.append(roi.score)
                break
        else:
            kept.append((roi, [roi.score]))
    return [replace(roi, votes=sum(votes)) for roi, votes in kept]


def ranked(rois: Sequence[Roi], *, horizon_px: float) -> list[Roi]:
    """Those who may be down first: the budget must not be spent on a crowd that stands behind them."""
    return sorted(rois, key=lambda roi: (roi.y_px < horizon_px + _ON_GROUND * roi.side_px, -roi.score))


def _within(roi: Roi, body: Roi) -> bool:
    """Whether a region is of the body in another one."""
    return math.hypot(roi.x_px - body.x_px, roi.y_px - body.y_px) < _SURE_BODY * body.side_px


def box_of(body: Body, picture: Picture) -> Box:
    """What the landmarks span, and a little more; empty where none of it is in the picture."""
    points = body.keypoints
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    pad = _BODY_PADDING * float((high - low).max())
    return clipped((float(low[0]) - pad, float(low[1]) - pad, float(high[0]) + pad, float(high[1]) + pad), picture)


def view_of(body: Body, box: Box, *, score: float, lies: float) -> PersonView:
    """One body as a PersonView."""
    points = body.keypoints
    return PersonView(box=box, score=min(1.0, score), lying=lies, keypoints=points, feet_px=_feet(points, box, lies))


def one_each(views: Sequence[PersonView]) -> list[PersonView]:
    """Best score first; of views that overlap one stays: the best of those that lie, else the best of all."""
    kept: list[PersonView] = []
    for view in sorted(views, key=lambda v: (v.lying < _LIES, -v.score)):
        if not any(overlap(view.box, other.box) > _SAME_VIEW for other in kept):
            kept.append(view)
    return sorted(kept, key=lambda v: -v.score)


def _feet(points: Keypoints, box: Box, lies: float) -> tuple[float, float]:
    """Where the body touches the ground: for one who lies below its middle, else under its soles."""
    if lies >= _LIES:
        return (box[0] + box[2]) / 2, (box[1] + 3.0 * box[3]) / 4
    soles = points[27:33]
    return float(soles[:, 0].mean()), float(min(box[3], soles[:, 1].max()))
