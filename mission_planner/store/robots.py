"""What each robot last said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import robots
from mission_planner.store.sql import upsert
from patrol_core.codec import from_json, to_json
from patrol_core.robot import RobotState


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    """The newest state a robot sent, and when the center heard it."""

    state: RobotState
    heard_at: datetime  # UTC site time


def all_last_words(tx: Tx) -> Mapping[str, LastWord]:
    """By robot; robots that never spoke are missing."""
    rows = tx.conn.execute(select(robots).where(robots.c.site_id == tx.site_id))
    return {
        r.robot_id: LastWord(state=from_json(RobotState, r.state), heard_at=r.last_seen_at)
        for r in rows
        if r.state is not None and r.last_seen_at is not None
    }


def put_last_word(tx: Tx, word: LastWord) -> None:
    """Insert or overwrite."""
    upsert(
        tx,
        robots,
        {
            "site_id": tx.site_id,
            "robot_id": word.state.robot_id,
            "last_seen_at": word.heard_at,
            "state": to_json(word.state),
        },
    )
