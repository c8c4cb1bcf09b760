"""What the center's ledger of patrols says, read through its API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.helpers.demo import RunningDemo

Entry = tuple[dict[str, Any], dict[str, Any]]  # mission, checkpoint


def entries(demo: RunningDemo, kind: str = "patrol") -> list[Entry]:
    """Every checkpoint that ended, newest missions first."""
    missions = [demo.center.get(f"/missions/{m['mission_id']}") for m in demo.center.items("/missions")]
    return [(m, c) for m in missions if m["kind"] == kind for c in m["checkpoints"] if c["entry"]]


def seen(demo: RunningDemo) -> list[Entry]:
    """Those a robot photographed."""
    return [(m, c) for m, c in entries(demo) if c["entry"]["outcome"] == "seen"]


def around(demo: RunningDemo, robot_id: str, moment: datetime) -> tuple[list[str], list[str], str] | None:
    """Of the robot's patrol that a moment fell into: its order, what was done before, and the first done after."""
    for mission in {m["mission_id"]: m for m, _ in entries(demo) if m["robot_id"] == robot_id}.values():
        done = [
            (datetime.fromisoformat(c["entry"]["at"]), c["checkpoint_id"]) for c in mission["checkpoints"] if c["entry"]
        ]
        before, after = [c for at, c in done if at < moment], sorted((at, c) for at, c in done if at > moment)
        if before and after:
            return [c["checkpoint_id"] for c in mission["checkpoints"]], before, after[0][1]
    return None
