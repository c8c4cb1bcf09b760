"""The peer that `make bench-media` measures ours against: aiortc as its manual has it, MediaRelay and an encoder each.

The same node, services, camera topic and offers as the media process; only what happens to a picture differs.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from typing import Any

import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaRelay

from patrol_core.site import Text
from patrol_wire.spinning_node import spinning
from teleop.encoder import TIME_BASE
from teleop.media_node import MediaEars, MediaNode, OfferAnswered, OfferHeard, RosCamera, media_node
from teleop.offer import checked_offer
from teleop.pictures import Picture, pixels
from teleop.serving import leave_from

log = logging.getLogger(__name__)
CODECS = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/H264"]


class CameraTrack(MediaStreamTrack):
    """The newest picture of the camera as a frame."""

    kind = "video"

    def __init__(self, node: MediaNode) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._newest: Picture | None = None
        self._began_s = time.monotonic()
        RosCamera(node, time.monotonic, lambda seen: None).start(
            lambda picture: self._loop.call_soon_threadsafe(self._put, picture) and None
        )

    def _put(self, picture: Picture) -> None:
        self._newest = picture
        self._came.set()

    async def recv(self) -> Any:
        await self._came.wait()
        self._came.clear()
        picture = self._newest
        assert picture is not None
        frame = av.VideoFrame.from_ndarray(pixels(picture), format="rgb24")
        frame.pts, frame.time_base = round((picture.heard_s - self._began_s) * 90_000), TIME_BASE
        return frame


class Stock:
    """Viewers, each with an encoder of its own."""

    def __init__(self, node: MediaNode) -> None:
        self._node = node
        self._relay = MediaRelay()
        self._source: CameraTrack | None = None
        self._peers: dict[str, RTCPeerConnection] = {}

    async def open(self, heard: OfferHeard) -> OfferAnswered:
        self._source = self._source or CameraTrack(self._node)
        peer = self._peers[heard.session_id] = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.addTrack(self._relay.subscribe(self._source, buffered=False))
        peer.getTransceivers()[0].setCodecPreferences(CODECS)
        offer = RTCSessionDescription(sdp=checked_offer(heard.offer_sdp), type="offer")
        await peer.setRemoteDescription(offer)
        await peer.setLocalDescription(await peer.createAnswer())
        return OfferAnswered(answer_sdp=peer.localDescription.sdp, because=Text(zh="", en=""))

    async def close(self, session_id: str) -> bool:
        peer = self._peers.pop(session_id, None)
        if peer is not None:
            await peer.close()
        return peer is not None


async def serve(node: MediaNode) -> None:
    """Until SIGINT."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, ending.set)
    stock = Stock(node)
    node.attend(asyncio.get_running_loop(), MediaEars(open=stock.open, close=stock.close))
    log.warning("stock video is up")
    await ending.wait()


def main() -> None:
    """Run it; arguments are ROS's."""
    leave_from("127.0.0.1")
    with media_node(sys.argv[1:]) as node, spinning(node):
        asyncio.run(serve(node))


if __name__ == "__main__":
    main()
