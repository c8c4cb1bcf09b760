"""Who is who from picture to picture: tracks by place on the ground and by box, and what each look at them showed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from patrol_core.geometry import Point2
from patrol_core.sighting import Verdict
from patrol_core.site import NO_WORDS, Text
from patrol_vision.camera import CameraModel, CameraPose
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.pose import Box, PersonView, overlap

LIES = 0.5  # a look at least this sure shows somebody lying
LOOKS_MAX = 128  # of one track; the oldest make room
_GATE_M, _WALK_MPS, _GATE_PER_M, _GATE_MAX_M = 0.8, 1.8, 0.12, 3.0
_OTHER_POSTURE = 1.0  # what a change from lying to upright costs, in gates: a helper who kneels is not the fallen
_NO_MATCH = 1.3  # of a cost in gates
_RIM_PX = 2.0
_HALF_BODY_M = 0.12
_BACK_M, _BODY_MAX_M = 0.3, 2.0
_ONE_BODY_M = 1.2  # two views so near that both lie are one body
_SAME_BOX = 0.2  # least overlap (intersection over union) where no place is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What one picture showed of one person."""

    at: datetime
    eye: Point2 | None  # where the camera was; None unknown
    place: Point2 | None  # where the person is; None unknown
    distance_m: float | None  # along the ground; None where no ground is seen below them
    lying: float  # 0..1, the finder's word, less what the geometry forbids
    height_m: float | None  # of the highest part
    score: float = 1.0  # that it is a person
    extent_m: float | None = None  # how much ground somebody who lies takes, at least


@dataclass(slots=True, kw_only=True, eq=False)
class Track:
    """One person over time."""

    track_id: UUID
    first_seen_at: datetime
    last_seen_at: datetime
    box: Box
    score: float
    glances: deque[Glance] = field(default_factory=lambda: deque(maxlen=LOOKS_MAX))
    place: Point2 | None = None  # newest known
    verdict: Verdict | None = None
    known: bool = False  # confirmed before under this id
    missed: deque[datetime] = field(default_factory=lambda: deque(maxlen=LOOKS_MAX))  # should have shown them
    unseen_s: float = 0.0  # how long nobody was where they must be visible
    unseen_from: list[Point2] = field(default_factory=list)  # from different places; a handful are kept
    looked_at: datetime | None = None  # when the place was last checked
    told_at: datetime | None = None
    confidence: float = 0.0
    because: Text = NO_WORDS
    photo: bytes = b""
    photo_worth: float = 0.0

    @property
    def newest(self) -> Glance:
        """The last look at them."""
        return self.glances[-1]


def glance_of(
    view: PersonView, at: datetime, model: CameraModel, camera: CameraPose | None, policy: FallPolicy
) -> Glance:
    """A view with its geometry. Whoever reaches too high, or touches no ground that is seen, does not lie on it."""
    left, top, right, bottom = view.box
    eye = camera.point if camera else None
    foot_row = min(bottom, float(model.height_px))
    distance_m = model.distance_m(foot_row, (left + right) / 2)
    if distance_m is None:
        return Glance(at=at, eye=eye, place=None, distance_m=None, lying=0.0, height_m=None, score=view.score)
    height_m = model.height_m(top, distance_m)
    far_end_m = model.up_m * (1.0 - distance_m / (distance_m + policy.body_m))  # of a body that points away
    allowed_m = policy.lying_height_m + max(0.0, far_end_m)
    share = min(1.0, max(0.0, 1.0 - (height_m - allowed_m) / 0.2))
    cut_off = (
        bottom >= model.height_px - _RIM_PX and height_m > allowed_m
    )  # their feet are nearer than the picture shows
    lying = min(1.0, max(0.0, view.lying)) * share
    place = _place(view, lying, model, camera) if camera and not cut_off else None
    return Glance(
        at=at,
        eye=eye,
        place=place,
        distance_m=distance_m,
        lying=lying,
        height_m=height_m,
        score=view.score,
        extent_m=_extent_m(view.box, distance_m, model),
    )


def one_each(seen: Sequence[tuple[PersonView, Glance]]) -> list[tuple[PersonView, Glance]]:
    """Without the lesser views of a body that a finder saw twice, in part or turned: surest first."""

    def sure(pair: tuple[PersonView, Glance]) -> float:
        return pair[0].score * (0.5 + pair[1].lying)

    kept: list[tuple[PersonView, Glance]] = []
    for pair in sorted(seen, key=sure, reverse=True):
        if pair[1].lying < LIES or not any(_one_body(pair, other) for other in kept if other[1].lying >= LIES):
            kept.append(pair)
    return kept


