"""A camera of our own for tests of the console's tiles: real WebRTC by aiortc, its signalling taken from the page.

What a robot's media process does is tested with the robot; here a test decides when the picture freezes, what the eyes
say and whether the connection ends.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from av import VideoFrame
from playwright.sync_api import Page, Route

from patrol_core.site import Text
from teleop.offer import checked_offer

T = TypeVar("T")
Picture = np.ndarray[Any, np.dtype[np.uint8]]

FRAMES_HZ = 10
SETTLED_AT = 5  # frames after which the sender has an RTP time
CLOCK_HZ = 90_000
WIDTH_PX, HEIGHT_PX = 640, 480
LYING = {"id": "p1", "kind": "person", "verdict": "confirmed", "score": 0.93, "box": [0.34, 0.62, 0.7, 0.86]}
STANDING = {"id": "p2", "kind": "person", "verdict": "", "score": 0.88, "box": [0.78, 0.36, 0.88, 0.78]}


def moving_bar(nth: int) -> Picture:
    """A grey ground with a bright bar that moves, so that no two frames are alike."""
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 96, dtype=np.uint8)
    at = (nth * 12) % WIDTH_PX
    picture[:, at : at + 40] = 220
    return picture


@dataclass(slots=True)
class Camera:
    """Answers offers, and plays what the test wants. Its own thread runs asyncio."""

    draw: Callable[[int], Picture] = moving_bar
    boxes: list[dict[str, object]] = field(default_factory=list)
    frozen: bool = False
    refusal: Text | None = None  # instead of an answer
    opened: int = 0
    peers: dict[str, RTCPeerConnection] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def serve(self, page: Page) -> None:
        """Take the page's video signalling where no center could: every robot shows this camera."""
        whep, delete = partial(Camera._whep, self), partial(Camera._delete, self)  # Playwright marks what it is given
        page.route("**/api/v1/robots/*/cameras/*/whep", whep)
        page.route("**/api/v1/video/played-*", delete)

    def answer(self, session: str, offer: str) -> str:
        """The SDP answer to a viewer's offer."""
        return self._run(self._answer(session, offer))

    def leave(self, session: str) -> bool:
        """End a viewer's session; whether there was one."""
        peer = self.peers.pop(session, None)
        if peer is not None:
            self._run(peer.close())
        return peer is not None

    def hang_up(self) -> None:
        """End every connection, as a robot that is switched off."""
        for session in list(self.peers):
            self.leave(session)

    def _whep(self, route: Route) -> None:
        if self.refusal is not None:
            error = {"code": "unavailable", "message": self.refusal.en, "message_zh": self.refusal.zh, "where": None}
            return route.fulfill(status=503, json={"error": error})
        session = f"played-{self.opened + 1}"
        answer = self.answer(session, route.request.post_data or "")
        headers = {"Location": f"/api/v1/video/{session}"}
        return route.fulfill(status=201, content_type="application/sdp", headers=headers, body=answer)

    def _delete(self, route: Route) -> None:
        self.leave(route.request.url.rsplit("/", 1)[1])
        route.fulfill(status=200)

    async def _answer(self, session: str, offer: str) -> str:
        peer = RTCPeerConnection()
        self.opened += 1
        self.peers[session] = peer
        track = _Track(self)
        track.sender = peer.addTrack(track)
        (transceiver,) = peer.getTransceivers()
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([c for c in codecs if c.mimeType == "video/H264"])
        await peer.setRemoteDescription(RTCSessionDescription(sdp=checked_offer(offer), type="offer"))
        channel = peer.createDataChannel("detections", ordered=False, maxRetransmits=0)
        track.say = lambda text: channel.send(text) if channel.readyState == "open" else None
        await peer.setLocalDescription(await peer.createAnswer())
        return str(peer.localDescription.sdp)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)


class _Track(MediaStreamTrack):
    """Frames at a steady pace; none while the camera is frozen. Says the time and the boxes of each."""

    kind = "video"

    def __init__(self, camera: Camera) -> None:
        super().__init__()
        self._camera = camera
        self._nth = 0
        self._rtp_origin: int | None = None  # aiortc adds a random one
        self.say: Callable[[str], None] = lambda _text: None
        self.sender: RTCRtpSender | None = None

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(1 / FRAMES_HZ)
        while self._camera.frozen:
            await asyncio.sleep(1 / FRAMES_HZ)
        if self.sender is not None and self._nth == SETTLED_AT:
            self._rtp_origin = self.sender._RTCRtpSender__rtp_timestamp - self._pts
        self._nth += 1
        frame = VideoFrame.from_ndarray(self._camera.draw(self._nth), format="rgb24")
        frame.pts = self._pts
        frame.time_base = Fraction(1, CLOCK_HZ)
        self._tell()
        return frame

    @property
    def _pts(self) -> int:
        return self._nth * CLOCK_HZ // FRAMES_HZ

    def _tell(self) -> None:
        if self._rtp_origin is None:
            return
        rtp = (self._rtp_origin + self._pts) % 2**32
        stamp = datetime.now(UTC).isoformat()
        seen = [{**box, "distance_m": 3.1} for box in self._camera.boxes]
        self.say(json.dumps({"stamp": stamp, "rtp": rtp, "camera": "front", "model": "test", "boxes": seen}))
        self.say(json.dumps({"type": "stamp", "rtp": rtp, "stamp": stamp, "age_ms": 20}))


@contextmanager
def camera(draw: Callable[[int], Picture] = moving_bar) -> Iterator[Camera]:
    """A camera whose thread and connections end with the block."""
    held = Camera(draw=draw)
    thread = threading.Thread(target=held._loop.run_forever, name="camera", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        held.hang_up()
        held._loop.call_soon_threadsafe(held._loop.stop)
        thread.join(timeout=10)
        held._loop.close()
