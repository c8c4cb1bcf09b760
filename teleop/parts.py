"""How media and camera fare, for the robot's mission and everyone it tells. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from patrol_core.part import PartReport, PartState
from patrol_core.site import Text
from teleop import phrases

MEDIA, CAMERA = "media", "camera"
SILENT_S = 2.0
LAGS = 0.25  # share of the pictures that the encoder left out


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSigns:
    """What is seen of one camera, and of the encoder behind it."""

    watched: bool  # somebody wants pictures
    published: bool  # the graph knows somebody who publishes them
    silent_s: float  # since the newest picture, or since pictures are wanted; 0 where nobody watches
    unusable: str | None  # why the newest picture could not be shown
    pictures: int  # since the report before
    replaced: int  # of these, left out because the encoder was busy


def camera_report(signs: CameraSigns, *, at: datetime) -> PartReport:
    """The camera, as the one who shows its pictures knows it. Unwatched, it is only known to be there."""
    if signs.watched and signs.silent_s > SILENT_S:
        return _report(CAMERA, PartState.UNAVAILABLE, phrases.CAMERA_SILENT, at)
    if signs.unusable is not None:
        return _report(CAMERA, PartState.UNAVAILABLE, phrases.picture_unusable(signs.unusable), at)
    if not signs.watched and not signs.published:
        return _report(CAMERA, PartState.UNAVAILABLE, phrases.NO_CAMERA, at)
    return _report(CAMERA, PartState.OK, phrases.FINE, at)


def media_report(signs: CameraSigns, *, version: str, at: datetime) -> PartReport:
    """The media process where its libraries are there."""
    if signs.pictures and signs.replaced / signs.pictures > LAGS:
        because = phrases.sends_too_slowly(signs.replaced, signs.pictures)
        return _report(MEDIA, PartState.DEGRADED, because, at, version)
    return _report(MEDIA, PartState.OK, phrases.FINE, at, version)


def media_missing(module: str, *, at: datetime) -> PartReport:
    """The media process on a machine without its libraries."""
    return _report(MEDIA, PartState.UNAVAILABLE, phrases.missing(module), at)


def _report(name: str, state: PartState, because: Text, at: datetime, version: str = "") -> PartReport:
    return PartReport(name=name, state=state, because=because, version=version, stamped_at=at)
