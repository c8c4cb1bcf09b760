"""Pictures of a folder in the order of their names, as if a camera took them: for recorded evidence and tests."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np

from patrol_core.clock import Clock
from patrol_core.errors import ClockUnknown, NotFound
from patrol_vision.pose import Picture
from patrol_vision.sources.port import Shot, Slot

_KINDS = {".jpg", ".jpeg", ".png", ".bmp"}


class FolderSource:
    """Satisfies FrameSource. Each picture once, then it is at its end and says so."""

    def __init__(self, folder: Path, *, clock: Clock, rate_hz: float) -> None:
        """Raises NotFound where the folder holds no picture."""
        self.name = str(folder)
        self._paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _KINDS)
        if not self._paths:
            raise NotFound("picture (jpg, png or bmp) in folder", folder)
        self._clock = clock
        self._every_s = 1.0 / rate_hz
        self._slot: Slot[Shot] = Slot()
        self._closing = threading.Event()
        self._why: str | None = f"{self.name} is not open yet"
        self._thread = threading.Thread(target=self._run, name=f"pictures {self.name}", daemon=True)
        self._thread.start()

    def newest(self, within_s: float) -> Shot | None:
        return self._slot.take(within_s)

    @property
    def trouble(self) -> str | None:
        return self._why

    @property
    def missed(self) -> int:
        return self._slot.missed

    def close(self) -> None:
        self._closing.set()
        self._slot.close()
        self._thread.join(2.0)

    def _run(self) -> None:
        unreadable = 0
        for path in self._paths:
            picture = read_picture(path)
            if picture is None:
                unreadable += 1
                continue
            try:
                self._slot.put(Shot(picture=picture, taken_at=self._clock.now()))
                self._why = None
            except ClockUnknown as error:  # beside a simulator that has not spoken yet
                self._why = str(error)
            if self._closing.wait(self._every_s):
                return
        self._why = f"{self.name} came to its end" + (f"; {unreadable} files are no pictures" if unreadable else "")


def read_picture(path: Path) -> Picture | None:
    """Rows × columns × RGB; None where the file is no picture."""
    read = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR) if path.stat().st_size else None
    return None if read is None else np.ascontiguousarray(read[..., ::-1])
