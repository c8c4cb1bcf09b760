"""Brings a fixed camera's photographs to the center: a bounded folder is the queue, a thread empties it."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

import httpx

from patrol_core.errors import PatrolError

log = logging.getLogger(__name__)


class FolderFull(PatrolError):
    """At its bound; nothing was kept."""


class PicturesOut:
    """`<sha256>.jpg` files until the center has them. Overflow: a new one is refused, what is there is evidence."""

    def __init__(
        self,
        folder: Path,
        *,
        center_url: str,
        token: Callable[[], str],
        capacity_bytes: int = 200_000_000,
        retry_first_s: float = 1.0,
        retry_max_s: float = 30.0,
        timeout_s: float = 10.0,
    ) -> None:
        """`token` reads the bearer token; it is asked for every picture. Times are real."""
        folder.mkdir(parents=True, exist_ok=True)
        for half in folder.glob("*.new"):
            half.unlink()
        self._folder = folder
        self._center_url = center_url
        self._token = token
        self._capacity_bytes = capacity_bytes
        self._retry_s = (retry_first_s, retry_max_s)
        self._timeout_s = timeout_s
        self._ending = threading.Event()
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)

    def start(self) -> None:
        """Begin to send what is there."""
        self._thread.start()

    def keep(self, jpeg: bytes) -> str:
        """Write a picture down; its digest. It is on disk, whole, when this returns.

        Raises:
            FolderFull: at the bound.
            OSError: the disk did not take it.
        """
        digest = hashlib.sha256(jpeg).hexdigest()
        path = self._folder / f"{digest}.jpg"
        if not path.exists():
            used = sum(kept.stat().st_size for kept in self._waiting())
            if used + len(jpeg) > self._capacity_bytes:
                raise FolderFull(f"expected at most {self._capacity_bytes} bytes of pictures; came {used} and one more")
            fresh = path.with_suffix(".new")
            with fresh.open("wb") as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        self._changed.set()
        return digest

    def close(self) -> None:
        """Stop sending; what is left is sent after the next start."""
        self._ending.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(self._timeout_s)

    def _waiting(self) -> list[Path]:
        return sorted(self._folder.glob("*.jpg"), key=lambda path: path.stat().st_mtime)

    def _run(self) -> None:
        wait_s = self._retry_s[0]
        with httpx.Client(base_url=self._center_url, timeout=self._timeout_s) as http:
            while not self._ending.is_set():
                self._changed.clear()
                sent = True
                for path in self._waiting():
                    sent = self._send(http, path) and sent
                    if self._ending.is_set():
                        return
                if sent:
                    wait_s = self._retry_s[0]
                    self._changed.wait()
                else:
                    self._ending.wait(wait_s)
                    wait_s = min(2 * wait_s, self._retry_s[1])

    def _send(self, http: httpx.Client, path: Path) -> bool:
        """Whether the center has it now."""
        try:
            data = path.read_bytes()
            headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "image/jpeg"}
            answer = http.put(f"/api/v1/evidence/{path.stem}", content=data, headers=headers)
        except (httpx.HTTPError, OSError, PatrolError) as error:
            log.warning("picture %s… stays here: %s", path.stem[:12], str(error) or type(error).__name__)
            return False
        if not answer.is_success:
            log.warning("picture %s… stays here: %d %s", path.stem[:12], answer.status_code, answer.text[:200])
            return False
        path.unlink()
        return True
