"""Pictures of everything FFmpeg opens: RTSP and HTTP cameras, V4L2 devices, video files.

A thread of its own opens, decodes and opens again; pixels are converted only for the picture that is looked at.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime

import av
import av.error
import numpy as np

from patrol_core.clock import Clock
from patrol_core.errors import ClockUnknown
from patrol_vision.sources.port import Shot, Slot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a camera may be silent, and how often it is asked again. Real time."""

    open_s: float = 5.0
    silent_s: float = 5.0
    first_s: float = 0.5
    max_s: float = 10.0
    stale_s: float = 2.0  # without a picture for so long there is trouble

    def wait_s(self, failures: int) -> float:
        """Before the next try after so many in a row, from 1."""
        return float(min(self.first_s * 2 ** min(failures - 1, 30), self.max_s))


class StreamSource:
    """Satisfies FrameSource. A file plays at its own pace and ends; a camera is opened again for ever."""

    def __init__(self, address: str, *, clock: Clock, patience: Patience | None = None) -> None:
        """`address`: rtsp://…, http://…, /dev/videoN, or a path; opening it happens in the background."""
        self.name = without_password(address)
        self._address = address
        self._clock = clock
        self._patience = patience or Patience()
        self._ends = "://" not in address and not address.startswith("/dev/")
        self._slot: Slot[tuple[av.VideoFrame, datetime]] = Slot()
        self._closing = threading.Event()
        self._came_s: float | None = None
        self._why = f"{self.name} is not open yet"
        self._thread = threading.Thread(target=self._run, name=f"camera {self.name}", daemon=True)
        self._thread.start()

    def newest(self, within_s: float) -> Shot | None:
        taken = self._slot.take(within_s)
        if taken is None:
            return None
        frame, taken_at = taken
        return Shot(picture=np.ascontiguousarray(frame.to_ndarray(format="rgb24")), taken_at=taken_at)

    @property
    def trouble(self) -> str | None:
        if self._came_s is None:
            return self._why
        silent_s = time.monotonic() - self._came_s
        return f"no picture for {silent_s:.0f} s: {self._why}" if silent_s > self._patience.stale_s else None

    @property
    def missed(self) -> int:
        return self._slot.missed

    def close(self) -> None:
        self._closing.set()
        self._slot.close()
        self._thread.join(self._patience.silent_s + 1.0)

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            came = self._came_s
            try:
                self._play()
                self._why = f"{self.name} came to its end"
                if self._ends:
                    log.info("%s", self._why)
                    return
            except (av.error.FFmpegError, OSError, ValueError) as error:
                self._why = f"{self.name}: {_said(error)}"
            failures = failures + 1 if self._came_s == came else 1
            wait_s = self._patience.wait_s(failures)
            log.warning("%s; opening it again in %.1f s", self._why, wait_s)
            self._closing.wait(wait_s)

    def _play(self) -> None:
        kind, options = _how(self._address)
        timeouts = (self._patience.open_s, self._patience.silent_s)
        with av.open(self._address, format=kind, options=options, timeout=timeouts) as container:
            if not container.streams.video:
                raise ValueError("expected a video stream; came none")
            stream = container.streams.video[0]
            stream.thread_type = "SLICE"  # frame threads would add pictures of delay
            began_s: float | None = None
            for frame in container.decode(stream):
                if self._closing.is_set():
                    return
                if self._ends and frame.time is not None:  # a file gives as it was taken, not as fast as it is read
                    began_s = time.monotonic() - frame.time if began_s is None else began_s
                    if self._closing.wait(max(0.0, began_s + frame.time - time.monotonic())):
                        return
                try:
                    now = self._clock.now()
                except ClockUnknown as error:  # beside a simulator that has not spoken yet
                    self._why = str(error)
                    continue
                self._came_s = time.monotonic()
                self._slot.put((frame, now))


def without_password(address: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"//[^/@]*@", "//***@", address)


def _how(address: str) -> tuple[str | None, dict[str, str]]:
    if address.startswith("/dev/"):
        return "v4l2", {}
    if address.startswith("rtsp"):
        return None, {"rtsp_transport": "tcp", "fflags": "nobuffer"}
    return None, {}


def _said(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error or type(error).__name__)
