"""Prints the diagrams of the state tables: `python -m patrol_core.diagram`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from patrol_core import incident, mission

S = TypeVar("S", bound=str)
E = TypeVar("E")


def mermaid(table: Mapping[tuple[S, type[E]], S]) -> str:
    """A Mermaid state diagram of a transition table.

    It begins in the states that nothing leads to, or in the first one; it ends in those that nothing leaves.
    """
    sources, targets = dict.fromkeys(state for state, _ in table), set(table.values())
    begin = [state for state in sources if state not in targets] or [next(iter(sources))]
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in begin)]
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
