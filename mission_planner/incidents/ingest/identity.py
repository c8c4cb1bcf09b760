"""Who a client is, and what it may publish and hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Identity(Protocol):
    """One that was let in."""

    @property
    def name(self) -> str:
        """For the log, and kept with each message."""

    def may_publish(self, topic: str) -> bool:
        """Whether its word on this topic counts."""

    def may_subscribe(self, pattern: str) -> bool:
        """Whether it may hear everything that this filter matches."""

    def speaks_for(self, device_id: str) -> bool:
        """Whether it may send this device's reports."""


@dataclass(frozen=True, slots=True)
class Anybody:
    """A nameless client on this machine, where the settings allow it: may do everything."""

    name: str = "anybody"

    def may_publish(self, topic: str) -> bool:
        return True

    def may_subscribe(self, pattern: str) -> bool:
        return True

    def speaks_for(self, device_id: str) -> bool:
        return True
