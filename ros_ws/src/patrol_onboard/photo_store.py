"""The pictures a robot keeps until the center has them: a folder of `<sha256>.jpg` with a bound."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from patrol_core.errors import PatrolError
from patrol_onboard.executor_store import sync_folder
from patrol_onboard.photo import Photo


class PhotoStoreFull(PatrolError):
    """The folder is at its bound; nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPhoto:
    """One picture on disk."""

    digest: str
    path: Path
    size_bytes: int


class PhotoStore:
    """A bounded folder. A picture is on disk, whole, when `keep` returns.

    Overflow: what is there is evidence and is never dropped for something newer. At `capacity_bytes` a patrol's new
    picture is refused (its checkpoint then says so); pictures about an incident have `reserve_bytes` more.
    """

    def __init__(self, folder: Path, *, capacity_bytes: int = 500_000_000, reserve_bytes: int = 50_000_000) -> None:
        self._folder = folder
        self._capacity_bytes = capacity_bytes
        self._reserve_bytes = reserve_bytes
        folder.mkdir(parents=True, exist_ok=True)
        for half in folder.glob("*.new"):
            half.unlink()

    def keep(self, photo: Photo, *, urgent: bool) -> None:
        """Write a picture; one that is there already is fine.

        Raises:
            PhotoStoreFull: at the bound.
            OSError: the disk did not take it.
        """
        limit = self._capacity_bytes + (self._reserve_bytes if urgent else 0)
        used = sum(kept.size_bytes for kept in self.waiting())
        path = self._folder / f"{photo.digest}.jpg"
        if path.exists():
            return
        if used + len(photo.jpeg) > limit:
            raise PhotoStoreFull(f"expected pictures of at most {limit} bytes waiting; came {used} and one more")
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(photo.jpeg)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(self._folder)

    def waiting(self) -> tuple[KeptPhoto, ...]:
        """Every picture, oldest first."""
        found: list[tuple[float, KeptPhoto]] = []
        for entry in os.scandir(self._folder):
            digest, dot, kind = entry.name.partition(".")
            if dot and kind == "jpg" and len(digest) == 64:
                stat = entry.stat()
                kept = KeptPhoto(digest=digest, path=Path(entry.path), size_bytes=stat.st_size)
                found.append((stat.st_mtime, kept))
        return tuple(kept for _, kept in sorted(found, key=lambda pair: (pair[0], pair[1].digest)))

    def forget(self, digest: str) -> None:
        """Remove a picture the center has, or that nobody will ask for."""
        (self._folder / f"{digest}.jpg").unlink(missing_ok=True)
