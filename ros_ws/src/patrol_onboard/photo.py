"""Judges whether a camera's picture shows anything, and makes the JPEG that is kept as evidence.

The figures were measured on the simulator's frames and on made-up ones (see `README.md`, "When a picture is no
evidence"); they are meant to catch a covered, dead or shaking camera, never a boring view. Pillow alone does it: a
mission process that never sees video need not carry OpenCV's 30 MB.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from patrol_core.errors import InvalidInput, PatrolError
from patrol_onboard import phrases

if TYPE_CHECKING:
    from PIL.Image import Image

ENCODINGS = {
    "rgb8": ("RGB", "RGB", 3),
    "bgr8": ("RGB", "BGR", 3),
    "mono8": ("L", "L", 1),
}  # ROS → Pillow, bytes a pixel
JUDGED_WIDTH_PX = 320  # sharpness depends on scale: every picture is judged at this width
LAPLACIAN = (0, 1, 0, 1, -4, 1, 0, 1, 0)


class Unusable(PatrolError):
    """The picture shows nothing; the text is the sentence for the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture as the camera's driver gave it."""

    width_px: int
    height_px: int
    encoding: str  # ROS name: rgb8, bgr8, mono8
    step: int  # bytes from row to row
    data: bytes
    stamped_at: datetime  # UTC site time, when it was taken
    heard_s: float  # monotonic seconds of this process, when it came


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPolicy:
    """When a picture is evidence."""

    age_max_s: float = 1.0  # real time since it came
    dark_below: float = 10.0  # mean luminance, 0..255
    uniform_below: float = 2.5  # standard deviation of luminance over the picture
    blurred_below: float = 10.0  # variance of the Laplacian at JUDGED_WIDTH_PX
    quality: int = 85  # JPEG


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the judge measured."""

    mean: float
    deviation: float
    sharpness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that is evidence."""

    digest: str  # SHA-256 hex of `jpeg`
    jpeg: bytes
    taken_at: datetime  # UTC site time


def photo_from(frame: Frame, *, not_before: datetime, now_s: float, policy: PhotoPolicy | None = None) -> Photo:
    """The evidence in a frame.

    Args:
        frame: the newest one.
        not_before: UTC site time of the arrival.
        now_s: monotonic seconds of this process.
        policy: limits.

    Raises:
        Unusable: it is too old, or shows nothing.
    """
    limits = policy or PhotoPolicy()
    if frame.stamped_at < not_before or now_s - frame.heard_s > limits.age_max_s:
        raise Unusable(phrases.STALE_FRAME)
    try:
        picture = picture_of(frame)
    except InvalidInput:
        raise Unusable(phrases.NOT_A_PICTURE) from None
    judge(look_at(picture), limits)
    jpeg = encode(picture, limits.quality)
    return Photo(digest=hashlib.sha256(jpeg).hexdigest(), jpeg=jpeg, taken_at=frame.stamped_at)


def judge(look: Look, policy: PhotoPolicy) -> None:
    """Raises Unusable with the reason, darkness first: a dark picture is uniform and blurred as well."""
    if look.mean < policy.dark_below:
        raise Unusable(phrases.DARK)
    if look.deviation < policy.uniform_below:
        raise Unusable(phrases.UNIFORM)
    if look.sharpness < policy.blurred_below:
        raise Unusable(phrases.BLURRED)


def picture_of(frame: Frame) -> Image:
    """The frame as a picture, in colour or grey as it came.

    Raises:
        InvalidInput: the encoding is not known, or there are fewer bytes than the size says.
    """
    from PIL import Image

    if frame.encoding not in ENCODINGS:
        raise InvalidInput(f"expected one of {sorted(ENCODINGS)}; came {frame.encoding!r}", where="encoding")
    mode, raw, bytes_per_px = ENCODINGS[frame.encoding]
    needed = frame.step * frame.height_px
    if min(frame.width_px, frame.height_px) < 3 or frame.step < frame.width_px * bytes_per_px:
        raise InvalidInput(
            f"expected rows of at least {frame.width_px * bytes_per_px} bytes in at least 3×3 pixels; "
            f"came {frame.step} in {frame.width_px}×{frame.height_px}",
            where="image",
        )
    if len(frame.data) < needed:
        raise InvalidInput(f"expected {needed} bytes; came {len(frame.data)}", where="image")
    size = (frame.width_px, frame.height_px)
    return Image.frombuffer(mode, size, frame.data[:needed], "raw", raw, frame.step, 1)


def look_at(picture: Image) -> Look:
    """Mean and spread of luminance, and sharpness as the variance of the Laplacian (Pech-Pacheco et al., 2000).

    The Laplacian is kept within ±128, which only makes very sharp pictures a little less so.
    """
    from PIL import Image, ImageFilter, ImageStat

    height_px = max(3, round(picture.height * JUDGED_WIDTH_PX / picture.width))
    small = picture.convert("L").resize((JUDGED_WIDTH_PX, height_px), Image.Resampling.BOX)
    luminance = ImageStat.Stat(small)
    edges = small.filter(ImageFilter.Kernel((3, 3), LAPLACIAN, scale=1, offset=128))
    inner = edges.crop((1, 1, JUDGED_WIDTH_PX - 1, height_px - 1))  # its rim is not filtered
    return Look(mean=luminance.mean[0], deviation=luminance.stddev[0], sharpness=ImageStat.Stat(inner).var[0])


def encode(picture: Image, quality: int) -> bytes:
    """The picture as JPEG."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=quality)
    return jpeg.getvalue()
