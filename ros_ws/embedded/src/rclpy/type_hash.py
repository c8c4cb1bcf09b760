"""The hash of a type's description, as the graph tells it (REP-2016)."""

from __future__ import annotations

_SIZE = 32
_PREFIX = "RIHS"


class TypeHash:
    """A version and 32 bytes; version 0 means that none is known."""

    __slots__ = ("value", "version")

    def __init__(self, version: int = -1, value: bytes = bytes(_SIZE)) -> None:
        self.version = version
        self.value = value

    @classmethod
    def from_text(cls, text: str) -> TypeHash:
        """The hash of its written form, `RIHS01_…`; an unknown one for anything else."""
        version, _, digest = text.removeprefix(_PREFIX).partition("_")
        if not (text.startswith(_PREFIX) and version.isdecimal() and len(digest) == 2 * _SIZE):
            return cls()
        try:
            return cls(int(version), bytes.fromhex(digest))
        except ValueError:
            return cls()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TypeHash):
            return NotImplemented
        return (self.version, self.value) == (other.version, other.value)

    def __hash__(self) -> int:
        return hash((self.version, self.value))

    def __str__(self) -> str:
        if self.version <= 0 or len(self.value) != _SIZE:
            return "INVALID"
        return f"{_PREFIX}{self.version:02}_{self.value.hex()}"

    __repr__ = __str__
