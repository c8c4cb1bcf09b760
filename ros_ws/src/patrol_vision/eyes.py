"""A camera's eyes: the finder says who is in a picture, the camera model where, the watch what it comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np

from patrol_vision.blindness import BlindCheck
from patrol_vision.camera import CameraModel, CameraPose
from patrol_vision.fall import FallWatch, FrameMeta
from patrol_vision.look import Frame, Look
from patrol_vision.pose import Box, PersonFinder, Picture, checked
from patrol_vision.tracks import Track

HINTS_MAX = 4  # places where the finder looks first; suspects before others who may lie, then who was seen last
_HINT_AGE = timedelta(seconds=1.5)
_HINT_LYING = 0.2  # below, and without a suspicion, somebody stands: the large tiles find them without a hint
_PHOTO_WIDTH_PX = 1280  # a photograph is no wider
_JPEG_QUALITY = 85


class Eyes:
    """One camera. The node, fixed cameras, rehearsals and benchmarks all look through this. Not thread-safe."""

    def __init__(
        self, finder: PersonFinder, camera: CameraModel, watch: FallWatch, *, blind: BlindCheck | None = None
    ) -> None:
        """`camera` says how it is mounted; its size in pixels follows the pictures."""
        self._finder = finder
        self._camera = camera
        self._watch = watch
        self._blind = blind or BlindCheck()

    @property
    def suspects(self) -> bool:
        """Whether a suspicion is open: then pictures should come as fast as they can."""
        return self._watch.suspects

    def look(self, frame: Frame) -> Look:
        """Take one picture in.

        Raises:
            InvalidInput: it is no picture; says what came.
        """
        picture = checked(frame.picture)
        blind = self._blind.why(picture, frame.observed_at, frame.robot_pose)
        if blind is not None:
            return Look(observed_at=frame.observed_at, tracks=(), sightings=(), blind=blind)
        model = self._model_for(picture)
        pose = model.at(frame.robot_pose) if frame.robot_pose is not None else None
        views = self._finder.people(
            picture,
            horizon_px=model.horizon_px(),
            hints=hints(self._watch.tracks, frame, model, pose),
            camera_up_m=model.up_m,
        )
        meta = FrameMeta(observed_at=frame.observed_at, model=model, camera=pose)
        return self._watch.look(views, meta, photo=lambda: jpeg_of(picture))

    def _model_for(self, picture: Picture) -> CameraModel:
        height_px, width_px = picture.shape[:2]
        if (height_px, width_px) != (self._camera.height_px, self._camera.width_px):
            self._camera = replace(self._camera, width_px=width_px, height_px=height_px)
        return self._camera


def hints(tracks: tuple[Track, ...], frame: Frame, model: CameraModel, pose: CameraPose | None) -> list[Box]:
    """Where those who may lie should be in this picture; suspects first, at most `HINTS_MAX`."""
    wanted = [
        track
        for track in tracks
        if track.verdict is not None
        or (track.newest.lying >= _HINT_LYING and frame.observed_at - track.last_seen_at <= _HINT_AGE)
    ]
    wanted.sort(key=lambda t: (t.verdict is None, frame.observed_at - t.last_seen_at))
    boxes = (_expected(track, model, pose) for track in wanted)
    return [box for box in boxes if box is not None][:HINTS_MAX]


def jpeg_of(picture: Picture) -> bytes:
    """The picture as a photograph: nothing is drawn into it."""
    height_px, width_px = picture.shape[:2]
    if width_px > _PHOTO_WIDTH_PX:
        size = (_PHOTO_WIDTH_PX, round(height_px * _PHOTO_WIDTH_PX / width_px))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return bytes(data)


def _expected(track: Track, model: CameraModel, pose: CameraPose | None) -> Box | None:
    """The box moved and scaled as the camera moved; as it was where no place is known; None outside the picture."""
    if pose is None or track.place is None or track.newest.distance_m is None:
        return track.box
    foot = model.pixel(track.place, pose)
    away_m = pose.point.distance_m(track.place)
    if foot is None or away_m < 0.5 or not model.inside(foot, margin_px=-0.1 * model.width_px):
        return None
    left, top, right, bottom = track.box
    scale = min(4.0, track.newest.distance_m / away_m)
    half, height = (right - left) / 2 * scale, (bottom - top) * scale
    box = (
        max(0.0, foot[0] - half),
        max(0.0, foot[1] - height),
        min(float(model.width_px), foot[0] + half),
        min(float(model.height_px), foot[1]),
    )
    return box if box[2] - box[0] > 4 and box[3] - box[1] > 4 else None
