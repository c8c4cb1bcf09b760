"""A camera's picture as it came from the graph, and as pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patrol_core.errors import InvalidInput

CHANNELS = {"rgb8": 3, "bgr8": 3, "mono8": 1}  # sensor_msgs encodings that cameras here use


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture. The bytes are the message's own: nobody writes to them."""

    stamped_at: datetime  # of the header: when it was taken, UTC, the camera's clock
    heard_s: float  # monotonic: when it reached this process
    width_px: int
    height_px: int
    encoding: str  # of sensor_msgs/Image
    step: int  # bytes of a row
    data: Any  # anything with a buffer of bytes, row by row


def pixels(picture: Picture) -> NDArray[np.uint8]:
    """H×W×3, or H×W where the picture is grey; an odd last row or column is left out, as H.264 wants even sizes.

    Raises:
        InvalidInput: an encoding that is not known here, or fewer bytes than the size says.
    """
    channels = CHANNELS.get(picture.encoding)
    if channels is None:
        raise InvalidInput(f"expected one of {sorted(CHANNELS)}; came {picture.encoding!r:.40}", where="encoding")
    flat = np.frombuffer(picture.data, dtype=np.uint8)
    row_bytes = picture.width_px * channels
    if picture.step < row_bytes or picture.height_px < 2 or flat.size < picture.step * picture.height_px:
        raise InvalidInput(
            f"expected {picture.height_px} rows of {row_bytes} bytes; came {flat.size} bytes in rows of {picture.step}",
            where="picture",
        )
    rows = flat[: picture.step * picture.height_px].reshape(picture.height_px, picture.step)[:, :row_bytes]
    even = rows.reshape(picture.height_px, picture.width_px, channels)
    even = even[: picture.height_px // 2 * 2, : picture.width_px // 2 * 2]
    return np.ascontiguousarray(even if channels > 1 else even[:, :, 0])
