"""What every driver promises the executor: it arrives or says why not, and a cancelled drive ends."""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from maps import load_site
from patrol_core.errors import LinkLost, Unreachable
from patrol_core.geometry import Pose2, centroid, wrap_rad
from patrol_onboard.driver import Driver
from patrol_onboard.nav2_driver import Nav2Driver, Patience
from patrol_onboard.senses import motion_from
from patrol_wire.topics import RobotTopics
from rclpy.node import Node
from rclpy.task import Future
from tests.contract.navigation_server import Behaviour, Journal, NavigationServer
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually

T = TypeVar("T")
SIM = (sys.executable, "-m", "patrol_bringup.cli", "sim")
TOPICS = RobotTopics(site_id="xinghe", robot_id="r1")
PATIENCE = Patience(server_s=10.0, answer_s=2.0, feedback_s=0.5, cancel_s=1.0)
NEAR, FAR, NOWHERE = Pose2(x_m=3.0, y_m=4.0, heading_rad=1.0), Pose2(x_m=500.0, y_m=0.0), Pose2(x_m=5_000.0, y_m=0.0)


@dataclass(kw_only=True)
class World:
    """A robot that can be driven, and places for it: what every implementation is tried with."""

    driver: Driver
    near: Pose2
    far: Pose2  # a while away
    nowhere: Pose2  # no path leads there
    position: Callable[[], Pose2]


@pytest.fixture(scope="module")
def override() -> Iterator[str]:
    with router() as setting:
        yield setting


