"""Brings kept pictures to the center by resumable HTTP, slowly enough never to be in the way of a report."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_core.errors import PatrolError
from patrol_onboard.photo_store import KeptPhoto, PhotoStore

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPolicy:
    """How fast, and how patient. Real time."""

    bytes_per_s: float = 250_000.0  # a 60 kB picture takes a quarter of a second; reports keep the rest of the line
    chunk_bytes: int = 64 * 1024
    timeout_s: float = 10.0
    retry_first_s: float = 1.0
    retry_max_s: float = 10.0


class UploadFailed(PatrolError):
    """The center did not take the picture; it is tried again later."""


class Uploader:
    """Sends what lies in the photo store, urgent pictures first, then oldest; a sent picture leaves the store.

    Queue: the folder itself, so its bound and policy are the store's, and a restart forgets nothing. The center says
    how much of a picture it has already (HEAD), so that a broken line costs one chunk.
    """

    def __init__(
        self,
        store: PhotoStore,
        *,
        center_url: str,
        token: Callable[[], str],
        policy: UploadPolicy | None = None,
    ) -> None:
        """`token` reads the robot's bearer token; it is asked again for every picture, for it may be renewed."""
        self._store = store
        self._center_url = center_url
        self._token = token
        self._policy = policy or UploadPolicy()
        self._urgent: set[str] = set()
        self._tried: set[str] = set()  # failed in this round: the others go first, so that none blocks the rest
        self._wake = asyncio.Event()

    def notice(self, digest: str, *, urgent: bool) -> None:
        """A picture was kept; those about an incident go first."""
        if urgent:
            self._urgent.add(digest)
        self._wake.set()

    async def run(self) -> None:
        """Send for ever; a failure is said once per picture and tried again, later and later."""
        import httpx

        wait_s = self._policy.retry_first_s
        async with httpx.AsyncClient(base_url=self._center_url, timeout=self._policy.timeout_s) as http:
            while True:
                self._wake.clear()
                kept = self._next()
                if kept is None:
                    await self._wake.wait()
                    continue
                try:
                    await self._send(http, kept)
                except (UploadFailed, httpx.HTTPError, OSError) as error:
                    log.warning(
                        "picture %s… stays here, next try in %.0f s: %s", kept.digest[:12], wait_s, _said(error)
                    )
                    self._tried.add(kept.digest)
                    await asyncio.sleep(wait_s)
                    wait_s = min(wait_s * 2, self._policy.retry_max_s)
                else:
                    wait_s = self._policy.retry_first_s

    def _next(self) -> KeptPhoto | None:
        waiting = self._store.waiting()
        digests = {kept.digest for kept in waiting}
        self._urgent &= digests
        self._tried = set() if digests <= self._tried else self._tried & digests
        return min(
            waiting, key=lambda kept: (kept.digest in self._tried, kept.digest not in self._urgent), default=None
        )

    async def _send(self, http: httpx.AsyncClient, kept: KeptPhoto) -> None:
        headers = {"Authorization": f"Bearer {self._token()}"}
        url = f"/api/v1/evidence/{kept.digest}"
        data = kept.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != kept.digest:
            aside = kept.path.rename(kept.path.with_suffix(".broken"))
            log.error("a picture on disk is not what it was; it was set aside as %s", aside)
            return
        offset = await self._offset(http, url, headers)
        while offset < len(data):
            chunk = data[offset : offset + self._policy.chunk_bytes]
            whole = len(chunk) == len(data)
            answer = await http.request(
                "PUT" if whole else "PATCH",
                url,
                content=chunk,
                headers={
                    **headers,
                    "Content-Type": "image/jpeg" if whole else "application/offset+octet-stream",
                    **({} if whole else {"Upload-Offset": str(offset), "Upload-Length": str(len(data))}),
                },
            )
            if answer.status_code == 409:  # the center has more or less than it said: ask again
                before, offset = offset, await self._offset(http, url, headers)
                if offset == before:
                    raise UploadFailed(f"the center says it has {offset} bytes, and does not take the next ones")
                continue
            _expect_success(answer)
            offset += len(chunk)
            await asyncio.sleep(len(chunk) / self._policy.bytes_per_s)
        self._store.forget(kept.digest)

    @staticmethod
    async def _offset(http: httpx.AsyncClient, url: str, headers: dict[str, str]) -> int:
        """How many bytes the center has."""
        answer = await http.head(url, headers=headers)
        if answer.status_code == 404:
            return 0
        _expect_success(answer)
        text = answer.headers.get("Upload-Offset", "")
        if not text.isdigit():
            raise UploadFailed(f"expected Upload-Offset, a number of bytes; came {text!r}")
        return int(text)


def token_from(path: Path) -> Callable[[], str]:
    """A reader of the robot's token file; it raises UploadFailed where there is none."""

    def read() -> str:
        try:
            return path.read_text().strip()
        except OSError as error:
            raise UploadFailed(f"expected the robot's token in {path}; came {error.strerror}") from None

    return read


def _expect_success(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise UploadFailed(f"expected the center to take it; came {answer.status_code} {answer.text[:200]}".strip())


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
