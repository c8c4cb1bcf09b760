"""A navigation script runs on `BasicNavigator` as it does on Nav2's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

import rclpy
from nav2_simple_commander import robot_navigator
from nav2_simple_commander.robot_navigator import BasicNavigator, TaskResult
from rclpy.executors import MultiThreadedExecutor
from tests.helpers import nav2_script, ros
from tests.helpers.nav2_server import Nav2Server


@pytest.fixture
def nav2(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nav2Server]:
    """Nav2's servers in a context of their own; the script uses the default context, as scripts do."""
    with ros.router() as override, ros.context(override) as theirs:
        server = Nav2Server(context=theirs)
        with ros.spun(server, executor=MultiThreadedExecutor(4, context=theirs)):
            monkeypatch.setenv("ZENOH_CONFIG_OVERRIDE", override)
            rclpy.init()
            try:
                yield server
            finally:
                rclpy.try_shutdown()


def test_a_script_drives_watches_cancels_and_is_told_how_it_ended(nav2: Nav2Server) -> None:
    seen = nav2_script.run(robot_navigator)
    assert seen["path"] == 2
    assert seen["no path"] is None
    assert seen["to pose"] == "SUCCEEDED"
    assert all(later <= earlier for earlier, later in pairwise(seen["distances"]))
    assert seen["other frame"] is False
    assert (seen["through poses"], seen["waypoints"], seen["indices"]) == ("SUCCEEDED", "SUCCEEDED", {0, 1})
    assert (seen["cancelled"], seen["too far"]) == ("CANCELED", "FAILED")
    assert nav2.visited == [(3.0, 4.0), (4.0, 4.0), (8.0, 4.0), (8.0, 0.0), (0.0, 0.0)]
    assert nav2.cleared == ["local", "global"]
    assert not nav2.active


def test_without_a_task_there_is_nothing_to_wait_for(nav2: Nav2Server) -> None:
    navigator = BasicNavigator()
    assert navigator.isTaskComplete()
    assert navigator.getResult() is TaskResult.UNKNOWN
    navigator.cancelTask()
    navigator.destroyNode()