def matched(tracks: Sequence[Track], seen: Sequence[tuple[PersonView, Glance]], at: datetime) -> dict[int, int]:
    """Which of the seen continues which track (index of `seen` → index of `tracks`), nearest first."""
    pairs = sorted(
        (cost, i, j)
        for i, (view, glance) in enumerate(seen)
        for j, track in enumerate(tracks)
        if (cost := _cost(track, view, glance, at)) < _NO_MATCH
    )
    of_seen: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in of_seen and j not in of_seen.values():
            of_seen[i] = j
    return of_seen


def spread_m(places: Sequence[Point2]) -> float:
    """The greatest distance between two of the places."""
    return max((a.distance_m(b) for i, a in enumerate(places) for b in places[i + 1 :]), default=0.0)


def different_m(places: Sequence[Point2], apart_m: float) -> list[Point2]:
    """The places that lie at least `apart_m` from each other, in the order they came."""
    kept: list[Point2] = []
    for place in places:
        if all(place.distance_m(other) >= apart_m for other in kept):
            kept.append(place)
    return kept


def mean_place(glances: Sequence[Glance]) -> Point2 | None:
    """The best guess of where somebody lies: near looks weigh most, as a pixel's length on the ground grows with the
    square of the distance."""
    weighed = [(g.place, max(g.distance_m or 1.0, 1.0) ** -4) for g in glances if g.place is not None]
    total = sum(weight for _, weight in weighed)
    if not weighed:
        return None
    return Point2(
        sum(place.x_m * weight for place, weight in weighed) / total,
        sum(place.y_m * weight for place, weight in weighed) / total,
    )


def _one_body(a: tuple[PersonView, Glance], b: tuple[PersonView, Glance]) -> bool:
    if a[1].place is not None and b[1].place is not None:
        return a[1].place.distance_m(b[1].place) < _ONE_BODY_M
    return overlap(a[0].box, b[0].box) > _SAME_BOX


def _cost(track: Track, view: PersonView, glance: Glance, at: datetime) -> float:
    shared = overlap(track.box, view.box)
    posture = _OTHER_POSTURE * abs(track.newest.lying - glance.lying)
    if track.place is None or glance.place is None:
        return 1.0 - shared + posture if shared > _SAME_BOX else math.inf
    age_s = (at - track.last_seen_at).total_seconds()
    gate_m = min(_GATE_MAX_M, _GATE_M + _WALK_MPS * age_s + _GATE_PER_M * (glance.distance_m or 0.0))
    away_m = track.place.distance_m(glance.place)
    return math.inf if away_m > gate_m else away_m / gate_m - 0.5 * shared + posture


def _extent_m(box: Box, distance_m: float, model: CameraModel) -> float:
    """How long a thing on the ground is at least, across and along the line of sight; its back is below 0.3 m."""
    left, top, right, _ = box
    across_m = (right - left) / model.focal_px * distance_m
    back_m = model.distance_m(top, (left + right) / 2)
    if back_m is None or model.up_m <= _BACK_M:
        return math.hypot(across_m, _BODY_MAX_M)
    along_m = back_m * (model.up_m - _BACK_M) / model.up_m - distance_m
    return math.hypot(across_m, min(max(0.0, along_m), _BODY_MAX_M))


def _place(view: PersonView, lying: float, model: CameraModel, camera: CameraPose) -> Point2 | None:
    """Where on the ground somebody is: below their feet, or below the middle of a body that lies.

    The middle is that of the finder's point and of the box, half a body's thickness above the ground: on 96 rendered
    bodies at 2.6 to 4 m this erred by 0.31 m (median), 0.61 m (9 of 10).
    """
    if lying < LIES:
        return model.ground_point((view.feet_px[0], min(view.feet_px[1], float(model.height_px))), camera)
    left, top, right, bottom = view.box
    middle = ((view.feet_px[0] + (left + right) / 2) / 2, (view.feet_px[1] + (top + bottom) / 2) / 2)
    return model.ground_point(middle, replace(camera, up_m=max(0.1, camera.up_m - _HALF_BODY_M)))
