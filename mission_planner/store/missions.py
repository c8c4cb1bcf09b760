"""Missions and their ledgers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import ledger, missions
from mission_planner.store.sql import Page, insert_new, page_of, upsert
from patrol_core.codec import build, from_json, plain, to_json
from patrol_core.errors import NotFound
from patrol_core.mission import LedgerEntry, Mission, MissionKind, MissionState
from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionRow:
    """A mission with what the center knows about it beyond the core type."""

    mission: Mission  # with its ledger
    patrol_id: UUID | None
    run_id: UUID | None
    ordered_at: datetime  # UTC site time, as are the next two
    started_at: datetime | None
    ended_at: datetime | None
    order_epoch: int  # of the newest order about it
    start_epoch: int  # of the newest order that starts it
    chosen_because: Text

    @property
    def mission_id(self) -> UUID:
        return self.mission.mission_id


def get(tx: Tx, mission_id: UUID) -> MissionRow:
    """Raises NotFound."""
    found = find(tx, mission_id)
    if found is None:
        raise NotFound("mission", mission_id)
    return found


def find(tx: Tx, mission_id: UUID) -> MissionRow | None:
    """The mission, or None."""
    rows = _rows(tx, select(missions).where(missions.c.mission_id == mission_id))
    return rows[0] if rows else None


def put(tx: Tx, row: MissionRow) -> None:
    """Insert or overwrite; the ledger has its own function."""
    mission = row.mission
    upsert(
        tx,
        missions,
        {
            "mission_id": mission.mission_id,
            "site_id": tx.site_id,
            "kind": mission.kind.value,
            "robot_id": mission.robot_id,
            "state": mission.state.value,
            "active": not mission.state.ended,
            "patrol_id": row.patrol_id,
            "run_id": row.run_id,
            "incident_id": mission.incident_id,
            "ordered_at": row.ordered_at,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "order_epoch": row.order_epoch,
            "start_epoch": row.start_epoch,
            "chosen_because": plain(row.chosen_because),
            "body": to_json(replace(mission, ledger={})),
        },
    )


def add_entry(tx: Tx, entry: LedgerEntry) -> bool:
    """Put an entry in the ledger; False when the checkpoint has one: the first counts."""
    row = {
        "mission_id": entry.mission_id,
        "checkpoint_id": entry.checkpoint_id,
        "report_id": entry.report_id,
        "robot_id": entry.robot_id,
        "outcome": entry.outcome.value,
        "at": entry.at,
        "body": to_json(entry),
    }
    return insert_new(tx, ledger, row)


def active(tx: Tx, robot_id: str | None = None) -> tuple[MissionRow, ...]:
    """Missions that have not ended, oldest first."""
    query = select(missions).where(missions.c.site_id == tx.site_id, missions.c.active)
    if robot_id is not None:
        query = query.where(missions.c.robot_id == robot_id)
    return _rows(tx, query.order_by(missions.c.mission_id))


def active_count(tx: Tx) -> int:
    """How many have not ended."""
    return tx.conn.scalar(select(func.count()).where(missions.c.site_id == tx.site_id, missions.c.active)) or 0


def of_run(tx: Tx, run_id: UUID) -> tuple[MissionRow, ...]:
    """The missions of one run, oldest first."""
    return _rows(tx, select(missions).where(missions.c.run_id == run_id).order_by(missions.c.mission_id))


def ids_of_runs(tx: Tx, run_ids: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, ...]]:
    """Mission ids of each run."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = tx.conn.execute(
        select(missions.c.run_id, missions.c.mission_id)
        .where(missions.c.run_id.in_(run_ids))
        .order_by(missions.c.mission_id)
    )
    for run_id, mission_id in rows:
        found[run_id].append(mission_id)
    return {run_id: tuple(ids) for run_id, ids in found.items()}


def newest(
    tx: Tx,
    *,
    states: Sequence[MissionState],
    kinds: Sequence[MissionKind],
    robot_id: str | None,
    patrol_id: UUID | None,
    only_active: bool,
    limit: int,
    after: UUID | None,
) -> Page[MissionRow]:
    """Missions, newest first; an empty filter lets everything through."""
    query = select(missions).where(missions.c.site_id == tx.site_id)
    if states:
        query = query.where(missions.c.state.in_([s.value for s in states]))
    if kinds:
        query = query.where(missions.c.kind.in_([k.value for k in kinds]))
    if robot_id is not None:
        query = query.where(missions.c.robot_id == robot_id)
    if patrol_id is not None:
        query = query.where(missions.c.patrol_id == patrol_id)
    if only_active:
        query = query.where(missions.c.active)
    if after is not None:
        query = query.where(missions.c.mission_id < after)
    rows = _rows(tx, query.order_by(missions.c.mission_id.desc()).limit(limit + 1))
    return page_of(rows, limit, lambda r: r.mission_id)


def _rows(tx: Tx, query: Any) -> tuple[MissionRow, ...]:
    found = tx.conn.execute(query).all()
    ledgers: dict[UUID, dict[str, LedgerEntry]] = defaultdict(dict)
    wanted = [row.mission_id for row in found]
    for row in tx.conn.execute(select(ledger).where(ledger.c.mission_id.in_(wanted)).order_by(ledger.c.at)):
        ledgers[row.mission_id][row.checkpoint_id] = from_json(LedgerEntry, row.body)
    return tuple(
        MissionRow(
            mission=replace(from_json(Mission, row.body), ledger=ledgers[row.mission_id]),
            patrol_id=row.patrol_id,
            run_id=row.run_id,
            ordered_at=row.ordered_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
            order_epoch=row.order_epoch,
            start_epoch=row.start_epoch,
            chosen_because=build(Text, row.chosen_because),
        )
        for row in found
    )
