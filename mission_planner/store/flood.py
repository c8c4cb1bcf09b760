"""The flood of alarms as it stands, one row for a site."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from mission_planner.incidents.flood import Flood
from mission_planner.store.body import body_of, from_body
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import floods
from mission_planner.store.sql import upsert

_NAME = "flood"


def get(tx: Tx) -> Flood:
    """As it was kept last; calm where it never was."""
    return tx.memory.of(_NAME, partial(_read, tx))


def put(tx: Tx, flood: Flood) -> None:
    """Keep it."""
    tx.memory.keep(_NAME, flood)
    if tx.gathering is not None:
        tx.gathering.upsert_later(floods, (tx.site_id,), partial(_columns, tx.site_id, flood))
    else:
        upsert(tx, floods, _columns(tx.site_id, flood))


def _columns(site_id: str, flood: Flood) -> dict[str, str]:
    return {"site_id": site_id, "body": body_of(flood)}


def _read(tx: Tx) -> Flood:
    body = tx.conn.scalar(select(floods.c.body).where(floods.c.site_id == tx.site_id))
    return from_body(Flood, body) if body is not None else Flood()
