"""Who watches which camera: opens and closes robots' video sessions, and ends those whose login has ended.

The pictures never pass here, so a center that starts again interrupts none. What it knew of open sessions is then
forgotten: they end with the viewer's page, or at the latest when the robot's own bound is reached.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from mission_planner.fleet.live import Fleet
from mission_planner.people import audit, sessions
from mission_planner.people.roles import Action
from mission_planner.people.sessions import Session
from mission_planner.store.protocol import Store
from mission_planner.video import phrases
from mission_planner.video.ice import IceServer
from mission_planner.video.port import VideoAnswer, VideoOffer
from patrol_core.errors import NotFound, PatrolError, Unavailable
from patrol_core.robot import Link
from patrol_core.site import Site, Text

log = logging.getLogger(__name__)

MAX_OPEN = 400  # sessions of one center that are remembered; one more is refused
PER_LOGIN = 40  # a page that crashed never said goodbye: the oldest of a login ends when another begins
LOOK_EVERY_S = 5.0
ANSWER_S = 8.0


class VideoPort(Protocol):
    """The robots, as far as video goes."""

    async def open_video(self, offer: VideoOffer) -> VideoAnswer:
        """Carry an offer to its robot.

        Raises:
            Unavailable: the robot has no media process that answers.
        """

    async def close_video(self, robot_id: str, session_id: str) -> bool:
        """End a session; whether the robot knew it.

        Raises:
            Unavailable: as above.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One open session."""

    session_id: str  # 122 random bits: knowing it is the right to end it, for its own account only
    robot_id: str
    camera_id: str
    username: str
    token_hash: str  # of the login it belongs to
    opened_at: datetime  # UTC wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the viewer gets."""

    session_id: str
    answer_sdp: str


class VideoDesk:
    """Belongs to the asyncio thread.

    Overflow: one more than `max_open` sessions is refused, in words; one more than `PER_LOGIN` ends the login's oldest.
    """

    def __init__(
        self,
        *,
        site: Site,
        fleet: Fleet,
        store: Store,
        robots: VideoPort,
        ice_servers: tuple[IceServer, ...],
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_open: int = MAX_OPEN,
    ) -> None:
        self.ice_servers = ice_servers
        self._site = site
        self._fleet = fleet
        self._store = store
        self._robots = robots
        self._wall = wall
        self._max_open = max_open
        self._open: dict[str, Watching] = {}
        self._opening = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def watched(self) -> tuple[Watching, ...]:
        """Every session that this center has opened and not seen ending."""
        return tuple(self._open.values())

    async def open(self, session: Session, robot_id: str, camera_id: str, offer_sdp: str) -> Opened:
        """Let the robot answer a viewer's offer.

        Raises:
            NotFound: no such robot, or it has no such camera.
            Unavailable: the robot is offline, refuses, or does not answer; or too many watch.
        """
        self._must_be_there(robot_id, camera_id)
        if len(self._open) + self._opening >= self._max_open:
            raise _unavailable(phrases.full(self._max_open))
        watching = Watching(
            session_id=str(uuid4()),
            robot_id=robot_id,
            camera_id=camera_id,
            username=session.account.username,
            token_hash=session.token_hash,
            opened_at=self._wall(),
        )
        mine = [w for w in self._open.values() if w.token_hash == session.token_hash]
        for oldest in mine[: max(0, len(mine) + 1 - PER_LOGIN)]:
            await self._end(oldest, because=f"{PER_LOGIN} of one login is the limit")
        self._opening += 1
        try:
            return await self._answered(watching, offer_sdp)
        finally:
            self._opening -= 1

    async def close(self, session_id: str, *, username: str) -> None:
        """End one's own session.

        Raises:
            NotFound: no such session of this account.
        """
        watching = self._open.get(session_id)
        if watching is None or watching.username != username:
            raise NotFound("video session", session_id)
        await self._end(watching, because="the viewer left")

    async def close_login(self, token_hash: str) -> None:
        """End all that a login has opened: it is over."""
        for watching in [w for w in self._open.values() if w.token_hash == token_hash]:
            await self._end(watching, because="logged out")

    async def run(self) -> None:
        """End the sessions whose login has ended by itself."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            hashes = {w.token_hash for w in self._open.values()}
            if not hashes:
                continue
            try:
                alive = await self._store.read(partial(sessions.alive, token_hashes=hashes, now=self._wall()))
            except PatrolError as error:
                log.warning("whose login still lives could not be read: %s", error)
                continue
            for token_hash in hashes - alive:
                await self.close_login(token_hash)

    def _must_be_there(self, robot_id: str, camera_id: str) -> None:
        now = self._fleet.robot(robot_id)
        if camera_id not in {camera.camera_id for camera in now.robot.cameras}:
            raise NotFound(f"camera of robot {robot_id}", camera_id)
        if now.link is not Link.ONLINE:
            raise _unavailable(phrases.offline(robot_id, now.silence_s))

    async def _answered(self, watching: Watching, offer_sdp: str) -> Opened:
        offer = VideoOffer(
            session_id=watching.session_id,
            robot_id=watching.robot_id,
            camera_id=watching.camera_id,
            viewer=watching.username,
            offer_sdp=offer_sdp,
            ice_servers=json.dumps([server.json() for server in self.ice_servers]),
        )
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self._robots.open_video(offer)
        except TimeoutError:
            self._later(self._tell_closed(watching))  # it may have opened it after all
            raise _unavailable(phrases.unanswered(watching.robot_id, ANSWER_S)) from None
        except asyncio.CancelledError:
            self._later(self._tell_closed(watching))
            raise
        if answer.answer_sdp is None:
            raise _unavailable(phrases.refused(watching.robot_id, answer.because))
        self._open[watching.session_id] = watching
        try:
            await self._record(watching, f"began; session {watching.session_id}")
        except BaseException:  # nobody watches without a line in the record
            await self._end(watching, because="it could not be recorded", record=False)
            raise
        return Opened(session_id=watching.session_id, answer_sdp=answer.answer_sdp)

    async def _end(self, watching: Watching, *, because: str, record: bool = True) -> None:
        if self._open.pop(watching.session_id, None) is None:
            return
        length_s = (self._wall() - watching.opened_at).total_seconds()
        log.info("video session %s ended: %s", watching.session_id, because)
        self._later(self._tell_closed(watching))
        if record:
            await self._record(watching, f"ended after {length_s:.0f} s: {because}")

    async def _tell_closed(self, watching: Watching) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._robots.close_video(watching.robot_id, watching.session_id)
        except (PatrolError, TimeoutError) as error:
            log.warning("robot %s was not told that a viewer left: %s", watching.robot_id, error or "no answer")

    async def _record(self, watching: Watching, detail: str) -> None:
        now = self._wall()
        await self._store.write(
            lambda tx: audit.record(
                tx,
                now=now,
                who=watching.username,
                action=Action.WATCH_VIDEO.value,
                target=f"{watching.robot_id}/{watching.camera_id}",
                detail=detail,
            )
        )

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """What nobody waits for; each ends within `ANSWER_S`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unavailable(because: Text) -> Unavailable:
    return Unavailable(because.en, zh=because.zh)
