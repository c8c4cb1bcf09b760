"""Which pictures there are, what each shows, and whether its bytes have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import evidence
from mission_planner.store.sql import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One picture."""

    digest: str  # SHA-256 hex
    robot_id: str | None = None
    size: int | None = None  # bytes; None until it came
    media_type: str = "image/jpeg"
    taken_at: datetime | None = None  # UTC site time
    checkpoint_id: str | None = None
    mission_id: UUID | None = None
    incident_id: UUID | None = None
    complete: bool = False
    pruned_at: datetime | None = None  # UTC site time; when it was removed by policy


def put(tx: Tx, row: EvidenceRow) -> None:
    """Insert or overwrite."""
    upsert(tx, evidence, {**{n: getattr(row, n) for n in EvidenceRow.__dataclass_fields__}, "site_id": tx.site_id})


def find(tx: Tx, digest: str) -> EvidenceRow | None:
    """The picture, or None."""
    row = tx.conn.execute(select(evidence).where(evidence.c.digest == digest)).one_or_none()
    return _row(row) if row is not None else None


def several(tx: Tx, digests: Sequence[str]) -> Mapping[str, EvidenceRow]:
    """By digest; unknown ones are missing."""
    if not digests:
        return {}
    rows = tx.conn.execute(select(evidence).where(evidence.c.digest.in_(digests)))
    return {r.digest: _row(r) for r in rows}


def newest_of_robot(tx: Tx, robot_id: str) -> EvidenceRow | None:
    """The robot's newest picture that is here."""
    query = (
        select(evidence)
        .where(
            evidence.c.site_id == tx.site_id,
            evidence.c.robot_id == robot_id,
            evidence.c.complete,
            evidence.c.taken_at.is_not(None),
        )
        .order_by(evidence.c.taken_at.desc())
        .limit(1)
    )
    row = tx.conn.execute(query).one_or_none()
    return _row(row) if row is not None else None


def _row(row: Any) -> EvidenceRow:
    return EvidenceRow(**{name: getattr(row, name) for name in EvidenceRow.__dataclass_fields__})
