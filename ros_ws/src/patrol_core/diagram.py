"""Prints the diagrams of the state tables: `python -m patrol_core.diagram`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from patrol_core import incident, mission

S = TypeVar("S", bound=str)
E = TypeVar("E")


def mermaid(table: Mapping[tuple[S, type[E]], S]) -> str:
    """A Mermaid state diagram of a transition table; states that nothing leads to begin, those nothing leaves end."""
    sources, targets = {state for state, _ in table}, set(table.values())
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in dict.fromkeys(s for s, _ in table) if state not in targets]
    lines += [f"    {state} --> {to}: {event.__name__}" for (state, event), to in table.items()]
    lines += [f"    {to} --> [*]" for to in dict.fromkeys(table.values()) if to not in sources]
    return "\n".join(lines)


def diagrams() -> dict[str, str]:
    """Every state table of the core, by its name."""
    return {"Missions": mermaid(mission.TRANSITIONS), "Incidents": mermaid(incident.TRANSITIONS)}


if __name__ == "__main__":
    import sys

    for name, diagram in diagrams().items():
        sys.stdout.write(f"### {name}\n```mermaid\n{diagram}\n```\n")
