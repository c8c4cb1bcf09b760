"""A router for the whole run, and a context of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ros_wire.router import Router
from tests.helpers.waiting import free_port
from tests.unit.embedded.helpers import Ros, override


@pytest.fixture(scope="session")
def router_port() -> Iterator[int]:
    port = free_port()
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        yield port


@pytest.fixture
def wired(router_port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The environment says: connect to the run's router."""
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override(router_port))
    return router_port


@pytest.fixture
def ros(wired: int) -> Iterator[Ros]:
    opened = Ros()
    yield opened
    opened.close()
