"""What goes over the data channel beside the video: the age of each picture, and the boxes seen in it."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LABEL = "detections"
REMEMBERED = 120  # pictures of one viewer; ten seconds at 12 a second
MAX_BOXES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBox:
    """One thing seen; the box in shares of the picture (0..1, origin at the top left)."""

    track_id: str
    kind: str
    verdict: str  # empty, suspected, confirmed
    score: float
    box: tuple[float, float, float, float]  # left, top, right, bottom
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was seen in one picture."""

    stamped_at: datetime  # of the picture
    camera_id: str
    model: str
    boxes: Sequence[SeenBox]


class SentPictures:
    """Which RTP time each picture had for one viewer. Overflow: the oldest is forgotten."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._rtp: OrderedDict[datetime, int] = OrderedDict()
        self.newest = datetime.min.replace(tzinfo=UTC)  # stamp of the picture sent last

    def note(self, stamped_at: datetime, rtp: int) -> None:
        """A picture was sent."""
        self._rtp[stamped_at], self.newest = rtp, stamped_at
        if len(self._rtp) > self._remembered:
            self._rtp.popitem(last=False)

    def rtp_of(self, stamped_at: datetime) -> int | None:
        """Its RTP time; None where this viewer was not sent it, or long ago."""
        return self._rtp.get(stamped_at)


def stamp_message(stamped_at: datetime, rtp: int, *, age_ms: int) -> str:
    """Says when the picture with this RTP time was taken, and how old it was when it was sent."""
    return _json({"type": "stamp", "rtp": rtp, "stamp": _iso(stamped_at), "age_ms": age_ms})


def seen_message(seen: Seen, rtp: int | None) -> str:
    """The boxes of one picture; `rtp` names it where this viewer was sent it."""
    boxes = [
        {
            "id": b.track_id,
            "kind": b.kind,
            "verdict": b.verdict,
            "score": round(b.score, 3),
            "box": [round(side, 4) for side in b.box],
            "distance_m": None if b.distance_m is None or not math.isfinite(b.distance_m) else round(b.distance_m, 1),
        }
        for b in seen.boxes[:MAX_BOXES]
    ]
    return _json(
        {
            "type": "detections",
            "stamp": _iso(seen.stamped_at),
            "rtp": rtp,
            "camera": seen.camera_id,
            "model": seen.model,
            "boxes": boxes,
        }
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
