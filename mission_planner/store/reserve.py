"""Space that is kept for cries for help: a file given up when the disk is full, and made again when there is room."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

MIB = 1024 * 1024


class Reserve:
    """A file of `size_bytes`; 0 keeps nothing. Given up at most once until it is restored. Any thread may ask."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        self._size_bytes = size_bytes
        self._given_up = False
        self._one_at_a_time = threading.Lock()
        if size_bytes:
            self._given_up = not self.restore()

    @property
    def refusal(self) -> str | None:
        """Why works that are not vital are refused; None while the reserve is whole."""
        if not self._given_up:
            return None
        return f"the disk is full: only cries for help are kept, in the last {self._size_bytes / MIB:g} MiB; make room"

    def give_up(self) -> bool:
        """Free the space; False when there is none to free."""
        with self._one_at_a_time:
            return self._give_up()

    def _give_up(self) -> bool:
        if self._given_up or not self._size_bytes:
            return False
        with suppress(FileNotFoundError):
            self._path.unlink()
        self._given_up = True
        log.error("%s", self.refusal)
        return True

    def restore(self) -> bool:
        """Take the space again where the disk has twice as much; whether it is whole now."""
        with self._one_at_a_time:
            return self._restore()

    def _restore(self) -> bool:
        with suppress(OSError):
            if self._path.stat().st_size == self._size_bytes:
                self._given_up = False
                return True
        try:
            if shutil.disk_usage(self._path.parent).free < 2 * self._size_bytes:
                return False
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                os.posix_fallocate(handle, 0, self._size_bytes)
            finally:
                os.close(handle)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                log.warning("%s: expected to reserve %d bytes; came: %s", self._path, self._size_bytes, error.strerror)
            with suppress(OSError):
                self._path.unlink()
            return False
        if self._given_up:
            log.warning("the disk has room again: everything is kept")
        self._given_up = False
        return True