class Whereabouts(Node):
    """Hears the robot's odometry."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_whereabouts", **arguments)
        self.pose: Pose2 | None = None
        self.create_subscription(TOPICS.odom.type, TOPICS.odom.name, self._on_odom, TOPICS.odom.qos)

    def _on_odom(self, message: Any) -> None:
        self.pose = motion_from(message).pose

    def known(self) -> Pose2:
        """Where the robot is; waits for the first word."""
        return eventually(lambda: self.pose, within_s=30, what="odometry")


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`ronda sim` with the demo's site and one robot, twenty times as fast; how to reach it."""
    with router() as setting:
        endpoint = setting.split('"')[1]
        with (tmp_path_factory.mktemp("sim") / "sim.log").open("wb") as log:
            process = subprocess.Popen(
                [*SIM, "--speed", "20", "--scenario", "quiet", "--direct-drive", f"--robot-router=r1={endpoint}"],
                env={**os.environ, "RONDA_SITE": "xinghe", "RONDA_MQTT_PORT": "9"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        yield setting
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture(params=["test server", "simulator"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "test server":
        server = request.getfixturevalue("server")
        server.behaviour.speed_mps = 50.0
        yield World(
            driver=request.getfixturevalue("driver"), near=NEAR, far=FAR, nowhere=NOWHERE, position=lambda: server.pose
        )
        return
    site = load_site("xinghe")
    dock = site.docks[site.robots["r1"].dock_id].pose
    places = sorted((v.pose for v in site.viewpoints.values()), key=lambda p: p.point.distance_m(dock.point))
    inside = centroid(next(iter(site.buildings.values())).footprint)
    override = request.getfixturevalue("simulator")
    with context(override) as opened, spun(Whereabouts(context=opened)) as whereabouts:
        driver = Nav2Driver(whereabouts, TOPICS, monotonic_s=time.monotonic, patience=PATIENCE)
        yield World(
            driver=driver,
            near=places[0],
            far=places[-1],
            nowhere=Pose2(x_m=inside.x_m, y_m=inside.y_m),
            position=whereabouts.known,
        )
        driver.close()


def test_every_driver_returns_when_the_robot_is_there_with_its_heading(world: World) -> None:
    for pose in (world.near, replace(world.near, heading_rad=world.near.heading_rad - 1.5)):
        run(world.driver.go_to(pose), within_s=60)
        eventually(lambda pose=pose: world.position().point.distance_m(pose.point) < 0.25)  # type: ignore[misc]
        eventually(lambda pose=pose: abs(wrap_rad(world.position().heading_rad - pose.heading_rad)) < 0.2)  # type: ignore[misc]


def test_every_driver_says_why_a_place_cannot_be_reached(world: World) -> None:
    with pytest.raises(Unreachable, match=r"\w"):
        run(world.driver.go_to(world.nowhere), within_s=60)


def test_every_driver_stops_the_robot_when_the_drive_is_cancelled_and_drives_again(world: World) -> None:
    began = world.position()

    async def change_of_mind() -> None:
        task = asyncio.create_task(world.driver.go_to(world.far))
        await until(lambda: world.position().point.distance_m(began.point) > 1.0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    run(change_of_mind())
    assert stands(world)
    assert world.position().point.distance_m(world.far.point) > 10
    run(world.driver.go_to(world.near), within_s=60)
    eventually(lambda: world.position().point.distance_m(world.near.point) < 0.25)


def test_every_driver_ends_a_drive_it_knows_nothing_of(world: World) -> None:
    async def stopped() -> None:
        task = asyncio.create_task(world.driver.go_to(world.far))
        began = world.position()
        await until(lambda: world.position().point.distance_m(began.point) > 1.0)
        await world.driver.stop()
        await task

    with pytest.raises(Unreachable):
        run(stopped())
    assert stands(world)


def stands(world: World) -> bool:
    """Whether the robot comes to a stand."""

    def same() -> bool:
        before = world.position()
        time.sleep(0.3)
        return world.position() == before

    return eventually(same)


@pytest.fixture(scope="module")
def served(override: str) -> Iterator[NavigationServer]:
    from rclpy.executors import MultiThreadedExecutor

    with context(override) as opened:
        node = NavigationServer(TOPICS, context=opened)
        executor = MultiThreadedExecutor(4, context=opened)
        with spun(node, executor=executor):
            yield node


@pytest.fixture
def server(served: NavigationServer) -> Iterator[NavigationServer]:
    served.behaviour, served.journal, served.pose = Behaviour(), Journal(), Pose2(x_m=0.0, y_m=0.0)
    yield served
    served.behaviour.silent = served.behaviour.stands = False
    eventually(lambda: served.journal.driving == 0, what="navigation at rest")


@pytest.fixture
def driver(override: str) -> Iterator[Driver]:
    with context(override) as opened, spun(Node("mission", namespace=TOPICS.namespace, context=opened)) as node:
        nav2 = Nav2Driver(node, TOPICS, monotonic_s=time.monotonic, patience=PATIENCE)
        yield nav2
        nav2.close()


def run(work: Coroutine[Any, Any, T], *, within_s: float = 15) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(within_s):
            return await work

    return asyncio.run(bounded())


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_one_goal_after_the_other(driver: Driver, server: NavigationServer) -> None:
    async def tour() -> None:
        for x in range(1, 5):
            await driver.go_to(Pose2(x_m=float(x), y_m=0.0))

    run(tour())
    assert server.journal.ended == ["succeeded"] * 4


def test_a_goal_without_a_path_is_unreachable_in_navigations_own_words(
    driver: Driver, server: NavigationServer
) -> None:
    with pytest.raises(Unreachable, match="no valid path found"):
        run(driver.go_to(NOWHERE))


def test_a_refused_goal_is_unreachable(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.rejects = True
    with pytest.raises(Unreachable, match="rejected the goal"):
        run(driver.go_to(NEAR))


def test_a_cancelled_drive_stops_the_robot(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.speed_mps = 5.0

    async def drive_and_cancel() -> None:
        task = asyncio.create_task(driver.go_to(FAR))
        await until(lambda: server.pose.x_m > 0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    run(drive_and_cancel())
    assert server.journal.driving == 0, "a cancelled call returns when the goal has ended"
    assert server.journal.ended == ["canceled"]


def test_a_drive_cancelled_before_navigation_answers_ends_soon(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.slow_to_accept_s = 0.3
    server.behaviour.speed_mps = 5.0

    async def drive_and_cancel() -> None:
        task = asyncio.create_task(driver.go_to(FAR))
        await until(lambda: server.journal.asked == 1)
        task.cancel()
        await asyncio.wait({task})

    run(drive_and_cancel())
    eventually(lambda: server.journal.ended == ["canceled"])


def test_a_drive_cancelled_the_moment_it_is_accepted_ends(
    driver: Nav2Driver, server: NavigationServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Future[Any] = Future()
    monkeypatch.setattr(driver._actions, "send_goal_async", lambda *_a, **_k: answer)
    called_off = []

    def done(result: Any = None) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(result)
        return future

    handle = SimpleNamespace(
        accepted=True,
        get_result_async=Future,
        cancel_goal_async=lambda: called_off.append(True) or done(),
    )

    async def drive_and_cancel() -> None:
        task = asyncio.create_task(driver.go_to(FAR))
        await asyncio.sleep(0.1)  # it waits for the answer now
        answer.set_result(handle)
        asyncio.get_running_loop().call_soon(task.cancel)
        await asyncio.wait({task})
        assert task.cancelled()

    run(drive_and_cancel(), within_s=5)
    assert called_off == [True]


def test_after_a_cancelled_drive_the_next_one_arrives(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.speed_mps = 5.0

    async def change_of_mind() -> None:
        task = asyncio.create_task(driver.go_to(FAR))
        await until(lambda: server.pose.x_m > 0)
        task.cancel()
        await asyncio.wait({task})
        server.behaviour.speed_mps = 200.0
        await driver.go_to(NEAR)

    run(change_of_mind())
    assert server.pose.point == NEAR.point


def test_a_goal_of_somebody_else_that_takes_over_is_said(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.stands = True

    async def taken_over() -> None:
        first = asyncio.create_task(driver.go_to(FAR))
        await until(lambda: server.journal.driving == 1)
        await driver.stop()
        await first

    with pytest.raises(Unreachable, match="somebody else cancelled"):
        run(taken_over())


def test_stop_ends_the_goal_of_a_process_that_is_no_more(
    driver: Driver, server: NavigationServer, override: str
) -> None:
    server.behaviour.stands = True

    async def begin_and_die(other: Driver) -> None:
        task = asyncio.create_task(other.go_to(FAR))
        await until(lambda: server.journal.driving == 1)
        other._call_off = _no_goodbye  # type: ignore[attr-defined]
        task.cancel()
        await asyncio.wait({task})

    with context(override) as opened, spun(Node("mission", namespace=TOPICS.namespace, context=opened)) as node:
        run(begin_and_die(Nav2Driver(node, TOPICS, monotonic_s=time.monotonic, patience=PATIENCE)))
    assert server.journal.driving == 1
    run(driver.stop())
    eventually(lambda: server.journal.ended == ["canceled"])


async def _no_goodbye(_answer: object) -> None:
    """A process that is killed says nothing."""


def test_stop_where_nothing_drives_is_fine(driver: Driver, server: NavigationServer) -> None:
    run(driver.stop())


def test_silent_navigation_is_a_lost_link_and_its_goal_is_called_off(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.silent = True
    with pytest.raises(LinkLost, match="for too long"):
        run(driver.go_to(FAR))
    eventually(lambda: server.journal.ended == ["canceled"])


def test_navigation_that_stands_but_speaks_is_not_lost(driver: Driver, server: NavigationServer) -> None:
    server.behaviour.stands = True

    async def patient() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(driver.go_to(FAR), 3 * PATIENCE.feedback_s)

    run(patient())


def test_the_speed_of_the_mission_is_told_to_the_controller(driver: Driver, server: NavigationServer) -> None:
    run(driver.go_to(NEAR, speed_mps=0.8))
    run(driver.go_to(Pose2(x_m=0.0, y_m=0.0)))
    eventually(lambda: server.journal.speed_limits == [0.8, 0.0])


def test_missing_navigation_is_a_lost_link() -> None:
    with (
        router() as empty,
        context(empty) as opened,
        spun(Node("mission", namespace=TOPICS.namespace, context=opened)) as node,
    ):
        driver = Nav2Driver(
            node, TOPICS, monotonic_s=time.monotonic, patience=Patience(server_s=0.3, answer_s=1, feedback_s=1)
        )
        with pytest.raises(LinkLost, match="does not answer"):
            run(driver.go_to(NEAR))
        run(driver.stop())


def test_the_heading_travels_as_a_quaternion_about_z(driver: Driver, server: NavigationServer) -> None:
    for heading in (-math.pi / 2, 0.0, 3.0):
        run(driver.go_to(Pose2(x_m=1.0, y_m=heading, heading_rad=heading)))
        assert server.journal.goals[-1].heading_rad == pytest.approx(heading)
