"""From what a person writes after `--source` to what gives pictures."""

from __future__ import annotations

from pathlib import Path

from patrol_core.clock import Clock
from patrol_core.errors import InvalidInput
from patrol_vision.sources.folder import FolderSource
from patrol_vision.sources.port import FrameSource
from patrol_vision.sources.stream import StreamSource


def open_source(address: str, *, clock: Clock, rate_hz: float) -> FrameSource:
    """The source of an address: rtsp://…, http(s)://…, /dev/videoN, a video file, or a folder played at `rate_hz`.

    Raises:
        InvalidInput: an address of another kind, or no such file; what came is named.
        NotFound: a folder without pictures.
    """
    if "://" in address:
        if not address.startswith(("rtsp://", "rtsps://", "http://", "https://")):
            raise InvalidInput(
                f"expected rtsp://, http://, a device, a file or a folder; came {address!r}", where="--source"
            )
        return StreamSource(address, clock=clock)
    path = Path(address)
    if path.is_dir():
        return FolderSource(path, clock=clock, rate_hz=rate_hz)
    if not path.exists() and not address.startswith("/dev/"):
        raise InvalidInput(f"expected a video file or a folder of pictures; there is no {address!r}", where="--source")
    return StreamSource(address, clock=clock)
