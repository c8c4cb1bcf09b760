"""Sessions end when they should, by the wall clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mission_planner.people import accounts, sessions
from mission_planner.people.roles import Role
from mission_planner.people.sessions import PER_ACCOUNT, Session
from mission_planner.store import schema
from patrol_core.clock import ManualClock

Do = Callable[[Callable[..., Any]], Any]


class Browser:
    """One account, and tokens to it."""

    def __init__(self, do: Do, clock: ManualClock) -> None:
        self._do, self._clock = do, clock

    def begin(self) -> str:
        token: str = self._do(lambda tx: sessions.begin(tx, "op", now=self._clock.now()))
        return token

    def session(self, token: str) -> Session | None:
        found: Session | None = self._do(lambda tx: sessions.find(tx, token, now=self._clock.now()))
        return found

    def use(self, token: str) -> None:
        session = self.session(token)
        assert session is not None
        self._do(lambda tx: sessions.used(tx, session, now=self._clock.now()))


@pytest.fixture
def browser(do: Do, clock: ManualClock) -> Browser:
    do(
        lambda tx: accounts.create(
            tx, username="op", display_name="Op", password_hash="h", roles=[Role.OPERATOR], now=clock.now()
        )
    )
    return Browser(do, clock)


def test_a_token_finds_its_session_and_is_kept_nowhere(do: Do, browser: Browser) -> None:
    token = browser.begin()
    session = browser.session(token)
    assert session is not None
    assert session.account.username == "op"
    (row,) = do(lambda tx: tx.conn.execute(select(schema.sessions)).all())
    assert token not in [str(value) for value in row]
    assert len(token) >= 43, "256 bits"


@pytest.mark.parametrize("token", ["", "x", "'; DROP TABLE sessions; --", "\u00e9" * 1000])
def test_no_other_text_finds_one(browser: Browser, token: str) -> None:
    browser.begin()
    assert browser.session(token) is None


def test_it_ends_two_hours_after_its_last_use(browser: Browser, clock: ManualClock) -> None:
    token = browser.begin()
    clock.forward(hours=1, minutes=59)
    browser.use(token)
    clock.forward(hours=1, minutes=59)
    assert browser.session(token) is not None
    clock.forward(minutes=1)
    assert browser.session(token) is None


def test_it_ends_after_twelve_hours_however_much_it_is_used(browser: Browser, clock: ManualClock) -> None:
    token = browser.begin()
    for _ in range(11):
        clock.forward(hours=1)
        browser.use(token)
    session = browser.session(token)
    assert session is not None
    assert session.ends_at == session.expires_at
    clock.forward(hours=1)
    assert browser.session(token) is None


def test_a_clock_set_back_ends_it_rather_than_lengthening_it(browser: Browser, clock: ManualClock) -> None:
    token = browser.begin()
    clock.forward(minutes=-4)
    assert browser.session(token) is not None
    clock.forward(minutes=-2)
    assert browser.session(token) is None


def test_its_use_is_written_at_most_once_a_minute(browser: Browser, clock: ManualClock) -> None:
    session = browser.session(browser.begin())
    assert session is not None
    assert not session.use_is_due(clock.now() + timedelta(seconds=59))
    assert session.use_is_due(clock.now() + timedelta(seconds=60))


def test_logging_out_ends_this_one_only(do: Do, browser: Browser) -> None:
    mine, other = browser.begin(), browser.begin()
    do(lambda tx: sessions.end(tx, sessions.hash_of(mine)))
    assert browser.session(mine) is None
    assert browser.session(other) is not None


def test_one_too_many_ends_the_least_recently_used(browser: Browser, clock: ManualClock) -> None:
    tokens = []
    for _ in range(PER_ACCOUNT):
        tokens.append(browser.begin())
        clock.forward(minutes=1)
    browser.use(tokens[0])
    tokens.append(browser.begin())
    assert [i for i, token in enumerate(tokens) if browser.session(token) is None] == [1]


def test_the_sweep_forgets_what_is_over(do: Do, browser: Browser, clock: ManualClock) -> None:
    browser.begin()
    clock.forward(hours=1)
    alive = browser.begin()
    clock.forward(hours=1)
    assert do(lambda tx: sessions.sweep(tx, now=clock.now())) == 1
    assert browser.session(alive) is not None
