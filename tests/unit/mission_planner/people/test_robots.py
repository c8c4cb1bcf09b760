"""Robots' tokens: private files, known by their hash, repaired at the next start."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mission_planner.people import robots
from mission_planner.store import schema
from patrol_core.errors import NotAuthenticated

Do = Callable[[Callable[..., Any]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "enroll"


def test_each_robot_gets_a_token_that_only_its_user_reads(do: Do, folder: Path) -> None:
    assert do(lambda tx: robots.enroll(tx, ["r1", "r2"], folder)) == ("r1", "r2")
    for robot_id in ("r1", "r2"):
        path = folder / f"{robot_id}.token"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        token = path.read_text().strip()
        assert do(lambda tx, token=token: robots.verify(tx, token)) == robot_id
        assert token not in str(do(lambda tx: tx.conn.execute(select(schema.robot_tokens)).all()))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_next_start_leaves_them(do: Do, folder: Path) -> None:
    do(lambda tx: robots.enroll(tx, ["r1"], folder))
    before = (folder / "r1.token").read_text()
    assert do(lambda tx: robots.enroll(tx, ["r1", "r2"], folder)) == ("r2",)
    assert (folder / "r1.token").read_text() == before


@pytest.mark.parametrize("damage", ["missing", "empty", "foreign", "binary"])
def test_a_damaged_file_is_replaced_and_the_old_token_ends(do: Do, folder: Path, damage: str) -> None:
    do(lambda tx: robots.enroll(tx, ["r1"], folder))
    path = folder / "r1.token"
    old = path.read_text().strip()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "foreign": b"x" * 43, "binary": b"\xff\xfe"}[damage])
    assert do(lambda tx: robots.enroll(tx, ["r1"], folder)) == ("r1",)
    assert do(lambda tx: robots.verify(tx, path.read_text().strip())) == "r1"
    with pytest.raises(NotAuthenticated):
        do(lambda tx: robots.verify(tx, old))


def test_a_file_that_others_could_read_is_closed(do: Do, folder: Path) -> None:
    do(lambda tx: robots.enroll(tx, ["r1"], folder))
    (folder / "r1.token").chmod(0o644)
    do(lambda tx: robots.enroll(tx, ["r1"], folder))
    assert stat.S_IMODE((folder / "r1.token").stat().st_mode) == 0o600


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_other_tokens_are_nobodys(do: Do, folder: Path, token: str) -> None:
    do(lambda tx: robots.enroll(tx, ["r1"], folder))
    with pytest.raises(NotAuthenticated, match="enrolled robot"):
        do(lambda tx: robots.verify(tx, token))
