"""Composes the media process of one robot, and runs it until it is told to end."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import os
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from patrol_core.clock import FollowedClock, clock_at
from patrol_core.errors import ClockUnknown
from patrol_core.event_loop import call_in, told_to_end, work_until
from patrol_core.heartbeat import heartbeat_from
from teleop import parts
from teleop.settings import MediaSettings

if TYPE_CHECKING:
    from teleop.media_node import MediaNode
    from teleop.serving import Serving

SAY_EVERY_S = 1.0
NEEDED = ("av", "aiortc")
log = logging.getLogger(__name__)


def missing_library() -> str | None:
    """The first library of video that is not installed; None where all are."""
    return next((name for name in NEEDED if importlib.util.find_spec(name) is None), None)


class MediaProcess:
    """The viewers, the part reports, and the node between them and the graph.

    Where a library of video is missing it says so as its part report, and nothing else of the robot suffers.
    """

    def __init__(self, node: MediaNode, settings: MediaSettings, *, missing: str | None) -> None:
        self._node = node
        self._settings = settings
        self._missing = missing
        self._clock = clock_at(settings.speed)

    async def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        ending = told_to_end()
        if isinstance(self._clock, FollowedClock):
            self._node.follow(self._clock)
        heartbeat = heartbeat_from(os.environ)
        self._node.keep_alive(lambda: call_in(loop, heartbeat.beat))  # across both threads: either may hang
        await work_until(ending, self._works())

    def _works(self) -> list[Coroutine[Any, Any, None]]:
        if self._missing is not None:
            log.error("no video: %s is not installed", self._missing)
            return [self._say_missing(self._missing)]
        from teleop.serving import Serving

        serving = Serving(self._node, host=self._settings.host, monotonic_s=self._clock.monotonic_s)
        serving.begin()
        log.info("robot %s: video is up (%s)", self._node.robot_id, serving.version)
        return [serving.run(), self._say_all(serving)]

    async def _say_missing(self, missing: str) -> None:
        while True:
            at = self._now()
            if at is not None:
                self._node.say(parts.media_missing(missing, at=at))
            await asyncio.sleep(SAY_EVERY_S)

    async def _say_all(self, serving: Serving) -> None:
        while True:
            signs = serving.signs()
            at = self._now()
            if at is not None:
                self._node.say(parts.media_report(signs, version=serving.version, at=at))
                self._node.say(parts.camera_report(signs, at=at))
            await asyncio.sleep(SAY_EVERY_S)

    def _now(self) -> datetime | None:
        """Site time; None until the simulator has said it, and until then the mission hears silence."""
        try:
            return self._clock.now()
        except ClockUnknown:
            return None
