"""One libx264 that is opened once: low latency, key frames when asked for, its bit rate changed while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import av
from aiortc.codecs.h264 import H264Encoder as H264Payloads
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from patrol_core.errors import Unavailable
from teleop.pictures import Picture, pixels

RTP_HZ = 90_000
TIME_BASE = Fraction(1, RTP_HZ)
DECLARED_FPS = 30  # zerolatency makes x264 reckon with a constant rate; `encode` makes up for the real one
OPENED_BPS = 6_000_000  # the highest rate there can be, reckoned at `DECLARED_FPS`
BUFFER_BITS = 360_000  # what one burst may take: 0.2 s at 800 kbit/s and 12 pictures a second
NEVER = 100_000  # pictures between key frames that nobody asked for

_AV_FORMAT = {"rgb8": "rgb24", "bgr8": "bgr24", "mono8": "gray"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPicture:
    """One picture as all its viewers get it."""

    payloads: Sequence[bytes]  # of its RTP packets (RFC 6184)
    rtp: int  # RTP time of all of them: 1/90000 s, 32 bits
    key: bool  # can be shown without those before it
    stamped_at: datetime  # of the picture
    heard_s: float  # of the picture

    @property
    def size_bytes(self) -> int:
        """Of all payloads."""
        return sum(map(len, self.payloads))


class H264Encoder:
    """Constrained baseline, one slice, no reordering: every picture in gives one packet out at once.

    x264 changes the rate of a running stream only if that began at a constant rate (`maxrate` equal to `bit_rate`), and
    never above the rate it began with (encoder/ratecontrol.c, x264_ratecontrol_init_reconfigurable). So it is opened at
    the highest there is, with a small buffer, and set to what is wanted before the first picture. No change costs a key
    frame.
    """

    version = f"libx264 (PyAV {av.__version__})"

    def __init__(self, *, width_px: int, height_px: int) -> None:
        self.size_px = (width_px, height_px)
        codec = av.CodecContext.create("libx264", "w")
        if not isinstance(codec, VideoCodecContext):
            raise Unavailable("expected PyAV with libx264; came one without it")
        codec.width, codec.height = width_px, height_px
        codec.pix_fmt = "yuv420p"
        codec.framerate = Fraction(DECLARED_FPS)
        codec.time_base = TIME_BASE
        codec.bit_rate = OPENED_BPS
        codec.profile = "Baseline"
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "maxrate": str(OPENED_BPS),
            "bufsize": str(BUFFER_BITS),
            "x264-params": "vbv-init=0.1",
            "g": str(NEVER),
            "forced-idr": "1",
            "threads": "1",
            "level": "31",
        }
        codec.open()
        self._codec = codec
        self._payloads = H264Payloads()
        self._last_pts = -1

    def encode(self, picture: Picture, *, key: bool, bit_rate_bps: int, fps: float) -> EncodedPicture | None:
        """The picture as the payloads of its packets; None where x264 gave none.

        Args:
            key: it shall be a key frame.
            bit_rate_bps: wanted from here on.
            fps: pictures a second that really come.
        """
        frame = av.VideoFrame.from_ndarray(pixels(picture), format=_AV_FORMAT[picture.encoding])
        # RTP time is the monotonic time of arrival, which goes on when another encoder takes over: site time may be
        # scaled and may jump, and a jitter buffer believes neither
        pts = max(self._last_pts + 1, round(picture.heard_s * RTP_HZ))
        self._last_pts = pts
        frame.pts, frame.time_base = pts, TIME_BASE
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._codec.bit_rate = min(int(bit_rate_bps * DECLARED_FPS / min(max(fps, 1.0), DECLARED_FPS)), OPENED_BPS)
        packets = self._codec.encode(frame)
        if not packets:
            return None
        packet = packets[0]
        packet.pts, packet.time_base = pts, TIME_BASE
        payloads, rtp = self._payloads.pack(packet)
        return EncodedPicture(
            payloads=payloads,
            rtp=rtp % 2**32,
            key=packet.is_keyframe,
            stamped_at=picture.stamped_at,
            heard_s=picture.heard_s,
        )
