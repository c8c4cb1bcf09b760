"""What each account was told in the console, and whether it has read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from mission_planner.store import notices
from mission_planner.store.notices import Notice
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import account_notices
from mission_planner.store.schema import notices as log
from mission_planner.store.sql import Page, insert_all_new

KEPT = 500  # of each account; the oldest make room, whether they were read or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A telling in somebody's hands."""

    notice: Notice
    read: bool


def deliver(tx: Tx, given: Mapping[int, Sequence[str]]) -> set[int]:
    """Give each telling to these accounts; which tellings reached somebody who did not have them yet."""
    if not given:
        return set()
    mine = account_notices.c.seq.between(min(given), max(given))
    there = {(row.seq, row.username) for row in tx.conn.execute(select(account_notices).where(mine))}
    wanted = [(seq, username) for seq, usernames in given.items() for username in usernames]
    new = [pair for pair in wanted if pair not in there]
    rows = [{"username": username, "seq": seq, "site_id": tx.site_id, "read": False} for seq, username in new]
    insert_all_new(tx, account_notices, rows)
    return {seq for seq, _ in new}


def of_account(tx: Tx, username: str, *, unread: bool, limit: int, after: int | None) -> Page[Delivered]:
    """What an account was told, newest first."""
    query = (
        select(log, account_notices.c.read)
        .join(account_notices, account_notices.c.seq == log.c.seq)
        .where(account_notices.c.site_id == tx.site_id, account_notices.c.username == username)
        .order_by(account_notices.c.seq.desc())
        .limit(limit + 1)
    )
    if unread:
        query = query.where(account_notices.c.read.is_(False))
    if after is not None:
        query = query.where(account_notices.c.seq < after)
    rows = [Delivered(notice=notices.notice_of(row), read=row.read) for row in tx.conn.execute(query)]
    return Page(items=tuple(rows[:limit]), next=str(rows[limit - 1].notice.seq) if len(rows) > limit else None)


def unread_count(tx: Tx, username: str) -> int:
    """How many an account has not read."""
    query = select(func.count()).where(
        account_notices.c.site_id == tx.site_id,
        account_notices.c.username == username,
        account_notices.c.read.is_(False),
    )
    return tx.conn.scalar(query) or 0


def read_up_to(tx: Tx, username: str, seq: int) -> None:
    """The account has read everything up to here."""
    tx.conn.execute(
        update(account_notices)
        .where(
            account_notices.c.site_id == tx.site_id,
            account_notices.c.username == username,
            account_notices.c.read.is_(False),
            account_notices.c.seq <= seq,
        )
        .values(read=True)
    )


def prune(tx: Tx, usernames: Collection[str], kept: int = KEPT) -> None:
    """Forget what is older than the newest `kept` of each account."""
    for username in usernames:
        mine = account_notices.c.username == username
        newest = select(account_notices.c.seq).where(mine).order_by(account_notices.c.seq.desc())
        oldest_kept = tx.conn.scalar(newest.offset(kept - 1).limit(1))
        if oldest_kept is not None:
            tx.conn.execute(delete(account_notices).where(mine, account_notices.c.seq < oldest_kept))
