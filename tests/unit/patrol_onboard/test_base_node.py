"""The base process as it runs: navigation's commands reach the wheels, silence and the stop do not let them turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from geometry_msgs.msg import Twist
from std_msgs.msg import Bool

from patrol_wire.topics import RobotTopics
from rclpy.node import Node
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually

BASE = (sys.executable, "-m", "patrol_onboard.base_node")
TOPICS = RobotTopics(site_id="xinghe", robot_id="r1")


class Around(Node):
    """Navigation, the wheels, and somebody with a hand on the stop."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_around", **arguments)
        self.wheels: list[tuple[float, float]] = []  # when, forward speed
        self.navigation = self.create_publisher(Twist, TOPICS.cmd_vel_nav.name, TOPICS.cmd_vel_nav.qos)
        self.stop = self.create_publisher(Bool, TOPICS.e_stop.name, TOPICS.e_stop.qos)
        self.create_subscription(Twist, TOPICS.cmd_vel.name, self._on_wheels, TOPICS.cmd_vel.qos)

    def _on_wheels(self, message: Any) -> None:
        self.wheels.append((time.monotonic(), message.linear.x))

    def tell(self, forward_mps: float) -> None:
        twist = Twist()
        twist.linear.x = forward_mps
        self.navigation.publish(twist)

    @property
    def newest(self) -> float | None:
        return self.wheels[-1][1] if self.wheels else None

    def drive_until(self, condition: Callable[[], object], forward_mps: float = 1.0) -> None:
        """Tell navigation's speed at 20 Hz until `condition`."""

        def told() -> object:
            self.tell(forward_mps)
            return condition()

        eventually(told, every_s=0.05)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Starts a base process: `with base() as (around, process)`."""

    @contextmanager
    def started() -> Iterator[tuple[Around, subprocess.Popen[bytes]]]:
        with router() as override, context(override) as opened, spun(Around(context=opened)) as around:
            process = subprocess.Popen(
                [*BASE, "--ros-args", "-p", "site_id:=xinghe", "-p", "robot_id:=r1", "-p", "base.forward_max_mps:=1.5"],
                env={**os.environ, "ZENOH_CONFIG_OVERRIDE": override, "RONDA_DATA": str(tmp_path)},
            )
            try:
                eventually(lambda: around.navigation.get_subscription_count() > 0, what="the base on the graph")
                yield around, process
            finally:
                process.terminate()
                assert process.wait(60) == 0

    return started


def test_commands_reach_the_wheels_within_the_bases_limits(base: Any) -> None:
    with base() as (around, _):
        around.drive_until(lambda: around.newest == 1.0)
        around.drive_until(lambda: around.newest == 1.5, forward_mps=9.0)


def test_half_a_second_of_silence_stops_the_wheels_and_then_the_base_is_quiet(base: Any) -> None:
    with base() as (around, process):
        around.drive_until(lambda: around.newest == 1.0)
        last_s = time.monotonic()
        around.tell(1.0)
        eventually(lambda: around.newest == 0.0)
        stopped_s = next(at_s for at_s, speed in around.wheels if at_s > last_s and speed == 0.0)
        assert stopped_s - last_s >= 0.5
        eventually(lambda: time.monotonic() - around.wheels[-1][0] > 0.5, what="silence on cmd_vel")
        used_s = sum(psutil.Process(process.pid).cpu_times()[:2])
        time.sleep(1.0)  # not to wait for something, but to see that nothing happens
        assert sum(psutil.Process(process.pid).cpu_times()[:2]) - used_s < 0.05
        around.drive_until(lambda: around.newest == 1.0)


def test_the_stop_wins_over_navigation_and_its_release_needs_a_new_command(base: Any) -> None:
    with base() as (around, _):
        around.drive_until(lambda: around.newest == 1.0)
        around.stop.publish(Bool(data=True))
        around.drive_until(lambda: around.newest == 0.0)
        before = len(around.wheels)
        around.drive_until(lambda: len(around.wheels) > before + 10)
        assert {speed for _, speed in around.wheels[before:]} == {0.0}
        around.stop.publish(Bool(data=False))
        around.drive_until(lambda: around.newest == 1.0)


def test_a_base_that_dies_under_the_stop_comes_back_under_the_stop(base: Any) -> None:
    with base() as (around, _):
        around.stop.publish(Bool(data=True))
        around.drive_until(lambda: around.newest == 0.0)
    with base() as (around, _):
        around.drive_until(lambda: len(around.wheels) > 5)
        assert {speed for _, speed in around.wheels} == {0.0}
        around.stop.publish(Bool(data=False))
        around.drive_until(lambda: around.newest == 1.0)
    with base() as (around, _):
        around.drive_until(lambda: around.newest == 1.0)


def test_who_comes_late_hears_that_the_stop_is_pressed(base: Any) -> None:
    heard: list[bool] = []
    with base() as (around, _):
        around.stop.publish(Bool(data=True))
        around.drive_until(lambda: around.newest == 0.0)
        around.destroy_publisher(around.stop)
        around.create_subscription(Bool, TOPICS.e_stop.name, lambda m: heard.append(m.data), TOPICS.e_stop.qos)
        eventually(lambda: heard == [True])


def test_numbers_that_are_none_do_not_reach_the_wheels(base: Any) -> None:
    with base() as (around, process):
        around.drive_until(lambda: around.newest == 1.0)
        around.tell(float("nan"))
        eventually(lambda: around.newest == 0.0)
        assert process.poll() is None


def test_without_its_parameters_a_base_says_what_it_misses(tmp_path: Path) -> None:
    with router() as override:
        done = subprocess.run(
            BASE,
            check=False,
            env={**os.environ, "ZENOH_CONFIG_OVERRIDE": override, "RONDA_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert done.returncode == 2
    assert "expected the parameters site_id and robot_id; came none" in done.stderr


def test_sigint_is_an_end_too(base: Any) -> None:
    with base() as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
