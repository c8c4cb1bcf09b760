"""A whole center in a process of its own, with robots in memory instead of ROS: for tests that kill it.

`python -m tests.helpers.center_process`: settings from the environment as `ronda center` reads them. The robots stand
online in their docks and take every order.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from mission_planner.app import running
from mission_planner.settings import settings_from
from tests.unit.mission_planner.world import RobotsInMemory


async def main() -> None:
    ports: list[RobotsInMemory] = []

    def make_port(site, _settings, _clock):
        ports.append(RobotsInMemory(site))
        return ports[0]

    async with running(settings_from(os.environ), make_port):
        while True:
            for robot in ports[0].robots.values():
                with suppress(KeyError):
                    robot.take_orders()
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())
