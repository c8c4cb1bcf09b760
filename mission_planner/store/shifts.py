"""The duty roster: who is on duty in which role, from when to when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from mission_planner.people.roles import Role
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import accounts, shifts
from mission_planner.store.sql import upsert

MOST = 2_000  # shifts in one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person, on duty once."""

    shift_id: UUID
    username: str
    role: Role
    starts_at: datetime  # UTC site time, as is the next
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A shift with the name of who has it."""

    shift: Shift
    display_name: str


def put(tx: Tx, shift: Shift) -> None:
    """Insert or overwrite."""
    upsert(
        tx,
        shifts,
        {
            "shift_id": shift.shift_id,
            "site_id": tx.site_id,
            "username": shift.username,
            "role": shift.role.value,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
        },
    )


def find(tx: Tx, shift_id: UUID) -> Shift | None:
    """The shift, or None."""
    row = tx.conn.execute(
        select(shifts).where(shifts.c.site_id == tx.site_id, shifts.c.shift_id == shift_id)
    ).one_or_none()
    return _shift(row) if row is not None else None


def remove(tx: Tx, shift_id: UUID) -> None:
    """Forget it; an unknown one is no error."""
    tx.conn.execute(delete(shifts).where(shifts.c.site_id == tx.site_id, shifts.c.shift_id == shift_id))


def of_person(tx: Tx, username: str, begin: datetime, end: datetime) -> tuple[Shift, ...]:
    """Their shifts that touch a span of time, the earliest first."""
    query = _touching(tx, begin, end).where(shifts.c.username == username)
    return tuple(_shift(row) for row in tx.conn.execute(query))


def between(tx: Tx, begin: datetime, end: datetime) -> tuple[OnDuty, ...]:
    """Everybody's shifts that touch a span of time, the earliest first; at most `MOST`."""
    return tuple(_on_duty(row) for row in tx.conn.execute(_touching(tx, begin, end).limit(MOST)))


def at(tx: Tx, moment: datetime, roles: Collection[Role] = tuple(Role)) -> tuple[OnDuty, ...]:
    """Who is on duty at a moment in one of these roles, and may log in; by name."""
    query = _select(tx).where(
        shifts.c.starts_at <= moment,
        shifts.c.ends_at > moment,
        shifts.c.role.in_([role.value for role in roles]),
        accounts.c.disabled.is_(False),
    )
    return tuple(_on_duty(row) for row in tx.conn.execute(query.order_by(shifts.c.username)))


def _select(tx: Tx) -> Any:
    joined = shifts.join(accounts, accounts.c.username == shifts.c.username)
    return select(shifts, accounts.c.display_name).select_from(joined).where(shifts.c.site_id == tx.site_id)


def _touching(tx: Tx, begin: datetime, end: datetime) -> Any:
    query = _select(tx).where(shifts.c.starts_at < end, shifts.c.ends_at > begin)
    return query.order_by(shifts.c.starts_at, shifts.c.username)


def _on_duty(row: Any) -> OnDuty:
    return OnDuty(shift=_shift(row), display_name=row.display_name)


def _shift(row: Any) -> Shift:
    return Shift(
        shift_id=row.shift_id,
        username=row.username,
        role=Role(row.role),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
