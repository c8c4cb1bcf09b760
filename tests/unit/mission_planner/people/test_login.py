"""The door as a whole, on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from mission_planner.people import accounts
from mission_planner.people.login import Login
from mission_planner.people.passwords import Passwords
from mission_planner.people.roles import Role
from mission_planner.people.throttle import LoginThrottle, Throttled
from mission_planner.store import schema
from mission_planner.store.sqlite import SqliteStore
from patrol_core.clock import ManualClock
from patrol_core.errors import InvalidInput, NotAuthenticated

pytestmark = pytest.mark.anyio
Do = Callable[[Callable[..., Any]], Any]
PEER = "10.0.0.1"


async def audited(store: SqliteStore) -> list[tuple[str, str]]:
    return await store.read(
        lambda tx: [(r.who, r.action) for r in tx.conn.execute(select(schema.audit).order_by(schema.audit.c.id))]
    )


async def test_the_first_start_makes_admin_and_says_its_password_once(login: Login) -> None:
    password = await login.first_account(None)
    assert password is not None
    assert await login.first_account(None) is None
    account = (await login.log_in("admin", password, peer=PEER)).account
    assert account.roles == {Role.ADMIN}


async def test_a_given_password_is_used_and_not_said(login: Login) -> None:
    assert await login.first_account("x") is None, "short, but the machine's owner chose it"
    await login.log_in("admin", "x", peer=PEER)


async def test_a_given_password_holds_at_every_start_and_ends_old_sessions(login: Login, store: SqliteStore) -> None:
    await login.first_account("first password")
    token = (await login.log_in("admin", "first password", peer=PEER)).token
    await login.first_account("first password")
    await login.session(token)
    await login.first_account("second password")
    with pytest.raises(NotAuthenticated):
        await login.session(token)
    await login.log_in("admin", "second password", peer=PEER)
    assert ("system", "account.password") in await audited(store)


async def test_a_given_password_that_is_too_long_is_refused(login: Login) -> None:
    with pytest.raises(InvalidInput, match="RONDA_ADMIN_PASSWORD: expected at most 256"):
        await login.first_account("x" * 257)


async def test_from_login_to_logout(login: Login, store: SqliteStore) -> None:
    await login.first_account("a password")
    entered = await login.log_in(" ADMIN ", "a password", peer=PEER)
    session = await login.session(entered.token)
    assert session.account == entered.account
    await login.log_out(session)
    with pytest.raises(NotAuthenticated, match="log in first"):
        await login.session(entered.token)
    assert [a for _, a in await audited(store)] == ["account.create", "session.begin", "session.end"]


@pytest.mark.parametrize("token", [None, "", "nonsense"])
async def test_without_a_living_token_one_is_told_to_log_in(login: Login, token: str | None) -> None:
    with pytest.raises(NotAuthenticated, match="log in first"):
        await login.session(token)


@pytest.mark.parametrize("username", ["admin", "nobody", "", "a/b", "x" * 500])
async def test_a_wrong_login_does_not_say_what_was_wrong(login: Login, username: str) -> None:
    await login.first_account("right")
    with pytest.raises(NotAuthenticated, match=r"^the user name or the password is wrong$"):
        await login.log_in(username, "wrong", peer=PEER)


async def test_a_refused_login_is_recorded_without_a_name_nobody_has(login: Login, store: SqliteStore) -> None:
    await login.first_account("right")
    for name in ("admin", "my-secret-password"):
        with pytest.raises(NotAuthenticated):
            await login.log_in(name, "wrong", peer=PEER)
    assert [r for r in await audited(store) if r[1] == "session.refused"] == [
        ("admin", "session.refused"),
        ("?", "session.refused"),
    ]


async def test_a_disabled_account_cannot_log_in(login: Login, store: SqliteStore, clock: ManualClock, do: Do) -> None:
    await login.first_account("right")
    hashed = await store.read(lambda tx: accounts.password_hash(tx, "admin"))
    await store.write(
        lambda tx: accounts.create(
            tx, username="op", display_name="", password_hash=hashed or "", roles=[Role.OPERATOR], now=clock.now()
        )
    )
    await login.log_in("op", "right", peer=PEER)
    await store.write(lambda tx: accounts.set_disabled(tx, "op", True))
    with pytest.raises(NotAuthenticated, match="user name or the password"):
        await login.log_in("op", "right", peer=PEER)


async def test_guesses_sent_side_by_side_are_all_counted(login: Login, clock: ManualClock) -> None:
    await login.first_account("right")
    tries = await asyncio.gather(
        *(login.log_in("admin", f"wrong{i}", peer=PEER) for i in range(20)), return_exceptions=True
    )
    assert sum(isinstance(t, NotAuthenticated) for t in tries) == 6
    assert sum(isinstance(t, Throttled) for t in tries) == 14
    with pytest.raises(Throttled):
        await login.log_in("admin", "right", peer=PEER)
    await login.log_in("admin", "right", peer="10.0.0.2")
    clock.forward(seconds=2)
    await login.log_in("admin", "right", peer=PEER)


async def test_many_right_logins_from_one_peer_are_never_throttled(login: Login) -> None:
    await login.first_account("right")
    for _ in range(50):
        await login.log_in("admin", "right", peer=PEER)


async def test_use_keeps_a_session_alive(login: Login, clock: ManualClock) -> None:
    await login.first_account("right")
    token = (await login.log_in("admin", "right", peer=PEER)).token
    for _ in range(5):
        clock.forward(hours=1, minutes=59)
        await login.session(token)
    clock.forward(hours=2)
    with pytest.raises(NotAuthenticated):
        await login.session(token)


async def test_changing_ones_password(login: Login) -> None:
    await login.first_account("old password")
    mine, other = [(await login.log_in("admin", "old password", peer=PEER)).token for _ in range(2)]
    session = await login.session(mine)
    with pytest.raises(NotAuthenticated, match="old password is wrong"):
        await login.change_password(session, old="nonsense", new="a new password", peer=PEER)
    with pytest.raises(InvalidInput, match="10 to 256"):
        await login.change_password(session, old="old password", new="short", peer=PEER)
    await login.change_password(session, old="old password", new="a new password", peer=PEER)
    await login.session(mine)
    with pytest.raises(NotAuthenticated):
        await login.session(other)
    await login.log_in("admin", "a new password", peer=PEER)


async def test_a_login_renews_a_hash_of_weaker_parameters(store: SqliteStore, clock: ManualClock, login: Login) -> None:
    await login.first_account("right")
    weak = await store.read(lambda tx: accounts.password_hash(tx, "admin"))
    stronger = Login(
        store,
        passwords=Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)),
        throttle=LoginThrottle(clock.monotonic_s),
        wall=clock.now,
    )
    await stronger.log_in("admin", "right", peer=PEER)
    renewed = await store.read(lambda tx: accounts.password_hash(tx, "admin"))
    assert renewed != weak
    assert "m=16,t=2" in (renewed or "")
    await stronger.log_in("admin", "right", peer=PEER)
