"""All viewers of one robot: how many, who is there, and why one was closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patrol_core.errors import InvalidInput
from patrol_core.site import Text
from teleop import phrases
from teleop.feed import CameraFeed
from teleop.overlay import Seen
from teleop.session import Asked, ViewerSession
from teleop.viewer_watch import WatchPolicy, absence

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
ANSWER_S = 7.0  # with STUN servers that do not answer, gathering takes five
MAX_VIEWERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a viewer is told."""

    sdp: str | None  # None: refused
    because: Text  # why it was refused


class Sessions:
    """The viewers of all cameras of a robot. Belongs to the asyncio thread.

    Overflow: a viewer more than `max_viewers` is refused, in words.
    """

    def __init__(
        self,
        feeds: Mapping[str, CameraFeed],
        *,
        monotonic_s: Callable[[], float],
        policy: WatchPolicy | None = None,
        max_viewers: int = MAX_VIEWERS,
    ) -> None:
        self._feeds = feeds
        self._monotonic_s = monotonic_s
        self._policy = policy or WatchPolicy()
        self._max_viewers = max_viewers
        self._sessions: dict[str, ViewerSession] = {}
        self._closing: set[asyncio.Task[None]] = set()  # each ends within CLOSE_S

    def __len__(self) -> int:
        return len(self._sessions)

    async def open(self, asked: Asked) -> Answer:
        """Answer a viewer's offer, or refuse it."""
        feed = self._feeds.get(asked.camera_id)
        if feed is None:
            return Answer(sdp=None, because=phrases.no_such_camera(asked.camera_id))
        if asked.session_id in self._sessions:
            return Answer(sdp=None, because=phrases.SESSION_KNOWN)
        if len(self._sessions) >= self._max_viewers:
            return Answer(sdp=None, because=phrases.too_many(self._max_viewers))
        session = ViewerSession(asked, feed, monotonic_s=self._monotonic_s, gone=self._on_gone)
        self._sessions[asked.session_id] = session
        try:
            async with asyncio.timeout(ANSWER_S):
                sdp = await session.answer()
        except InvalidInput as error:
            await self.close(asked.session_id, because=str(error))
            return Answer(sdp=None, because=phrases.offer_refused(str(error)))
        except TimeoutError:
            await self.close(asked.session_id, because="no answer could be made in time")
            return Answer(sdp=None, because=phrases.no_answer(ANSWER_S))
        except BaseException:
            await self.close(asked.session_id, because="the answer failed")
            raise
        log.info("session %s: %s watches camera %s", asked.session_id, asked.viewer, asked.camera_id)
        return Answer(sdp=sdp, because=Text(zh="", en=""))

    async def close(self, session_id: str, *, because: str) -> bool:
        """End one; whether there was such a session."""
        session = self._sessions.pop(session_id, None)
        if session is None:
            return False
        log.info("session %s of %s: closed, %s", session_id, session.asked.viewer, because)
        await session.close()
        return True

    def show(self, seen: Seen) -> None:
        """Boxes for everyone who watches that camera."""
        for session in self._sessions.values():
            if session.asked.camera_id == seen.camera_id:
                session.show(seen)

    async def run(self) -> None:
        """Close those who left without a word; at the end, everyone."""
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                now_s = self._monotonic_s()
                for session_id, session in list(self._sessions.items()):
                    because = absence(session.presence, now_s, self._policy)
                    if because is not None:
                        self._on_gone(session_id, because)
        finally:
            for session_id in list(self._sessions):
                await self.close(session_id, because="the media process ends")

    def _on_gone(self, session_id: str, because: str) -> None:
        task = asyncio.get_running_loop().create_task(self._close(session_id, because))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, session_id: str, because: str) -> None:
        await self.close(session_id, because=because)
