"""Evidence on disk: blobs by their SHA-256, uploaded in pieces, whole or not there at all.

An upload appends to `partial/<digest>-<size>`; when its size is reached the whole is hashed. Right: synced, renamed to
`blobs/<first two>/<digest>`, the folder synced. Wrong: the partial is removed, and the sender begins again. A half
upload survives a restart, and one that was whole when the power went is finished or removed when its sender asks.
`sweep` removes those nobody came back for. Calls block on the disk: run them in a thread.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mission_planner import crash
from patrol_core.errors import Conflict, InvalidInput, NotFound, Unavailable

MAX_BLOB_BYTES = 32 * 1024 * 1024
MAX_PARTIALS = 1_000  # uploads under way; more are refused until some end or are swept
ABANDONED_S = 7 * 24 * 3600.0

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MAGIC = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class WrongOffset(Conflict):
    """A piece does not join what is there.

    Args:
        offset: how many bytes are there; the next piece begins there.
    """

    def __init__(self, *, came: int, offset: int) -> None:
        super().__init__(f"expected a piece that begins at byte {offset}; came one at {came}")
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A whole piece of evidence."""

    digest: str  # SHA-256 hex
    size_bytes: int
    media_type: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partial:
    path: Path
    have: int  # bytes
    total: int  # bytes


