"""Fixtures of the contracts: one loop for all, and a store of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mission_planner.store.protocol import Store
from tests.contract.stores import Place
from tests.helpers import postgres


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    server = postgres.server() if request.param == "postgresql" else None
    address = server.database() if server else None
    yield Place(address=address, file=tmp_path / "center.db")
    if server and address:
        server.drop(address)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    store = place.open()
    yield store
    store.close()
