"""Orders to people: who was sent where, when they said that they go, when they were there, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from mission_planner.incidents.order_clock import OrderClock
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import assignments
from mission_planner.store.sql import upsert
from patrol_core.codec import build, from_json, plain, to_json
from patrol_core.site import Text


class Outcome(StrEnum):
    """How an order to a person ended."""

    RUNNING = ""
    RESOLVED = "resolved"
    REPLACED = "replaced"  # another was sent
    CALLED_OFF = "called_off"  # the incident ended without them, or was opened anew
    NOT_TAKEN = "not_taken"  # they did not answer, and another was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One order to one person."""

    assignment_id: UUID
    incident_id: UUID
    username: str
    by: str  # account that gave it
    because: Text  # why this person
    note: str
    ordered_at: datetime  # UTC site time, as are the others
    taken_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome = Outcome.RUNNING
    clock: OrderClock | None = None  # what follows while nobody takes it; None where somebody went unasked

    @property
    def next_at(self) -> datetime | None:
        """When somebody is to be told that nobody takes it; None once somebody has, or it ended."""
        waits = self.taken_at is None and self.arrived_at is None and self.ended_at is None
        return self.clock.next_at if waits and self.clock is not None else None


def put(tx: Tx, assignment: Assignment) -> None:
    """Insert or overwrite."""
    given = {name: getattr(assignment, name) for name in _PLAIN}
    upsert(
        tx,
        assignments,
        {
            **given,
            "site_id": tx.site_id,
            "because": plain(assignment.because),
            "outcome": assignment.outcome.value,
            "next_at": assignment.next_at,
            "clock": to_json(assignment.clock) if assignment.clock is not None else None,
        },
    )


def running(tx: Tx, incident_id: UUID) -> Assignment | None:
    """The order about an incident that has not ended; there is at most one."""
    query = select(assignments).where(assignments.c.incident_id == incident_id, assignments.c.ended_at.is_(None))
    row = tx.conn.execute(query.order_by(assignments.c.assignment_id.desc()).limit(1)).one_or_none()
    return _assignment(row) if row is not None else None


def of_incident(tx: Tx, incident_id: UUID) -> Sequence[Assignment]:
    """All orders about an incident, oldest first."""
    return of_incidents(tx, [incident_id]).get(incident_id, ())


def of_incidents(tx: Tx, incident_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Assignment]]:
    """All orders about these incidents, oldest first; an incident without one is missing."""
    query = select(assignments).where(assignments.c.incident_id.in_(incident_ids))
    found: dict[UUID, list[Assignment]] = {}
    for row in tx.conn.execute(query.order_by(assignments.c.assignment_id)):
        found.setdefault(row.incident_id, []).append(_assignment(row))
    return found


def end(tx: Tx, incident_id: UUID, at: datetime, outcome: Outcome) -> None:
    """The running order about an incident ends; none is no error."""
    tx.conn.execute(
        update(assignments)
        .where(assignments.c.incident_id == incident_id, assignments.c.ended_at.is_(None))
        .values(ended_at=at, outcome=outcome.value, next_at=None)
    )


def due(tx: Tx, now: datetime, limit: int) -> tuple[Assignment, ...]:
    """Orders nobody has taken, with something to tell; the longest overdue first."""
    query = select(assignments).where(assignments.c.site_id == tx.site_id, assignments.c.next_at <= now)
    return tuple(_assignment(row) for row in tx.conn.execute(query.order_by(assignments.c.next_at).limit(limit)))


def untaken(tx: Tx) -> tuple[Assignment, ...]:
    """Every order nobody has taken."""
    query = select(assignments).where(assignments.c.site_id == tx.site_id, assignments.c.next_at.is_not(None))
    return tuple(_assignment(row) for row in tx.conn.execute(query))


def loads(tx: Tx, usernames: Collection[str]) -> Mapping[str, int]:
    """How many running orders each of these people has."""
    query = (
        select(assignments.c.username, func.count())
        .where(
            assignments.c.site_id == tx.site_id,
            assignments.c.username.in_(usernames),
            assignments.c.ended_at.is_(None),
        )
        .group_by(assignments.c.username)
    )
    counted = {row[0]: row[1] for row in tx.conn.execute(query)}
    return {username: counted.get(username, 0) for username in usernames}


def last_arrival(tx: Tx, username: str, since: datetime) -> UUID | None:
    """The incident they were at last, where that was not too long ago."""
    query = (
        select(assignments.c.incident_id)
        .where(
            assignments.c.site_id == tx.site_id,
            assignments.c.username == username,
            assignments.c.arrived_at >= since,
        )
        .order_by(assignments.c.arrived_at.desc())
        .limit(1)
    )
    found: UUID | None = tx.conn.scalar(query)
    return found


_PLAIN = (
    "assignment_id",
    "incident_id",
    "username",
    "by",
    "note",
    "ordered_at",
    "taken_at",
    "arrived_at",
    "ended_at",
)


def _assignment(row: Any) -> Assignment:
    given = {name: getattr(row, name) for name in _PLAIN}
    clock = from_json(OrderClock, row.clock) if row.clock is not None else None
    return Assignment(**given, because=build(Text, row.because), outcome=Outcome(row.outcome), clock=clock)
