"""A process of a robot leaves the graph however it ends, and says in one sentence why it cannot start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import rclpy
from patrol_core.errors import Unavailable
from patrol_core.supervisor import REFUSED
from patrol_wire.running_node import run_process
from ros_wire.router import Router
from tests.helpers.waiting import free_port


@pytest.fixture(autouse=True)
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    endpoint = f"tcp/127.0.0.1:{free_port()}"
    monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", f'connect/endpoints=["{endpoint}"]')
    with Router(listen=[endpoint]):
        yield


def test_a_process_works_on_the_graph_and_leaves_it() -> None:
    was_on_it = []
    assert run_process(lambda: was_on_it.append(rclpy.ok()), []) == 0
    assert was_on_it == [True]
    assert not rclpy.ok()


def test_one_that_cannot_start_says_why_and_ends_as_refused(caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise Unavailable("expected a battery; came none")

    assert run_process(refuse, []) == REFUSED
    assert caplog.messages == ["expected a battery; came none"]
    assert not rclpy.ok()
