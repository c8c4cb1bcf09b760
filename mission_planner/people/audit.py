"""The audit record: who did what, when by the wall clock. Only added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import audit


def record(tx: Tx, *, now: datetime, who: str, action: str, target: str = "", detail: str = "") -> None:
    """One line, in the same transaction as what it tells of.

    Args:
        now: UTC, wall.
        who: account, `robot:<id>`, or `system`.
        action: an `Action`, or what the system did.
        target: id of what it was done to.
    """
    tx.conn.execute(insert(audit).values(at=now, who=who[:64], action=action[:64], target=target[:128], detail=detail))
