"""What is known while a launch file runs: arguments given, configurations set, processes to start."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


class LaunchError(Exception):
    """A launch file that cannot be run; says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program to keep running."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    respawn: bool = False
    respawn_delay_s: float = 0.0


class LaunchContext:
    """One run of a launch file."""

    def __init__(self, *, arguments: dict[str, str] | None = None) -> None:
        self.launch_configurations: dict[str, str] = dict(arguments or {})
        self.environment: dict[str, str] = dict(os.environ)
        self.declared: dict[str, str] = {}  # argument → what it is for
        self.processes: list[Process] = []
        self._numbers: dict[str, int] = {}

    def numbered(self, name: str) -> str:
        """`base_node` → `base_node-1`: how a process is called in the log."""
        number = sum(self._numbers.values()) + 1
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return f"{name}-{number}"
