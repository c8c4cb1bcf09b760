"""The audit record: who did what, when by the wall clock. Only added to, and chained."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from mission_planner.incidents.chain import LinkKind, audit_content, stamp
from mission_planner.store import chain
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
    who, action, target = who[:64], action[:64], target[:128]
    done = tx.conn.execute(insert(audit).values(at=now, who=who, action=action, target=target, detail=detail))
    number = done.inserted_primary_key[0]  # type: ignore[index]
    content = audit_content(at=stamp(now), who=who, action=action, target=target, detail=detail)
    noun, _, about = target.partition(" ")
    chain.append(tx, LinkKind.AUDIT, str(number), content, about=about if noun == "incident" else "")
