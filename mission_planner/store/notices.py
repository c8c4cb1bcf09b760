"""The durable log of who was told what about an incident; channels out of the house follow it by cursors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from mission_planner.people.roles import Role
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import cursor, incidents, notices
from mission_planner.store.sql import append, upsert
from patrol_core.kind import IncidentKind


class NoticeAction(StrEnum):
    """What the told are asked to do; all but ORDER, HANDED_ON and UNTAKEN are words of PagerDuty's Events API v2."""

    TRIGGER = "trigger"  # somebody must act
    ORDER = "order"  # this person must go
    HANDED_ON = "handed_on"  # this person was sent; another goes now
    UNTAKEN = "untaken"  # who was sent does not answer, and nobody else is on duty: somebody must act
    ACKNOWLEDGE = "acknowledge"  # somebody does
    RESOLVE = "resolve"  # it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One telling."""

    seq: int
    incident_id: UUID
    at: datetime  # UTC site time
    action: NoticeAction
    number: int  # rung of the ladder, or how often it was said before; 0 the first time
    tell: tuple[Role, ...]
    people: tuple[str, ...] = ()  # accounts: those of `tell` on duty then, or the one who was sent


def add(
    tx: Tx,
    incident_id: UUID,
    *,
    at: datetime,
    action: NoticeAction,
    number: int = 0,
    tell: Sequence[Role] = (),
    people: Sequence[str] = (),
) -> None:
    """Note that these are told now."""
    row = {
        "site_id": tx.site_id,
        "incident_id": incident_id,
        "at": at,
        "action": action.value,
        "number": number,
        "tell": [role.value for role in tell],
        "people": list(people),
    }
    append(tx, notices, row)


def of_incident(tx: Tx, incident_id: UUID) -> tuple[Notice, ...]:
    """Every telling about one incident, oldest first."""
    rows = tx.conn.execute(select(notices).where(notices.c.incident_id == incident_id).order_by(notices.c.seq))
    return tuple(map(notice_of, rows))


def after(tx: Tx, *, seq: int, limit: int, kinds: Collection[IncidentKind]) -> tuple[tuple[Notice, ...], int]:
    """What was told after this about incidents of these kinds, oldest first; and how far that is in the whole log."""
    upto = newest(tx)
    query = select(notices).join(incidents, incidents.c.incident_id == notices.c.incident_id)
    query = query.where(notices.c.site_id == tx.site_id, notices.c.seq > seq, notices.c.seq <= upto)
    query = query.where(incidents.c.kind.in_([kind.value for kind in kinds])).order_by(notices.c.seq).limit(limit)
    found = tuple(map(notice_of, tx.conn.execute(query)))
    return found, found[-1].seq if len(found) == limit else max(seq, upto)


def carried(tx: Tx, channel: str) -> int | None:
    """How far a channel has come; None for one that never began."""
    position: int | None = tx.conn.scalar(select(cursor.c.position).where(cursor.c.name == channel))
    return position


def carry(tx: Tx, channel: str, seq: int) -> None:
    """The channel has come as far as `seq`."""
    upsert(tx, cursor, {"name": channel, "position": seq})


def newest(tx: Tx) -> int:
    """The newest telling; 0 before the first."""
    return tx.conn.scalar(select(func.max(notices.c.seq))) or 0


def find(tx: Tx, seq: int) -> Notice | None:
    """One telling, or None."""
    row = tx.conn.execute(select(notices).where(notices.c.site_id == tx.site_id, notices.c.seq == seq)).one_or_none()
    return notice_of(row) if row is not None else None


def several(tx: Tx, seqs: Sequence[int]) -> tuple[Notice, ...]:
    """These tellings, oldest first; those that are not there are left out."""
    rows = tx.conn.execute(select(notices).where(notices.c.site_id == tx.site_id, notices.c.seq.in_(seqs)))
    return tuple(sorted(map(notice_of, rows), key=lambda notice: notice.seq))


def notice_of(row: object) -> Notice:
    """A row of the log."""
    given = {name: getattr(row, name) for name in ("seq", "incident_id", "at", "number")}
    tell = tuple(Role(role) for role in row.tell)  # type: ignore[attr-defined]
    people = tuple(row.people)  # type: ignore[attr-defined]
    return Notice(**given, action=NoticeAction(row.action), tell=tell, people=people)  # type: ignore[attr-defined]
