"""Server sessions: a random token for the browser, its SHA-256 here, two ends of life, both on wall time.

A session ends 12 h after it began, or 2 h after it was last used, whichever comes first. Its use is written at most
once a minute, so a session may end up to a minute early, never late. A machine clock set back by more than 5 minutes
ends sessions rather than lengthening them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from mission_planner.people import accounts
from mission_planner.people.accounts import Account
from mission_planner.store import schema
from mission_planner.store.protocol import Tx

LIFE = timedelta(hours=12)
IDLE = timedelta(hours=2)
WRITE_USE_EVERY = timedelta(minutes=1)
CLOCK_SET_BACK = timedelta(minutes=5)
PER_ACCOUNT = 20  # the least recently used one ends when another begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is logged in. The token itself is nowhere here."""

    token_hash: str  # SHA-256 hex
    account: Account
    created_at: datetime  # UTC wall, as are the next two
    expires_at: datetime
    last_used_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends if it is not used again: long connections (the event stream) end then."""
        return min(self.expires_at, self.last_used_at + IDLE)

    def alive(self, now: datetime) -> bool:
        """Whether it counts at `now` (UTC wall)."""
        return now < self.ends_at and now > self.last_used_at - CLOCK_SET_BACK and not self.account.disabled

    def use_is_due(self, now: datetime) -> bool:
        """Whether `used` should be called."""
        return now - self.last_used_at >= WRITE_USE_EVERY


def hash_of(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(tx: Tx, username: str, *, now: datetime) -> str:
    """A new session of an existing account; the token for the cookie."""
    token = secrets.token_urlsafe(32)
    s = schema.sessions
    kept = select(s.c.token_hash).where(s.c.username == username).order_by(s.c.last_used_at.desc())
    for oldest in tx.conn.scalars(kept.offset(PER_ACCOUNT - 1)).all():
        tx.conn.execute(delete(s).where(s.c.token_hash == oldest))
    tx.conn.execute(
        insert(s).values(
            token_hash=hash_of(token), username=username, created_at=now, expires_at=now + LIFE, last_used_at=now
        )
    )
    return token


def find(tx: Tx, token: str, *, now: datetime) -> Session | None:
    """The living session of a token, or None: unknown, over, or its account is disabled."""
    s = schema.sessions
    row = tx.conn.execute(select(s).where(s.c.token_hash == hash_of(token))).one_or_none()
    account = accounts.find(tx, row.username) if row is not None else None
    if row is None or account is None:
        return None
    session = _session(row, account)
    return session if session.alive(now) else None


def alive(tx: Tx, token_hashes: Iterable[str], *, now: datetime) -> set[str]:
    """Those of the hashes whose session still counts."""
    s = schema.sessions
    rows = tx.conn.execute(select(s).where(s.c.token_hash.in_(list(token_hashes)))).all()
    living = set()
    for row in rows:
        account = accounts.find(tx, row.username)
        if account is not None and _session(row, account).alive(now):
            living.add(row.token_hash)
    return living


def used(tx: Tx, session: Session, *, now: datetime) -> None:
    """Write that it was used now."""
    s = schema.sessions
    tx.conn.execute(update(s).where(s.c.token_hash == session.token_hash).values(last_used_at=now))


def end(tx: Tx, token_hash: str) -> None:
    """Log out. An unknown one is no error."""
    tx.conn.execute(delete(schema.sessions).where(schema.sessions.c.token_hash == token_hash))


def sweep(tx: Tx, *, now: datetime) -> int:
    """Forget the sessions that are over; how many."""
    s = schema.sessions
    over = (s.c.expires_at <= now) | (s.c.last_used_at <= now - IDLE)
    return tx.conn.execute(delete(s).where(over)).rowcount


def _session(row: Row[Any], account: Account) -> Session:
    return Session(
        token_hash=row.token_hash,
        account=account,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
