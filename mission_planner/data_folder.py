"""The folder a center keeps everything in: one center at a time, readable by its user only."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from patrol_core.errors import Unavailable


class DataFolder:
    """A locked folder. The lock ends with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        """Make the folder and lock it.

        Raises:
            Unavailable: it cannot be written, or another center runs on it.
        """
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._handle = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable(
                f"{path}: expected a folder this user may write; came: {error.strerror}; set RONDA_DATA to another"
            ) from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = os.pread(self._handle, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._handle)
            raise Unavailable(
                f"{path}: another center (process {other}) runs on this folder; end it, or set RONDA_DATA to another"
            ) from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)

    @property
    def database(self) -> Path:
        return self.path / "center.db"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    @property
    def telemetry(self) -> Path:
        """Values of devices, a folder per day."""
        return self.path / "telemetry"

    @property
    def enroll(self) -> Path:
        """Tokens of the robots, one file each."""
        return self.path / "enroll"

    def close(self) -> None:
        """Let another center have it."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
