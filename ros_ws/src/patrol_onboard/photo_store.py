"""The pictures a robot keeps until the center has them: a bounded folder of `<sha256>.jpg`.

Beside them lie `<sha256>.held`: pictures of sightings nobody was told about yet, which never leave the robot so.
"""

from __future__ import annotations

import os
from collections.abc import Collection
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

    def keep(self, photo: Photo, *, urgent: bool, held: bool = False) -> None:
        """Write a picture; one that is there already is fine.

        Args:
            photo: the picture.
            urgent: about an incident: it may use the reserve.
            held: not for the center until `offer` says so.

        Raises:
            PhotoStoreFull: at the bound.
            OSError: the disk did not take it.
        """
        limit = self._capacity_bytes + (self._reserve_bytes if urgent else 0)
        used = sum(kept.size_bytes for kind in ("jpg", "held") for kept in self._found(kind))
        path = self._folder / f"{photo.digest}.{'held' if held else 'jpg'}"
        if path.exists() or (self._folder / f"{photo.digest}.jpg").exists():
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

    def offer(self, digest: str) -> bool:
        """Let the center have a picture that was held back; whether it is here."""
        path = self._folder / f"{digest}.jpg"
        if not path.exists():
            try:
                (self._folder / f"{digest}.held").rename(path)
            except FileNotFoundError:
                return False
            sync_folder(self._folder)
        return True

    def drop_held(self, digest: str) -> None:
        """Remove a picture that was held back; one that was offered stays until the center has it."""
        (self._folder / f"{digest}.held").unlink(missing_ok=True)

    def forget_held(self, *, but: Collection[str] = ()) -> None:
        """Remove pictures that were held back, except these."""
        for kept in self._found("held"):
            if kept.digest not in but:
                kept.path.unlink(missing_ok=True)

    def waiting(self) -> tuple[KeptPhoto, ...]:
        """Every picture for the center, oldest first."""
        return self._found("jpg")

    def _found(self, wanted: str) -> tuple[KeptPhoto, ...]:
        found: list[tuple[float, KeptPhoto]] = []
        for entry in os.scandir(self._folder):
            digest, dot, kind = entry.name.partition(".")
            if dot and kind == wanted and len(digest) == 64:
                stat = entry.stat()
                kept = KeptPhoto(digest=digest, path=Path(entry.path), size_bytes=stat.st_size)
                found.append((stat.st_mtime, kept))
        return tuple(kept for _, kept in sorted(found, key=lambda pair: (pair[0], pair[1].digest)))

    def forget(self, digest: str) -> None:
        """Remove a picture the center has, or that nobody will ask for."""
        for kind in ("jpg", "held"):
            (self._folder / f"{digest}.{kind}").unlink(missing_ok=True)
