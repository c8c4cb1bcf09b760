"""Accounts in the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mission_planner.people import accounts, sessions
from mission_planner.people.roles import ROLES, Role
from patrol_core.clock import ManualClock
from patrol_core.errors import Conflict, InvalidInput, NotFound

Do = Callable[[Callable[..., Any]], Any]


@pytest.fixture
def make(do: Do, clock: ManualClock) -> Callable[..., accounts.Account]:
    def make(username: str, *roles: Role) -> accounts.Account:
        account: accounts.Account = do(
            lambda tx: accounts.create(
                tx, username=username, display_name="", password_hash="h", roles=roles or [Role.VIEWER], now=clock.now()
            )
        )
        return account

    return make


def test_an_account_comes_back_as_it_was_made(do: Do, make: Callable[..., accounts.Account]) -> None:
    made = make("wang.li", Role.FIELD, Role.VIEWER)
    assert do(lambda tx: accounts.find(tx, "wang.li")) == made
    assert made.display_name == "wang.li", "for want of another"
    assert made.actions == ROLES[Role.FIELD]
    assert do(lambda tx: accounts.password_hash(tx, "wang.li")) == "h"


def test_names_that_look_the_same_are_the_same(make: Callable[..., accounts.Account]) -> None:
    assert make(" Wang.Li ").username == "wang.li"
    assert make("王莉").username == "王莉"
    with pytest.raises(Conflict, match=r'an account "wang\.li" exists already'):
        make("ＷＡＮＧ.li")


@pytest.mark.parametrize(
    ("name", "because"),
    [("", "1 to 64"), ("x" * 65, "came 65"), ("a b", "came also"), ("a/b", "came also"), ("a\0", "came also")],
)
def test_wrong_names_say_why(make: Callable[..., accounts.Account], name: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because):
        make(name)


def test_an_account_needs_a_role(do: Do, clock: ManualClock) -> None:
    with pytest.raises(InvalidInput, match="at least one of"):
        do(lambda tx: accounts.create(tx, username="x", display_name="x", password_hash="h", roles=[], now=clock.now()))


def test_a_disabled_account_may_nothing_and_its_sessions_end(
    do: Do, make: Callable[..., accounts.Account], clock: ManualClock
) -> None:
    make("admin", Role.ADMIN)
    make("op", Role.OPERATOR)
    token = do(lambda tx: sessions.begin(tx, "op", now=clock.now()))
    do(lambda tx: accounts.set_disabled(tx, "op", True))
    assert do(lambda tx: accounts.find(tx, "op")).actions == frozenset()
    assert do(lambda tx: sessions.find(tx, token, now=clock.now())) is None
    do(lambda tx: accounts.set_disabled(tx, "op", False))
    assert do(lambda tx: sessions.find(tx, token, now=clock.now())) is None, "it does not come back"


def test_the_last_one_who_manages_accounts_stays(do: Do, make: Callable[..., accounts.Account]) -> None:
    make("admin", Role.ADMIN)
    make("op", Role.OPERATOR)
    with pytest.raises(Conflict, match="last account that can manage"):
        do(lambda tx: accounts.set_disabled(tx, "admin", True))
    make("admin2", Role.ADMIN)
    do(lambda tx: accounts.set_disabled(tx, "admin", True))
    with pytest.raises(Conflict, match="last account"):
        do(lambda tx: accounts.set_disabled(tx, "admin2", True))


def test_a_new_password_ends_the_other_sessions(
    do: Do, make: Callable[..., accounts.Account], clock: ManualClock
) -> None:
    make("op")
    mine, other = (do(lambda tx: sessions.begin(tx, "op", now=clock.now())) for _ in range(2))
    do(lambda tx: accounts.set_password(tx, "op", "new", keep_session=sessions.hash_of(mine)))
    assert do(lambda tx: sessions.find(tx, mine, now=clock.now())) is not None
    assert do(lambda tx: sessions.find(tx, other, now=clock.now())) is None


def test_nobodys_password_cannot_be_set(do: Do) -> None:
    with pytest.raises(NotFound, match='no account "ghost"'):
        do(lambda tx: accounts.set_password(tx, "ghost", "h"))


def test_everyone_is_listed_by_name(do: Do, make: Callable[..., accounts.Account]) -> None:
    for name in ("b", "a"):
        make(name)
    assert [a.username for a in do(accounts.everyone)] == ["a", "b"]
