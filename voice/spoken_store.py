"""Keeps on disk which sentences were begun: whole or not at all, and before the first sound of one."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from patrol_core.codec import build, plain
from patrol_core.errors import InvalidInput
from patrol_core.speech import Speech

FORMAT = 1
log = logging.getLogger(__name__)


class SpokenStore:
    """One JSON file. One that cannot be read is named in the log and begun anew: at worst a sentence comes twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def load(self) -> tuple[Speech, ...]:
        """What was saved last; empty where there is nothing, or nothing readable."""
        try:
            data = json.loads(self._path.read_bytes())
            if not isinstance(data, dict) or data.get("format") != FORMAT:
                raise InvalidInput(f"expected format {FORMAT}")
            return tuple(build(Speech, entry, where="spoken") for entry in data.get("spoken", []))
        except FileNotFoundError:
            return ()
        except (InvalidInput, ValueError) as error:
            log.error("which sentences were said is not readable (%s: %s); starting anew", self._path, error)
            return ()

    def save(self, spoken: tuple[Speech, ...]) -> None:
        """Replace what is on disk; raises OSError, and what was there before still is."""
        text = json.dumps({"format": FORMAT, "spoken": [plain(s) for s in spoken]}, ensure_ascii=False)
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
