"""Composes the mission process of one robot, and runs it until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from maps import load_site
from patrol_core.clock import FollowedClock, clock_at
from patrol_core.event_loop import call_in, told_to_end
from patrol_core.heartbeat import heartbeat_from
from patrol_core.ids import uuid7
from patrol_core.outbox import Outbox
from patrol_core.robot import RobotState
from patrol_onboard.camera_driver import RosCamera
from patrol_onboard.equipment import Equipment
from patrol_onboard.executor import Executor
from patrol_onboard.executor_store import ExecutorStore
from patrol_onboard.mission import Mission
from patrol_onboard.nav2_driver import Nav2Driver
from patrol_onboard.parts_board import PartsBoard
from patrol_onboard.photo_store import PhotoStore
from patrol_onboard.settings import RobotSettings
from patrol_onboard.standing_place import StandingPlaces
from patrol_onboard.twin import TwinAlive, TwinWatch
from patrol_onboard.uploader import Uploader, token_from

if TYPE_CHECKING:
    from patrol_onboard.mission_node import MissionNode

SEEING = ("vision", "media")  # parts of a robot that has cameras
ALWAYS = ("voice",)
LISTEN_S = 2.0  # for a twin, before anything is said or done
log = logging.getLogger(__name__)


class MissionProcess:
    """The mission, its equipment, and the node it hears and speaks through."""

    def __init__(self, node: MissionNode, settings: RobotSettings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._node = node
        self._settings = settings
        self._clock = clock_at(settings.speed)
        self._boot_id = uuid7()
        self._outbox = Outbox(settings.data / "outbox.sqlite")

    async def run(self) -> None:
        """Until SIGTERM or SIGINT.

        Raises:
            TwinAlive: another robot of this id is live.
        """
        loop = asyncio.get_running_loop()
        ending = told_to_end()
        mission = self._mission()
        twin_alive: asyncio.Future[None] = loop.create_future()
        self._attend(loop, mission, twin_alive)
        work = loop.create_task(self._work(mission))
        end = loop.create_task(_wait(ending))
        await asyncio.wait({work, end, twin_alive}, return_when=asyncio.FIRST_COMPLETED)
        await mission.rest()
        work.cancel()
        end.cancel()
        await asyncio.wait({work, end})
        for outcome in (twin_alive, work):
            if outcome.done() and not outcome.cancelled():
                outcome.result()

    def close(self) -> None:
        """Close the files."""
        self._outbox.close()

    def _attend(self, loop: asyncio.AbstractEventLoop, mission: Mission, twin_alive: asyncio.Future[None]) -> None:
        watch = TwinWatch(robot_id=self._node.robot_id, boot_id=self._boot_id)

        def give_way(alive: TwinAlive) -> None:
            if not twin_alive.done():
                twin_alive.set_exception(alive)

        def on_state(state: RobotState) -> None:
            try:
                watch.heard(state.boot_id, state.sequence, self._clock.monotonic_s())
            except TwinAlive as alive:
                call_in(loop, give_way, alive)

        if isinstance(self._clock, FollowedClock):
            self._node.follow(self._clock)
        heartbeat = heartbeat_from(os.environ)
        self._node.attend(
            self._clock,
            tell=lambda event: call_in(loop, mission.tell, event),
            acknowledged=lambda ids: call_in(loop, mission.acknowledged, ids),
            twin=on_state,
            sees=lambda sighting: call_in(loop, mission.sees, sighting),
            parts=PartsBoard(
                expected=(*ALWAYS, *(SEEING if self._node.camera_ids else ())), since_s=self._clock.monotonic_s()
            ),
            beat=lambda: call_in(loop, heartbeat.beat),  # across both threads: either may hang
        )

    async def _work(self, mission: Mission) -> None:
        await asyncio.sleep(LISTEN_S)
        while isinstance(self._clock, FollowedClock) and not self._clock.known:
            log.info("waiting for the simulator to say the time on /clock")
            await asyncio.sleep(1.0)
        log.info("robot %s is up (start %s)", self._node.robot_id, self._boot_id)
        await mission.run()

    def _mission(self) -> Mission:
        settings, node, clock = self._settings, self._node, self._clock
        store = ExecutorStore(settings.data / "executor.json")
        photos = PhotoStore(settings.data / "photos")
        equipment = Equipment(
            clock=clock,
            driver=Nav2Driver(node, node.topics, monotonic_s=clock.monotonic_s),
            camera=RosCamera(node, node.topics, monotonic_s=clock.monotonic_s),
            store=store,
            outbox=self._outbox,
            photos=photos,
            uploader=Uploader(photos, center_url=settings.center_url, token=token_from(settings.token_file)),
            ears=node,
            mouth=node,
            boot_id=self._boot_id,
            speed=settings.speed,
        )
        executor = Executor(
            robot_id=node.robot_id,
            dock=node.dock,
            policy=node.policy,
            memory=store.load(),
            place_for=StandingPlaces(lambda: load_site(settings.site)),
        )
        return Mission(executor, equipment)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
