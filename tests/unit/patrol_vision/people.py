"""Somebody before a camera, as a flawless finder would see them: boxes from geometry, for the watch's tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from patrol_core.geometry import Point2, Pose2
from patrol_core.sighting import Sighting, Verdict
from patrol_vision.camera import CameraModel, CameraPose
from patrol_vision.fall import FallWatch, FrameMeta
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.look import Look
from patrol_vision.pose import NO_KEYPOINTS, PersonView

FRONT = CameraModel(width_px=640, height_px=480, hfov_rad=math.radians(70), ahead_m=0.25, up_m=0.85, tilt_rad=0.0)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JPEG = b"a picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Somebody at a place: how high they reach, how wide they are, and what a finder says of their posture."""

    place: Point2
    lying: float
    height_m: float
    width_m: float
    score: float = 0.8


def lying_at(x_m: float, y_m: float, *, lying: float = 0.9) -> Body:
    return Body(place=Point2(x_m, y_m), lying=lying, height_m=0.3, width_m=1.6)


def standing_at(x_m: float, y_m: float, *, lying: float = 0.05) -> Body:
    return Body(place=Point2(x_m, y_m), lying=lying, height_m=1.7, width_m=0.5)


def sitting_at(x_m: float, y_m: float, *, lying: float = 0.6) -> Body:
    """On the ground; a finder that errs calls it lying."""
    return Body(place=Point2(x_m, y_m), lying=lying, height_m=0.88, width_m=0.8)


def seen(body: Body, model: CameraModel, camera: CameraPose) -> PersonView | None:
    """The body in the picture; None outside it."""
    foot, head = model.pixel(body.place, camera), model.pixel(body.place, camera, up_m=body.height_m)
    if foot is None or head is None:
        return None
    half = body.width_m / 2 * model.focal_px / max(0.5, camera.point.distance_m(body.place))
    left, right = max(0.0, foot[0] - half), min(float(model.width_px), foot[0] + half)
    top, bottom = max(0.0, head[1]), min(float(model.height_px), foot[1])
    if right - left < 2 or bottom - top < 2:
        return None
    box = (left, top, right, bottom)
    low = body.height_m < 0.5
    touch = ((left + right) / 2, (top + bottom) / 2) if low else foot  # the middle of who lies, the feet of who stands
    return PersonView(box=box, score=body.score, lying=body.lying, keypoints=NO_KEYPOINTS, feet_px=touch)


@dataclass(slots=True, kw_only=True)
class Story:
    """A watch, a robot and a clock that only pictures move."""

    policy: FallPolicy = field(default_factory=FallPolicy)
    model: CameraModel = FRONT
    rate_hz: float = 4.0
    robot: Pose2 | None = field(default_factory=lambda: Pose2(x_m=0.0, y_m=0.0, heading_rad=0.0))
    now: datetime = START
    watch: FallWatch = field(init=False)
    said: list[Sighting] = field(default_factory=list)
    last: Look | None = None

    def __post_init__(self) -> None:
        ids = (UUID(int=i) for i in range(1, 1_000_000))
        self.watch = FallWatch(self.policy, "front", "test set", new_id=lambda: next(ids))

    def see(self, bodies: Iterable[Body]) -> Look:
        """One picture."""
        camera = self.model.at(self.robot) if self.robot else None
        views = [
            v for b in bodies if (v := seen(b, self.model, camera or self.model.at(Pose2(x_m=0, y_m=0)))) is not None
        ]
        return self.take(views)

    def take(self, views: Sequence[PersonView]) -> Look:
        """One picture whose views are given."""
        self.now += timedelta(seconds=1 / self.rate_hz)
        camera = self.model.at(self.robot) if self.robot else None
        meta = FrameMeta(observed_at=self.now, model=self.model, camera=camera)
        self.last = self.watch.look(views, meta, photo=lambda: JPEG)
        self.said += self.last.sightings
        return self.last

    def watch_for(self, seconds: float, *bodies: Body) -> None:
        """Nothing moves."""
        for _ in range(round(seconds * self.rate_hz)):
            self.see(bodies)

    def drive(self, to_x_m: float, *bodies: Body, speed_mps: float = 0.8) -> None:
        """Straight on along x while looking."""
        assert self.robot is not None
        while abs(self.robot.x_m - to_x_m) > 1e-6:
            step = min(speed_mps / self.rate_hz, abs(to_x_m - self.robot.x_m))
            step = math.copysign(step, to_x_m - self.robot.x_m)
            self.robot = Pose2(x_m=self.robot.x_m + step, y_m=self.robot.y_m, heading_rad=self.robot.heading_rad)
            self.see(bodies)

    @property
    def verdicts(self) -> list[Verdict]:
        """Each change of what was said, repeats left out."""
        changes: list[tuple[UUID, Verdict]] = []
        for sighting in self.said:
            if (sighting.sighting_id, sighting.verdict) not in changes[-1:]:
                changes.append((sighting.sighting_id, sighting.verdict))
        return [verdict for _, verdict in changes]
