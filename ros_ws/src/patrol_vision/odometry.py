"""Where the robot was when a picture was taken: a short history of its odometry, interpolated."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from datetime import datetime, timedelta

from patrol_core.geometry import Pose2, wrap_rad

KEPT = 400  # poses; the oldest make room: 20 s at 20 Hz
_HOLES = timedelta(seconds=1.0)  # between two poses farther apart nothing is guessed
_BEYOND = timedelta(seconds=0.15)  # so far past the newest pose it still holds
_BACK = timedelta(seconds=5.0)  # a stamp so much older: the clock was set, the history is void


class PoseHistory:
    """Bounded; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._poses: deque[tuple[datetime, Pose2]] = deque(maxlen=KEPT)

    def note(self, at: datetime, pose: Pose2) -> None:
        """One word of odometry; what comes out of order is left out."""
        with self._lock:
            if self._poses and at <= self._poses[-1][0]:
                if self._poses[-1][0] - at < _BACK:
                    return
                self._poses.clear()
            self._poses.append((at, pose))

    def at(self, moment: datetime) -> Pose2 | None:
        """The pose at a moment; None where nobody knows it."""
        with self._lock:
            poses = list(self._poses)
        i = bisect_left(poses, moment, key=lambda entry: entry[0])
        if i == len(poses):
            return poses[-1][1] if poses and moment - poses[-1][0] <= _BEYOND else None
        later_at, later = poses[i]
        if later_at == moment:
            return later
        if i == 0 or later_at - poses[i - 1][0] > _HOLES:
            return None
        earlier_at, earlier = poses[i - 1]
        share = (moment - earlier_at) / (later_at - earlier_at)
        return Pose2(
            x_m=earlier.x_m + share * (later.x_m - earlier.x_m),
            y_m=earlier.y_m + share * (later.y_m - earlier.y_m),
            heading_rad=wrap_rad(earlier.heading_rad + share * wrap_rad(later.heading_rad - earlier.heading_rad)),
        )
