"""Viewers of one robot's camera, put together: camera, encoder, sessions, and how they fare."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import aioice.ice

from patrol_core.errors import InvalidInput
from patrol_core.event_loop import call_in
from teleop import phrases
from teleop.encoder import H264Encoder
from teleop.feed import CameraFeed
from teleop.media_node import CAMERA_ID, MediaEars, MediaNode, OfferAnswered, OfferHeard, RosCamera
from teleop.offer import ice_servers_from
from teleop.overlay import Seen
from teleop.parts import CameraSigns
from teleop.session import Asked
from teleop.sessions import Sessions
from teleop.settings import EVERY

log = logging.getLogger(__name__)


class Serving:
    """Satisfies what the node asks. Needs aiortc and PyAV: nothing else of this package imports it."""

    version = H264Encoder.version

    def __init__(self, node: MediaNode, *, host: str, monotonic_s: Callable[[], float]) -> None:
        leave_from(host)
        self._node = node
        self._monotonic_s = monotonic_s
        self._loop = asyncio.get_running_loop()
        self._feed = CameraFeed(
            RosCamera(node, monotonic_s, self._on_seen), camera_id=CAMERA_ID, monotonic_s=monotonic_s
        )
        self._sessions = Sessions({CAMERA_ID: self._feed}, monotonic_s=monotonic_s)
        self._counted = (0, 0)

    def begin(self) -> None:
        """Open the robot's doors to viewers."""
        self._node.attend(self._loop, MediaEars(open=self._open, close=self._close))

    async def run(self) -> None:
        """Look after the viewers until cancelled."""
        await self._sessions.run()

    def signs(self) -> CameraSigns:
        """What is seen of the camera since the last call."""
        feed, counts = self._feed, self._feed.counts
        pictures, replaced = counts.pictures - self._counted[0], counts.replaced - self._counted[1]
        self._counted = (counts.pictures, counts.replaced)
        since_s = feed.last_heard_s if feed.last_heard_s is not None else feed.begun_s
        return CameraSigns(
            watched=feed.begun_s is not None,
            published=self._node.camera_is_published(),
            silent_s=0.0 if since_s is None else self._monotonic_s() - since_s,
            unusable=None if feed.trouble is None else str(feed.trouble),
            pictures=pictures,
            replaced=replaced,
        )

    async def _open(self, heard: OfferHeard) -> OfferAnswered:
        try:
            servers = ice_servers_from(heard.ice_servers)
        except InvalidInput as error:
            return OfferAnswered(answer_sdp=None, because=phrases.offer_refused(str(error)))
        answer = await self._sessions.open(
            Asked(
                session_id=heard.session_id,
                camera_id=heard.camera_id,
                viewer=heard.viewer,
                offer_sdp=heard.offer_sdp,
                ice_servers=servers,
            )
        )
        return OfferAnswered(answer_sdp=answer.sdp, because=answer.because)

    async def _close(self, session_id: str) -> bool:
        return await self._sessions.close(session_id, because="the center said so")

    def _on_seen(self, seen: Seen) -> None:
        call_in(self._loop, self._sessions.show, seen)


def leave_from(host: str) -> None:
    """Offer only this address of the machine to viewers; `*` leaves the choice to ICE (every one but loopback).

    aioice has no option for it, and would bind a socket to each interface of the machine.
    """
    if host != EVERY:
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [host]
