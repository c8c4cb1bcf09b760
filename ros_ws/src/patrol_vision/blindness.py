"""Whether a camera shows anything: covered, dark and frozen ones are said, and nobody is looked for in them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from patrol_core.geometry import Pose2, wrap_rad
from patrol_core.site import Text
from patrol_vision import phrases
from patrol_vision.pose import Picture

_EVERY_PX = 4  # of rows and columns; enough to judge light, and little work


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindPolicy:
    """When a picture shows nothing; the limits are those of the robots' photographs."""

    dark_below: float = 10.0  # mean luminance, 0..255
    uniform_below: float = 2.5  # standard deviation of luminance
    frozen_moved_m: float = 0.3  # the very same picture after the carrier moved so far, or turned so far
    frozen_turned_rad: float = 0.1
    frozen_still_s: float | None = None  # the very same picture for so long though nothing moves; None: no matter


class BlindCheck:
    """Remembers the last picture that differed. Not thread-safe."""

    def __init__(self, policy: BlindPolicy | None = None) -> None:
        self._policy = policy or BlindPolicy()
        self._same: tuple[int, datetime, Pose2 | None] | None = None

    def why(self, picture: Picture, at: datetime, carrier: Pose2 | None) -> Text | None:
        """Why the picture shows nothing; None where it may show something."""
        limits = self._policy
        small = picture[::_EVERY_PX, ::_EVERY_PX].astype("float32")
        light = 0.299 * small[..., 0] + 0.587 * small[..., 1] + 0.114 * small[..., 2]
        if float(light.mean()) < limits.dark_below:
            return phrases.DARK
        if float(light.std()) < limits.uniform_below:
            return phrases.UNIFORM
        mark = zlib.crc32(picture[:: 2 * _EVERY_PX].tobytes())
        if self._same is None or self._same[0] != mark:
            self._same = (mark, at, carrier)
            return None
        _, since, where = self._same
        if where is not None and carrier is not None and self._moved(where, carrier):
            return phrases.FROZEN
        if limits.frozen_still_s is not None and (at - since).total_seconds() >= limits.frozen_still_s:
            return phrases.FROZEN
        return None

    def _moved(self, before: Pose2, now: Pose2) -> bool:
        return (
            before.point.distance_m(now.point) >= self._policy.frozen_moved_m
            or abs(wrap_rad(before.heading_rad - now.heading_rad)) >= self._policy.frozen_turned_rad
        )
