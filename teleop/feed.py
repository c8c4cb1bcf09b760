"""One camera live: the newest picture is encoded once, and every viewer gets the same payloads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from patrol_core.errors import InvalidInput
from patrol_core.event_loop import call_in
from teleop.encoder import EncodedPicture, H264Encoder
from teleop.pictures import Picture
from teleop.rate import Rate, RatePolicy, ViewerSays, first_rate, next_rate
from teleop.viewer_queue import ViewerQueue

log = logging.getLogger(__name__)

RATE_EVERY_S = 0.5
USUAL_FPS = 12.0  # until the camera has shown how often it comes
SMOOTHING = 0.1
TELL_FACTOR = 1.5  # how much the rate has changed when the log hears of it


class Camera(Protocol):
    """Where pictures come from. Called in the asyncio thread."""

    def start(self, take: Callable[[Picture], None]) -> None:
        """Begin; `take` may be called from any thread."""

    def stop(self) -> None:
        """Stop; `take` may be called once more."""


@dataclass(slots=True)
class FeedCounts:
    """What a feed has done, for the log, the tests and the part report."""

    pictures: int = 0  # that came while somebody watched
    encoded: int = 0
    keys: int = 0
    replaced: int = 0  # by a newer one before the encoder was free
    skipped: int = 0  # by the frame rate of a narrow link
    refused: int = 0  # no picture could be made of them


class CameraFeed:
    """Begins with the first viewer and ends with the last. Belongs to the asyncio thread, except `_take`.

    Overflow of pictures: a newer one replaces the one that waits.
    """

    def __init__(
        self, camera: Camera, *, camera_id: str, monotonic_s: Callable[[], float], policy: RatePolicy | None = None
    ) -> None:
        self.camera_id = camera_id
        self.counts = FeedCounts()
        self.viewers: dict[str, ViewerQueue] = {}  # by session id
        self.trouble: InvalidInput | None = None  # why the newest picture could not be shown
        self.last_heard_s: float | None = None  # monotonic, of the newest picture
        self.begun_s: float | None = None  # monotonic, since when pictures are wanted; None while nobody watches
        self._camera = camera
        self._monotonic_s = monotonic_s
        self._policy = policy or RatePolicy()
        self._says: dict[str, ViewerSays] = {}
        self._rate = first_rate(self._policy)
        self._told_bps = self._rate.bps
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = asyncio.Event()
        self._newest: Picture | None = None
        self._key_wanted = True
        self._keyed_s = float("-inf")
        self._next_due_s = float("-inf")
        self._fps = USUAL_FPS
        self._bits = 0
        self._rated_s = 0.0

    @property
    def rate(self) -> Rate:
        """What the encoder is told now."""
        return self._rate

    def join(self, session_id: str) -> ViewerQueue:
        """A viewer's queue; the camera begins with the first."""
        queue = ViewerQueue(want_key=self.want_key)
        self.viewers[session_id] = queue
        if self._task is None:
            self._begin()
        return queue

    async def leave(self, session_id: str) -> None:
        """The viewer is gone; the camera and the encoder stop after the last."""
        queue = self.viewers.pop(session_id, None)
        self._says.pop(session_id, None)
        if queue is not None:
            queue.end()
        if not self.viewers and self.begun_s is not None:
            await self._end()

    def want_key(self) -> None:
        """The next picture shall be a key frame, as soon as the policy allows."""
        self._key_wanted = True

    def says(self, session_id: str, change: Callable[[ViewerSays], ViewerSays]) -> None:
        """A viewer told something of its link."""
        if session_id in self.viewers:
            self._says[session_id] = change(self._says.get(session_id, ViewerSays()))

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rate = first_rate(self._policy)
        self._told_bps = self._rate.bps
        self._fps, self._bits = USUAL_FPS, 0
        self.begun_s = self._rated_s = self._monotonic_s()
        self.trouble = None
        self._task = self._loop.create_task(self._run(), name=f"camera {self.camera_id}")
        self._task.add_done_callback(self._died)
        self._camera.start(self._take)
        log.info("camera %s: the first viewer is here", self.camera_id)

    async def _end(self) -> None:
        task, self._task = self._task, None
        self.begun_s = self.last_heard_s = self._newest = None
        self._camera.stop()
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        log.info("camera %s: nobody watches any more; %s", self.camera_id, self.counts)

    def _died(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("camera %s: the encoder died", self.camera_id, exc_info=error)
            for queue in self.viewers.values():
                queue.end()  # its session closes, and the viewer may ask again

    def _take(self, picture: Picture) -> None:
        """In the camera's thread."""
        if self._loop is not None:
            call_in(self._loop, self._put, picture)

    def _put(self, picture: Picture) -> None:
        if self._task is None:
            return
        if self._newest is not None:
            self.counts.replaced += 1
        self._note_pace(picture)
        self.counts.pictures += 1
        self._newest = picture
        self._came.set()

    def _note_pace(self, picture: Picture) -> None:
        if self.last_heard_s is not None and picture.heard_s > self.last_heard_s:
            fps = min(1 / (picture.heard_s - self.last_heard_s), 2 * self._policy.max_fps)
            self._fps += SMOOTHING * (fps - self._fps)
        self.last_heard_s = picture.heard_s

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        encoder: list[H264Encoder] = []  # the one there is
        with ThreadPoolExecutor(1, thread_name_prefix=f"encoder {self.camera_id}") as thread:
            while True:
                await self._came.wait()
                self._came.clear()
                picture, self._newest = self._newest, None
                if picture is None or not self._is_due(picture.heard_s):
                    continue
                key = self._key_is_due(picture.heard_s)
                job = loop.run_in_executor(thread, self._encode, encoder, picture, key)
                self._send(await job, key_asked=key)
                self._adapt()

    def _encode(self, encoder: list[H264Encoder], picture: Picture, key: bool) -> EncodedPicture | None:
        """In the encoder's thread."""
        bps, size_px = self._rate.bps, (picture.width_px // 2 * 2, picture.height_px // 2 * 2)
        try:
            if not encoder or encoder[0].size_px != size_px:
                encoder[:] = [H264Encoder(width_px=size_px[0], height_px=size_px[1])]
            encoded = encoder[0].encode(picture, key=key, bit_rate_bps=bps, fps=min(self._fps, self._rate.fps))
            self.trouble = None
        except InvalidInput as error:
            if self.trouble is None:
                log.error("camera %s: %s", self.camera_id, error)  # said once, not with every picture
            self.trouble = error
            return None
        return encoded

    def _send(self, encoded: EncodedPicture | None, *, key_asked: bool) -> None:
        if encoded is None:
            self.counts.refused += 1
            self._key_wanted = self._key_wanted or key_asked
            return
        self.counts.encoded += 1
        self.counts.keys += encoded.key
        self._bits += 8 * encoded.size_bytes
        for queue in self.viewers.values():
            queue.put(encoded)

    def _is_due(self, heard_s: float) -> bool:
        """Whether somebody reads, and the frame rate has room for a picture."""
        if not any(queue.live for queue in self.viewers.values()):
            return False
        period_s = 1 / self._rate.fps
        if heard_s < self._next_due_s - period_s / 4:
            self.counts.skipped += 1
            return False
        self._next_due_s = max(self._next_due_s, heard_s - period_s) + period_s
        return True

    def _key_is_due(self, heard_s: float) -> bool:
        if not self._key_wanted or heard_s - self._keyed_s < self._policy.key_every_s:
            return False
        self._key_wanted, self._keyed_s = False, heard_s
        return True

    def _adapt(self) -> None:
        now_s = self._monotonic_s()
        after_s = now_s - self._rated_s
        if after_s < RATE_EVERY_S:
            return
        sent_bps, self._bits, self._rated_s = self._bits / after_s, 0, now_s
        before = self._rate
        self._rate = next_rate(before, self._says, sent_bps=sent_bps, now_s=now_s, after_s=after_s, policy=self._policy)
        if self._rate.fps != before.fps:
            log.info("camera %s: %g -> %g pictures a second at most", self.camera_id, before.fps, self._rate.fps)
        if not 1 / TELL_FACTOR < self._rate.bps / self._told_bps < TELL_FACTOR:
            told = (self._told_bps / 1_000, self._rate.bps / 1_000)
            log.info("camera %s: %.0f -> %.0f kbit/s", self.camera_id, *told)
            self._told_bps = self._rate.bps
