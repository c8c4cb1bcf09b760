"""Who notices something: kind and id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """Who noticed."""

    ROBOT = "robot"
    CAMERA = "camera"
    DEVICE = "device"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One who notices."""

    kind: SourceKind
    source_id: str
