"""Patrols, and the record of every run that happened or should have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import patrols, runs
from mission_planner.store.sql import Page, page_of, upsert
from patrol_core.codec import build, plain
from patrol_core.errors import NotFound
from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Patrol:
    """What is to be looked at, when, and by whom."""

    patrol_id: UUID
    name: str
    robot_ids: tuple[str, ...]  # empty: any able robot
    viewpoint_ids: tuple[str, ...]
    rrule: str  # RFC 5545
    starts_at: str  # local ISO 8601 without offset, in `timezone`
    timezone: str  # IANA
    enabled: bool
    missed: str  # skip, once, all
    overlap: str  # skip, queue
    robots_wanted: int
    settled_until: datetime  # UTC; occurrences up to here have their record
    queued_due_at: datetime | None = None  # a run that waits for the one before it
    because: Text | None = None  # what stands in its way now


class RunState(StrEnum):
    """How a run went."""

    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"  # by policy
    FAILED = "failed"  # it should have happened and could not


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One occurrence of a patrol, whether it happened or not."""

    run_id: UUID
    patrol_id: UUID
    due_at: datetime  # UTC site time, as is the next
    started_at: datetime | None
    state: RunState
    because: Text | None
    by: str | None = None  # account that started it by hand


def put(tx: Tx, patrol: Patrol) -> None:
    """Insert or overwrite."""
    values = {name: getattr(patrol, name) for name in Patrol.__dataclass_fields__}
    lists = {"robot_ids": list(patrol.robot_ids), "viewpoint_ids": list(patrol.viewpoint_ids)}
    upsert(tx, patrols, {**values, **lists, "because": plain(patrol.because), "site_id": tx.site_id})


def get(tx: Tx, patrol_id: UUID) -> Patrol:
    """Raises NotFound."""
    row = tx.conn.execute(select(patrols).where(patrols.c.patrol_id == patrol_id)).one_or_none()
    if row is None:
        raise NotFound("patrol", patrol_id)
    return _patrol(row)


def remove(tx: Tx, patrol_id: UUID) -> None:
    """Forget a patrol; its runs stay."""
    tx.conn.execute(delete(patrols).where(patrols.c.patrol_id == patrol_id))


def everything(tx: Tx) -> tuple[Patrol, ...]:
    """Every patrol of the site, oldest first."""
    query = select(patrols).where(patrols.c.site_id == tx.site_id).order_by(patrols.c.patrol_id)
    return tuple(_patrol(r) for r in tx.conn.execute(query))


def listed(tx: Tx, *, limit: int, after: UUID | None) -> Page[Patrol]:
    """Patrols, oldest first."""
    query = select(patrols).where(patrols.c.site_id == tx.site_id)
    if after is not None:
        query = query.where(patrols.c.patrol_id > after)
    rows = tx.conn.execute(query.order_by(patrols.c.patrol_id).limit(limit + 1)).all()
    return page_of([_patrol(r) for r in rows], limit, lambda p: p.patrol_id)


def add_run(tx: Tx, run: Run) -> None:
    """Write a record."""
    tx.conn.execute(
        insert(runs).values(
            run_id=run.run_id,
            site_id=tx.site_id,
            patrol_id=run.patrol_id,
            due_at=run.due_at,
            started_at=run.started_at,
            state=run.state.value,
            because=plain(run.because),
            by=run.by,
        )
    )


def end_run(tx: Tx, run_id: UUID, state: RunState, because: Text | None) -> None:
    """Say how a run went."""
    tx.conn.execute(update(runs).where(runs.c.run_id == run_id).values(state=state.value, because=plain(because)))


def get_run(tx: Tx, run_id: UUID) -> Run:
    """Raises NotFound."""
    row = tx.conn.execute(select(runs).where(runs.c.run_id == run_id)).one_or_none()
    if row is None:
        raise NotFound("run", run_id)
    return _run(row)


def runs_of(tx: Tx, patrol_id: UUID, *, limit: int, after: UUID | None) -> Page[Run]:
    """Runs of a patrol, newest first."""
    query = select(runs).where(runs.c.patrol_id == patrol_id)
    if after is not None:
        query = query.where(runs.c.run_id < after)
    rows = tx.conn.execute(query.order_by(runs.c.run_id.desc()).limit(limit + 1)).all()
    return page_of([_run(r) for r in rows], limit, lambda r: r.run_id)


def running(tx: Tx, patrol_id: UUID) -> Run | None:
    """The run of this patrol that has started and not ended."""
    query = select(runs).where(runs.c.patrol_id == patrol_id, runs.c.state == RunState.STARTED.value)
    row = tx.conn.execute(query.order_by(runs.c.run_id.desc()).limit(1)).one_or_none()
    return _run(row) if row is not None else None


def last_runs(tx: Tx, patrol_ids: Sequence[UUID]) -> dict[UUID, Run]:
    """The newest run of each patrol."""
    found: dict[UUID, Run] = {}
    for patrol_id in patrol_ids:
        page = runs_of(tx, patrol_id, limit=1, after=None)
        if page.items:
            found[patrol_id] = page.items[0]
    return found


def _patrol(row: Any) -> Patrol:
    values = {name: getattr(row, name) for name in Patrol.__dataclass_fields__}
    return Patrol(
        **{
            **values,
            "robot_ids": tuple(row.robot_ids),
            "viewpoint_ids": tuple(row.viewpoint_ids),
            "because": build(Text, row.because) if row.because else None,
        }
    )


def _run(row: Any) -> Run:
    return Run(
        run_id=row.run_id,
        patrol_id=row.patrol_id,
        due_at=row.due_at,
        started_at=row.started_at,
        state=RunState(row.state),
        because=build(Text, row.because) if row.because else None,
        by=row.by,
    )
