"""Keeps the executor's memory on disk: whole or not at all, and before anything it decided is done."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from patrol_core.codec import build, plain
from patrol_core.errors import InvalidInput
from patrol_onboard.memory import Memory

FORMAT = 1
log = logging.getLogger(__name__)


class ExecutorStore:
    """One JSON file. `save` returns when the new memory is on disk; a crash at any moment leaves the old or the new.

    A file that cannot be read is kept beside as `<name>.broken-<n>` and said aloud, and the robot starts with an empty
    memory: it stands in its dock until the center orders something.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def load(self) -> Memory:
        """What was saved last; empty where there is nothing, or nothing readable.

        Raises:
            OSError: the folder cannot be read or written.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return Memory()
        try:
            return _parsed(text)
        except InvalidInput as error:
            aside = self._set_aside()
            log.error("the mission memory is not readable and was set aside as %s: %s; starting empty", aside, error)
            return Memory()

    def save(self, memory: Memory) -> None:
        """Replace what is on disk.

        Raises:
            OSError: it could not be written; what was there before still is.
        """
        text = json.dumps({"format": FORMAT, "memory": plain(memory)}, ensure_ascii=False, separators=(",", ":"))
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        sync_folder(self._path.parent)

    def _set_aside(self) -> Path:
        n = 1
        while (aside := self._path.with_name(f"{self._path.name}.broken-{n}")).exists():
            n += 1
        return self._path.rename(aside)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(text: bytes) -> Memory:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"expected JSON; {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        came = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise InvalidInput(f"expected format {FORMAT}; came {came!r}")
    return build(Memory, data.get("memory"), where="memory")
