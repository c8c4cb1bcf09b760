"""What the center asks of a robot about video, and what it hears."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOffer:
    """A viewer wants a camera's picture."""

    session_id: str
    robot_id: str
    camera_id: str
    viewer: str  # account name, for the robot's log
    offer_sdp: str
    ice_servers: str  # JSON list of RTCIceServer


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAnswer:
    """What the robot says to it."""

    answer_sdp: str | None  # None: refused
    because: Text  # why it was refused
