"""A real store, a hasher that is quick, and a wall clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from argon2 import PasswordHasher

from mission_planner.people.login import Login
from mission_planner.people.passwords import Passwords
from mission_planner.people.throttle import LoginThrottle
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.clock import ManualClock

T = TypeVar("T")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "center.db", site_id="xinghe")
    yield store
    store.close()


@pytest.fixture
def do(store: SqliteStore) -> Callable[[Callable[[Tx], T]], T]:
    """Run one piece of work in a transaction."""
    return lambda work: store.submit(work).result(60)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def login(store: SqliteStore, passwords: Passwords, clock: ManualClock) -> Login:
    throttle = LoginThrottle(clock.monotonic_s)
    return Login(store, passwords=passwords, throttle=throttle, wall=clock.now)
