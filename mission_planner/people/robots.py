"""The robots' own credentials: a bearer token each, in a file only their user can read; its SHA-256 in the store."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from mission_planner.people.sessions import hash_of
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import robot_tokens
from mission_planner.store.sql import upsert
from patrol_core.errors import NotAuthenticated


def enroll(tx: Tx, robot_ids: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Give each robot a token file `<folder>/<robot_id>.token` (mode 0600) and remember its hash.

    A file whose token is known is left as it is. A missing, empty or foreign one is replaced, and the robot's old token
    ends; a start that died between file and commit is repaired so by the next.

    Returns:
        The robots that got a new token.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = []
    for robot_id in robot_ids:
        path = folder / f"{robot_id}.token"
        known = tx.conn.scalar(
            select(robot_tokens.c.token_hash).where(
                robot_tokens.c.site_id == tx.site_id, robot_tokens.c.robot_id == robot_id
            )
        )
        try:
            token = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            token = ""
        if token and known == hash_of(token):
            path.chmod(0o600)
            continue
        token = secrets.token_urlsafe(32)
        _write_private(path, token + "\n")
        upsert(tx, robot_tokens, {"site_id": tx.site_id, "robot_id": robot_id, "token_hash": hash_of(token)})
        new.append(robot_id)
    return tuple(new)


def verify(tx: Tx, token: str) -> str:
    """The robot of a token.

    Raises:
        NotAuthenticated: nobody's.
    """
    query = select(robot_tokens.c.robot_id).where(
        robot_tokens.c.site_id == tx.site_id, robot_tokens.c.token_hash == hash_of(token)
    )
    robot_id = tx.conn.scalar(query)
    if robot_id is None:
        raise NotAuthenticated("expected the token of an enrolled robot; came another")
    return str(robot_id)


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
