"""How each part of the center fares, told by the parts themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patrol_core.part import PartState
from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part, and why it is so."""

    name: str
    state: PartState
    because: Text | None = None
    needed: bool = True  # the center is not ready without it


class Health:
    """Asks each part when somebody wants to know; nothing is remembered."""

    def __init__(self, checks: Mapping[str, Callable[[], PartHealth]]) -> None:
        self._checks = checks

    def parts(self) -> list[PartHealth]:
        """Every part, in a fixed order."""
        return [check() for check in self._checks.values()]

    def missing(self) -> list[PartHealth]:
        """The parts for whose sake the center is not ready."""
        return self._needed(PartState.UNAVAILABLE)

    def degraded(self) -> list[PartHealth]:
        """The parts that the center needs and that do less than they should."""
        return self._needed(PartState.DEGRADED)

    def _needed(self, state: PartState) -> list[PartHealth]:
        return [p for p in self.parts() if p.needed and p.state is state]
