"""A whole center in a process of its own, with robots in memory instead of ROS: for tests that kill it.

`python -m tests.helpers.center_process [estate]`: settings from the environment as `ronda center` reads them. The
robots stand online in their docks and take every order. With `estate` the site has the corpus's 400,000 sensors, too.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace

from maps import load_site
from mission_planner import app
from mission_planner.app import running
from mission_planner.settings import settings_from
from sim.corpus_site import Estate, estate_site
from tests.unit.mission_planner.world import RobotsInMemory


def with_estate(name):
    """A site with the estate's buildings and sensors besides its own."""
    site, estate = load_site(name), estate_site(Estate())
    return replace(site, buildings={**site.buildings, **estate.buildings}, devices={**site.devices, **estate.devices})


async def main() -> None:
    if "estate" in sys.argv[1:]:
        app.load_site = with_estate
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
