"""Performs what the desk decides: says sentences through the loudspeaker, and looks after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from patrol_core.site import Text
from patrol_core.speech import Speech
from voice import phrases
from voice.desk import Begin, Desk, Effect, Hush, Tell
from voice.loudspeaker import CannotSay, Condition, Loudspeaker
from voice.spoken_store import SpokenStore

LOOK_AGAIN_S = 10.0  # while it cannot speak: a sound card may be plugged in
LOOK_SELDOM_S = 300.0  # while it can
log = logging.getLogger(__name__)


class Speaking:
    """Every method is called in the event loop's thread."""

    def __init__(
        self,
        loudspeaker: Loudspeaker,
        store: SpokenStore,
        *,
        now: Callable[[], datetime],
        tell: Callable[[Speech], None],
    ) -> None:
        """`now`: UTC site time."""
        self._loudspeaker = loudspeaker
        self._store = store
        self._now = now
        self._tell = tell
        self._desk = Desk(spoken=store.load())
        self._tasks: asyncio.TaskGroup | None = None
        self._sound: tuple[UUID, asyncio.Task[None]] | None = None
        self._turn = asyncio.Lock()  # one sound at a time, also while one is being stopped
        self.condition = Condition(languages=(), because=phrases.NOT_LOOKED)

    def asked(self, speech: Speech) -> None:
        """The mission asks for a sentence, perhaps again; before `run` it is not heard, and is asked for again."""
        if self._tasks is not None:
            self._perform(*self._desk.asked(speech, self._now()))

    async def run(self) -> None:
        """Say what is asked for and find out what can be said, for ever; ends where what was said cannot be kept."""
        async with asyncio.TaskGroup() as self._tasks:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_SELDOM_S if self.condition.languages else LOOK_AGAIN_S)

    async def _look(self) -> None:
        async with self._turn:
            self._found(await self._loudspeaker.look())

    def _found(self, condition: Condition) -> None:
        if condition != self.condition:
            level = logging.INFO if condition.languages else logging.ERROR
            said = ", ".join(condition.languages) or "nothing"
            log.log(level, "the loudspeaker can say: %s %s (%s)", said, condition.because, condition.version)
        self.condition = condition

    def _perform(self, desk: Desk, effects: list[Effect]) -> None:
        if desk.spoken != self._desk.spoken:
            self._store.save(desk.spoken)
        self._desk = desk
        for effect in effects:
            match effect:
                case Tell(speech=speech):
                    self._tell(speech)
                case Hush():
                    self._hush()
                case Begin(speech=speech) if self._tasks is not None:
                    log.info("says (%s): %s", speech.language, speech.aloud)
                    self._sound = (speech.order_id, self._tasks.create_task(self._say(speech)))

    def _hush(self) -> None:
        if self._sound is not None:
            self._sound[1].cancel()
            self._sound = None

    async def _say(self, speech: Speech) -> None:
        because: Text | None = None
        try:
            async with self._turn:
                await self._loudspeaker.say(speech)
        except CannotSay as error:
            because = error.because
            log.error("not said: %s", error)
            await self._look()
        if self._sound is not None and self._sound[0] == speech.order_id:
            self._sound = None
        self._perform(*self._desk.ended(speech.order_id, because, self._now()))
