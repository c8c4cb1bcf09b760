"""Fixtures of the center's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mission_planner.store.sqlite import SqliteStore
from patrol_core.site import Site
from tests.unit.mission_planner.world import World, tiny_site, world


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def site() -> Site:
    return tiny_site()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "center.db", site_id="tiny")
    yield store
    store.close()


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One center for the tests of a file that leave nothing behind."""
    async with world(tmp_path_factory.mktemp("shared") / "center") as running:
        yield running


@pytest.fixture
async def center(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "center") as running:
        yield running
