"""Logging in, being logged in, logging out: passwords, throttle, sessions and audit put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from mission_planner.people import accounts, audit, sessions
from mission_planner.people.accounts import Account, normal_username
from mission_planner.people.passwords import MAX_CHARS, Passwords, check_new, made_up
from mission_planner.people.roles import Role
from mission_planner.people.sessions import Session
from mission_planner.people.throttle import LoginThrottle, Throttled
from mission_planner.store.protocol import Store, Tx
from patrol_core.errors import InvalidInput, NotAuthenticated

log = logging.getLogger(__name__)

ADMIN = "admin"
_AT_ONCE = 2  # passwords being hashed: 64 MiB and a core each
_WAITING = 32  # logins that wait for that; more are told to come again


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """What a login gives."""

    token: str  # for the cookie; kept nowhere
    account: Account


class Login:
    """The door.

    Args:
        wall: UTC wall time; sessions do not follow site time.
    """

    def __init__(
        self, store: Store, *, passwords: Passwords, throttle: LoginThrottle, wall: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._throttle = throttle
        self._wall = wall
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._queued = 0

    async def first_account(self, given: str | None) -> str | None:
        """Make `admin` at the first start; the password that was made up for it, to be printed once, or None.

        Args:
            given: the password that the machine's owner set in the environment, if any. It holds at every start: it
                is also the way back in for one who forgot. Where it differs, the old sessions of `admin` end.

        Raises:
            InvalidInput: the given one is too long.
        """
        if given and len(given) > MAX_CHARS:
            raise InvalidInput(
                f"expected at most {MAX_CHARS} characters; came {len(given)}", where="RONDA_ADMIN_PASSWORD"
            )
        kept = await self._store.read(lambda tx: accounts.password_hash(tx, ADMIN))
        if kept is not None:
            if given and not await self._matches(kept, given):
                await self._set_password(ADMIN, given, by="system", why="RONDA_ADMIN_PASSWORD differs")
                log.warning("the password of %s was set to RONDA_ADMIN_PASSWORD", ADMIN)
            return None
        password = given or made_up()
        hashed = await asyncio.to_thread(self._passwords.hash, password)

        def make(tx: Tx) -> None:
            now = self._wall()
            accounts.create(
                tx, username=ADMIN, display_name="Administrator", password_hash=hashed, roles=[Role.ADMIN], now=now
            )
            audit.record(tx, now=now, who="system", action="account.create", target=ADMIN)

        await self._store.write(make, vital=True)
        return None if given else password

    async def log_in(self, username: str, password: str, *, peer: str) -> LoggedIn:
        """A new session.

        Args:
            peer: address of the browser, without port.

        Raises:
            NotAuthenticated: the name or the password is wrong, or the account is disabled; it does not say which.
            Throttled: too many wrong ones.
        """
        try:
            name = normal_username(username)
        except InvalidInput:
            name = ""  # nobody's; costs what a wrong password costs
        self._throttle.attempt(name, peer)
        account, kept = await self._store.read(lambda tx: (accounts.find(tx, name), accounts.password_hash(tx, name)))
        right = await self._matches(kept, password)
        if not right or account is None or account.disabled:
            who = name if account is not None else "?"  # people type passwords into the wrong field
            await self._store.write(
                lambda tx: audit.record(tx, now=self._wall(), who=who, action="session.refused", detail=f"from {peer}")
            )
            raise NotAuthenticated("the user name or the password is wrong")
        self._throttle.right(name, peer)
        fresh = await self._fresh_hash(kept or "", password)

        def begin(tx: Tx) -> str:
            now = self._wall()
            sessions.sweep(tx, now=now)
            if fresh is not None:
                accounts.renew_hash(tx, name, old=kept or "", new=fresh)
            audit.record(tx, now=now, who=name, action="session.begin", detail=f"from {peer}")
            return sessions.begin(tx, name, now=now)

        return LoggedIn(token=await self._store.write(begin, vital=True), account=account)

    async def session(self, token: str | None) -> Session:
        """The session of a cookie.

        Raises:
            NotAuthenticated: none, unknown, or over.
        """
        found = None
        if token:
            found = await self._store.read(lambda tx: sessions.find(tx, token, now=self._wall()))
        if found is None:
            raise NotAuthenticated("log in first")
        now = self._wall()
        if found.use_is_due(now):
            await self._store.write(lambda tx: sessions.used(tx, found, now=now), vital=True)
        return found

    async def log_out(self, session: Session) -> None:
        """End this session."""

        def end(tx: Tx) -> None:
            sessions.end(tx, session.token_hash)
            audit.record(tx, now=self._wall(), who=session.account.username, action="session.end")

        await self._store.write(end)

    async def change_password(self, session: Session, *, old: str, new: str, peer: str) -> None:
        """Replace one's own password; one's other sessions end.

        Raises:
            InvalidInput: the new one is too easy.
            NotAuthenticated: the old one is wrong.
            Throttled: too many wrong ones.
        """
        name = session.account.username
        check_new(new, username=name)
        self._throttle.attempt(name, peer)
        if not await self._matches(await self._store.read(lambda tx: accounts.password_hash(tx, name)), old):
            raise NotAuthenticated("the old password is wrong")
        self._throttle.right(name, peer)
        await self._set_password(name, new, by=name, why="", keep_session=session.token_hash)

    async def hash_for(self, username: str, password: str) -> str:
        """What is kept of a password that an admin gives.

        Raises:
            InvalidInput: it is too easy.
            Throttled: too many are being hashed.
        """
        check_new(password, username=username)
        async with self._turn():
            return await asyncio.to_thread(self._passwords.hash, password)

    async def _set_password(self, name: str, new: str, *, by: str, why: str, keep_session: str | None = None) -> None:
        hashed = await asyncio.to_thread(self._passwords.hash, new)

        def change(tx: Tx) -> None:
            accounts.set_password(tx, name, hashed, keep_session=keep_session)
            audit.record(tx, now=self._wall(), who=by, action="account.password", target=name, detail=why)

        await self._store.write(change)

    async def _fresh_hash(self, kept: str, password: str) -> str | None:
        if not self._passwords.outdated(kept):
            return None
        return await asyncio.to_thread(self._passwords.hash, password)

    async def _matches(self, kept: str | None, password: str) -> bool:
        async with self._turn():
            return await asyncio.to_thread(self._passwords.matches, kept, password)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Hashing costs a core and 64 MiB: few at once, and not too many that wait."""
        if self._queued >= _WAITING:
            raise Throttled(1)
        self._queued += 1
        try:
            async with self._hashing:
                yield
        finally:
            self._queued -= 1