class BlobStore:
    """Blobs below one folder. Thread-safe within a process; one process per folder."""

    def __init__(
        self,
        root: Path,
        *,
        max_blob_bytes: int = MAX_BLOB_BYTES,
        refusal: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Make the folders.

        Args:
            refusal: why nothing may grow now; None while the disk has room.
        """
        self._refusal = refusal
        self.trouble: str | None = None  # why the last piece was not kept; None once one is
        self._blobs = root / "blobs"
        self._partials = root / "partial"
        self._max_blob_bytes = max_blob_bytes
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        for folder in (self._blobs, self._partials):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        """Where the whole ones lie: `<first two digits>/<SHA-256>`."""
        return self._blobs

    def find(self, digest: str) -> Blob | None:
        """The blob, or None while it is not whole.

        Raises:
            InvalidInput: not a SHA-256.
        """
        path = self._path(digest)
        try:
            with path.open("rb") as file:
                head, size = file.read(16), os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return None
        return Blob(
            digest=digest, size_bytes=size, media_type=media_type(head) or "application/octet-stream", path=path
        )

    def get(self, digest: str) -> Blob:
        """The blob.

        Raises:
            InvalidInput: not a SHA-256.
            NotFound: not there, or not whole.
        """
        blob = self.find(digest)
        if blob is None:
            raise NotFound("evidence", digest)
        return blob

    def offset(self, digest: str) -> int:
        """Bytes that are there: where the next piece begins, or the size when it is whole.

        Raises:
            InvalidInput: not a SHA-256.
            Conflict: it is being finished now.
            Unavailable: the disk refused.
        """
        if (blob := self.find(digest)) is not None:
            return blob.size_bytes
        partial = self._partial(digest)
        if partial is None:
            return 0
        if partial.have < partial.total:
            return partial.have
        with self._alone(digest), suppress(InvalidInput):  # its end came between the last byte and the rename
            return self._finish(digest, partial.path).size_bytes
        return 0

    def put(self, digest: str, data: bytes) -> Blob:
        """A whole blob in one piece; what was there of it is replaced. One that is whole already is left alone.

        Raises:
            InvalidInput: as `append`.
            Conflict: another upload of it runs now.
            Unavailable: the disk refused.
        """
        with self._alone(digest):
            if (blob := self.find(digest)) is not None:
                return blob
            self._forget(digest)
            done = self._append(digest, 0, data, total=len(data))
        return done or self.get(digest)

    def append(self, digest: str, offset: int, data: bytes, *, total: int) -> Blob | None:
        """Add a piece; the blob once it is whole, None before.

        Args:
            offset: where the piece begins, bytes.
            total: size of the whole, bytes; the same with every piece: another one starts the upload over.

        Raises:
            InvalidInput: not a SHA-256; larger than allowed; the whole has another hash or is no JPEG or PNG: then
                what was there is gone.
            WrongOffset: the piece does not join; its `offset` says where to go on.
            Conflict: another upload of it runs now, or too many are under way.
            Unavailable: the disk refused; what was there before the piece is still there.
        """
        with self._alone(digest):
            if (blob := self.find(digest)) is not None:
                return blob  # the answer to the last piece was lost on its way
            return self._append(digest, offset, data, total=total)

    def discard(self, digest: str) -> None:
        """Forget a half upload.

        Raises:
            InvalidInput: not a SHA-256.
            Conflict: it is being written now.
        """
        with self._alone(digest):
            self._forget(digest)

    def remove(self, digest: str) -> None:
        """Remove a whole blob, if it is there; whoever asks has noted why.

        Raises:
            InvalidInput: not a SHA-256.
            Unavailable: the disk refused.
        """
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"the evidence could not be removed: {error.strerror or error}") from error

    def sweep(self, *, now_s: float | None = None) -> int:
        """Remove half uploads that nothing was added to for a week; how many. `now_s`: wall seconds since 1970."""
        before_s = (time.time() if now_s is None else now_s) - ABANDONED_S
        removed = 0
        for path in self._partials.iterdir():
            with suppress(Conflict, FileNotFoundError, InvalidInput), self._alone(path.name[:64]):
                if path.stat().st_mtime < before_s:
                    path.unlink()
                    removed += 1
        return removed

    def _append(self, digest: str, offset: int, data: bytes, *, total: int) -> Blob | None:
        if not 0 < total <= self._max_blob_bytes:
            raise InvalidInput(f"expected 1 to {self._max_blob_bytes} bytes; came {total}", where=digest)
        partial = self._partial(digest) or _Partial(path=self._partials / f"{digest}-{total}", have=0, total=total)
        if partial.total != total:
            partial.path.unlink()
            raise InvalidInput(f"expected {partial.total} bytes in all, as before; came {total}", where=digest)
        if offset != partial.have:
            raise WrongOffset(came=offset, offset=partial.have)
        if offset + len(data) > total:
            raise InvalidInput(f"expected at most {total - offset} more bytes; came {len(data)}", where=digest)
        if not partial.have and sum(1 for _ in self._partials.iterdir()) >= MAX_PARTIALS:
            raise Conflict(f"expected at most {MAX_PARTIALS} uploads under way; try again when some have ended")
        if (refusal := self._refusal()) is not None:
            raise Unavailable(f"the evidence could not be written: {refusal}")
        try:
            with partial.path.open("ab") as file:
                _write(file, data, partial.have)
        except OSError as error:
            self.trouble = f"the evidence could not be written: {error.strerror or error}"
            raise Unavailable(self.trouble) from error
        self.trouble = None
        return self._finish(digest, partial.path) if offset + len(data) == total else None

    def _finish(self, digest: str, partial: Path) -> Blob:
        path = self._path(digest)
        with partial.open("rb") as file:
            kind = media_type(file.read(16))
            file.seek(0)
            came = hashlib.file_digest(file, "sha256").hexdigest()
        if came != digest:
            partial.unlink()
            raise InvalidInput(f"expected bytes of this SHA-256; came {came}", where=digest)
        if kind is None:
            partial.unlink()
            raise InvalidInput("expected a JPEG or PNG picture; came something else", where=digest)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            crash.here("evidence-before-rename")
            partial.replace(path)
            _sync_folder(path.parent)
            crash.here("evidence-after-rename")
        except OSError as error:
            raise Unavailable(f"the evidence could not be kept: {error.strerror or error}") from error
        return Blob(digest=digest, size_bytes=path.stat().st_size, media_type=kind, path=path)

    @contextmanager
    def _alone(self, digest: str) -> Iterator[None]:
        """One writer per digest; a second is told, not queued."""
        _check(digest)
        with self._lock:
            if digest in self._busy:
                raise Conflict(f"another upload of {digest} runs now")
            self._busy.add(digest)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(digest)

    def _path(self, digest: str) -> Path:
        return self._blobs / _check(digest)[:2] / digest

    def _partial(self, digest: str) -> _Partial | None:
        for path in self._partials.glob(f"{_check(digest)}-*"):
            with suppress(FileNotFoundError):
                return _Partial(path=path, have=path.stat().st_size, total=int(path.name[65:]))
        return None

    def _forget(self, digest: str) -> None:
        if (partial := self._partial(digest)) is not None:
            partial.path.unlink(missing_ok=True)


def media_type(head: bytes) -> str | None:
    """What a file is by its first bytes; None when it is neither JPEG nor PNG. The sender's word does not count."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _check(digest: str) -> str:
    """A name that is 64 hex digits can leave no folder."""
    if _DIGEST.fullmatch(digest) is None:
        raise InvalidInput(f"expected a SHA-256 as 64 lower-case hex digits; came {digest!r:.80}", where="digest")
    return digest


def _write(file: BinaryIO, data: bytes, have: int) -> None:
    """All of it, synced; or nothing of it."""
    try:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            os.ftruncate(file.fileno(), have)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
