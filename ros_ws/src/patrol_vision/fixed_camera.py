"""What a fixed camera's sightings become: findings for the center, each told once. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from patrol_core.errors import NotFound
from patrol_core.finding import Finding, Phase
from patrol_core.ids import IdSource, uuid7
from patrol_core.incident import Certainty
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import FixedCamera, Site
from patrol_core.source import Source, SourceKind
from patrol_vision.camera import CameraModel

TOLD_MAX = 256  # sightings remembered as told; beyond, the oldest is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A finding and its picture."""

    finding: Finding
    photo_jpeg: bytes


class Reporter:
    """From verdicts to findings.

    CONFIRMED is told at once, and only the watch's dwell confirms. A suspicion that stays open for `undecided_s` of
    site time is told as SUSPECTED: nobody can drive a mast nearer, so people must look. LET_GO tells nobody anything.
    """

    def __init__(self, camera_id: str, *, undecided_s: float = 15.0, new_id: IdSource = uuid7) -> None:
        self._camera_id = camera_id
        self._undecided = timedelta(seconds=undecided_s)
        self._new_id = new_id
        self._open: dict[UUID, datetime] = {}  # when the suspicion began
        self._told: dict[UUID, Certainty] = {}

    def hear(self, sighting: Sighting) -> Telling | None:
        """What the center must be told now; None: nothing, or nothing new."""
        key = sighting.sighting_id
        if sighting.verdict is Verdict.LET_GO:
            self._open.pop(key, None)
            return None
        since = self._open.setdefault(key, sighting.observed_at)
        while len(self._open) > TOLD_MAX:
            del self._open[next(iter(self._open))]
        if sighting.verdict is Verdict.CONFIRMED:
            certainty = Certainty.CONFIRMED
        elif sighting.observed_at - since >= self._undecided:
            certainty = Certainty.SUSPECTED
        else:
            return None
        if self._told.get(key) in (certainty, Certainty.CONFIRMED):
            return None
        self._told[key] = certainty
        while len(self._told) > TOLD_MAX:
            del self._told[next(iter(self._told))]
        return Telling(finding=self._finding(sighting, certainty), photo_jpeg=sighting.photo_jpeg)

    def _finding(self, sighting: Sighting, certainty: Certainty) -> Finding:
        return Finding(
            finding_id=self._new_id(),
            source=Source(kind=SourceKind.CAMERA, source_id=self._camera_id),
            kind=sighting.kind,
            phase=Phase.RAISED,
            position_m=sighting.position_m,
            observed_at=sighting.observed_at,
            confidence=sighting.confidence,
            note=sighting.because,
            evidence=(hashlib.sha256(sighting.photo_jpeg).hexdigest(),) if sighting.photo_jpeg else (),
            certainty=certainty,
            model=sighting.model,
        )


def site_camera(site: Site, camera_id: str) -> FixedCamera:
    """Raises NotFound naming the cameras there are."""
    if camera_id not in site.cameras:
        raise NotFound("fixed camera", f"{camera_id} (the site has: {', '.join(sorted(site.cameras))})")
    return site.cameras[camera_id]


def model_of(camera: FixedCamera, *, hfov_rad: float) -> CameraModel:
    """How it is mounted; the size in pixels follows the pictures. The site counts tilt downward."""
    return CameraModel(
        width_px=1280, height_px=720, hfov_rad=hfov_rad, ahead_m=0.0, up_m=camera.height_m, tilt_rad=-camera.tilt_rad
    )
