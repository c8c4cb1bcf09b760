"""Composes the voice process of one robot, and runs it until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from typing import TYPE_CHECKING

from patrol_core.clock import FollowedClock, clock_at
from patrol_core.errors import ClockUnknown
from patrol_core.event_loop import call_in, told_to_end, work_until
from patrol_core.heartbeat import heartbeat_from
from patrol_core.speech import Speech
from voice.alsa import AlsaLoudspeaker
from voice.espeak import Espeak
from voice.folder import FolderLoudspeaker
from voice.loudspeaker import Loudspeaker
from voice.part import part_of
from voice.settings import VoiceSettings
from voice.speaking import Speaking
from voice.spoken_store import SpokenStore

if TYPE_CHECKING:
    from voice.voice_node import VoiceNode

SAY_EVERY_S = 1.0
log = logging.getLogger(__name__)


class VoiceProcess:
    """The loudspeaker, what was said, and the node between them and the graph.

    Where espeak-ng or a sound card is missing its part report says so, and nothing else of the robot suffers.
    """

    def __init__(self, node: VoiceNode, settings: VoiceSettings) -> None:
        self._node = node
        self._clock = clock_at(settings.speed)
        self._speaking = Speaking(
            loudspeaker_of(settings),
            SpokenStore(settings.data / "spoken.json"),
            now=self._clock.now,
            tell=node.tell,
        )

    async def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        ending = told_to_end()
        if isinstance(self._clock, FollowedClock):
            self._node.follow(self._clock)
        heartbeat = heartbeat_from(os.environ)
        self._node.attend(
            asked=lambda speech: call_in(loop, self._asked, speech),
            beat=lambda: call_in(loop, heartbeat.beat),  # across both threads: either may hang
        )
        log.info("robot %s: voice is up", self._node.robot_id)
        await work_until(ending, [self._speaking.run(), self._say_how()])

    def _asked(self, speech: Speech) -> None:
        try:
            self._speaking.asked(speech)
        except ClockUnknown:
            log.info("a sentence came before the simulator said its time; it will be asked for again")
        except OSError as error:
            log.error(
                "a sentence is not said, for it could not be noted before (%s); it will be asked for again", error
            )

    async def _say_how(self) -> None:
        while True:
            condition = self._speaking.condition
            with contextlib.suppress(ClockUnknown):  # until the simulator has said it the mission hears silence
                self._node.say_how(part_of(condition, self._clock.now()), condition.languages)
            await asyncio.sleep(SAY_EVERY_S)


def loudspeaker_of(settings: VoiceSettings) -> Loudspeaker:
    """As the settings say."""
    espeak = Espeak()
    if settings.device is None:
        return FolderLoudspeaker(espeak, settings.data / "said", speed=settings.speed)
    return AlsaLoudspeaker(espeak, settings.device)
