"""A sensor_msgs/Image's bytes as a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from patrol_core.errors import InvalidInput
from patrol_vision.pose import Picture

_CHANNELS: dict[str, tuple[int, Callable[[Picture], Picture]]] = {
    "rgb8": (3, lambda p: p),
    "bgr8": (3, lambda p: p[..., ::-1]),
    "rgba8": (4, lambda p: p[..., :3]),
    "bgra8": (4, lambda p: p[..., 2::-1]),
    "mono8": (1, lambda p: np.repeat(p, 3, axis=2)),
}  # ROS encoding → bytes a pixel, and how to make it RGB


def picture_from(*, width: int, height: int, encoding: str, step: int, data: bytes | memoryview) -> Picture:
    """Rows × columns × RGB.

    Raises:
        InvalidInput: the encoding is not known, or there are fewer bytes than the size says.
    """
    if encoding not in _CHANNELS:
        raise InvalidInput(f"expected one of {sorted(_CHANNELS)}; came {encoding!r}", where="image encoding")
    channels, to_rgb = _CHANNELS[encoding]
    if width < 1 or height < 1 or step < width * channels or len(data) < step * height:
        raise InvalidInput(
            f"expected {height} rows of at least {width * channels} bytes; came rows of {step} in {len(data)} bytes",
            where="image",
        )
    rows = np.frombuffer(data, dtype=np.uint8, count=step * height).reshape(height, step)
    return np.ascontiguousarray(to_rgb(rows[:, : width * channels].reshape(height, width, channels)))
