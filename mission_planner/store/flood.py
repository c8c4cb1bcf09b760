"""The flood of alarms as it stands, one row for a site."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from mission_planner.incidents.flood import Flood
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import floods
from mission_planner.store.sql import upsert
from patrol_core.codec import from_json, to_json

_NAME = "flood"


def get(tx: Tx) -> Flood:
    """As it was kept last; calm where it never was."""
    return tx.memory.of(_NAME, partial(_read, tx))


def put(tx: Tx, flood: Flood) -> None:
    """Keep it."""
    tx.memory.keep(_NAME, flood)
    upsert(tx, floods, {"site_id": tx.site_id, "body": to_json(flood)})


def _read(tx: Tx) -> Flood:
    body = tx.conn.scalar(select(floods.c.body).where(floods.c.site_id == tx.site_id))
    return from_json(Flood, body) if body is not None else Flood()
