"""The durable log of changes that browsers follow: what changed, in which order; the thing itself is read when told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import events

KEPT = 20_000  # older ones are forgotten; a browser that asks for them gets a snapshot


class Subject(StrEnum):
    """What changed."""

    INCIDENT = "incident"
    MISSION = "mission"
    PATROL = "patrol"
    ROBOT = "robot"
    SENSOR = "sensor"
    FINDING = "finding"
    FLOOD = "flood"
    NOTICE = "notice"


Thing = tuple[Subject, str]  # what changed, by its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the log."""

    event_id: int
    at: datetime  # UTC site time
    subject: Subject
    subject_id: str
    audience: str | None  # the action an account needs to hear of it


def add(tx: Tx, *, at: datetime, subject: Subject, subject_id: str, audience: str | None = None) -> None:
    """Note a change; of several that are gathered about one thing the last counts, for it is told as it is then."""
    row = {"site_id": tx.site_id, "at": at, "kind": subject.value, "subject_id": subject_id, "audience": audience}
    if tx.gathering is not None:
        tx.gathering.once(events, (subject, subject_id), row)
    else:
        tx.conn.execute(insert(events).values(row))


def after(tx: Tx, event_id: int, limit: int) -> tuple[Change, ...]:
    """Changes after `event_id`, oldest first."""
    rows = tx.conn.execute(
        select(events).where(events.c.site_id == tx.site_id, events.c.id > event_id).order_by(events.c.id).limit(limit)
    )
    return tuple(
        Change(event_id=r.id, at=r.at, subject=Subject(r.kind), subject_id=r.subject_id, audience=r.audience)
        for r in rows
    )


def bounds(tx: Tx) -> tuple[int, int]:
    """The oldest and the newest id kept; (0, 0) when there was never one."""
    oldest, newest = tx.conn.execute(select(func.min(events.c.id), func.max(events.c.id))).one()
    return oldest or 0, newest or 0


def prune(tx: Tx, kept: int = KEPT) -> None:
    """Forget what is older than the newest `kept`."""
    _, newest = bounds(tx)
    tx.conn.execute(delete(events).where(events.c.id <= newest - kept))
