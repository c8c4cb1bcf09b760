"""A WHEP viewer made of aiortc, as strange or as quiet as a test wants it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription

from teleop.session import Asked


def codecs_named(*names: str) -> list[Any]:
    """Capabilities of a receiver, by name."""
    wanted = {f"video/{name}" for name in names}
    return [c for c in RTCRtpReceiver.getCapabilities("video").codecs if c.mimeType in wanted]


class Viewer:
    """One end of a call."""

    def __init__(self, *, codecs: tuple[str, ...] = ("H264", "rtx"), data: bool = True) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.said: list[dict[str, Any]] = []  # over the data channel
        self.labels: list[str] = []
        self.shown = 0
        self.sizes_px: set[tuple[int, int]] = set()
        transceiver = self.peer.addTransceiver("video", direction="recvonly")
        transceiver.setCodecPreferences(codecs_named(*codecs))
        self.receiver = transceiver.receiver
        if data:
            self.peer.createDataChannel("viewer", ordered=False, maxRetransmits=0)
        self.peer.on("datachannel", self._on_channel)
        self._reading: asyncio.Task[None] | None = None

    async def offer(self) -> str:
        """The SDP offer, with its candidates."""
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def accept(self, answer_sdp: str, *, read: bool = True) -> None:
        """Take the answer; pictures are decoded unless `read` is false."""
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp=answer_sdp, type="answer"))
        if read:
            self._reading = asyncio.get_running_loop().create_task(self._read())

    async def ask_for_key(self) -> None:
        """Send a PLI."""
        (ssrc,) = self.receiver._RTCRtpReceiver__active_ssrc  # type: ignore[attr-defined]
        await self.receiver._send_rtcp_pli(ssrc)

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        await self.peer.close()

    async def _read(self) -> None:
        while True:
            frame: Any = await self.receiver.track.recv()
            self.shown += 1
            self.sizes_px.add((frame.width, frame.height))

    def _on_channel(self, channel: Any) -> None:
        self.labels.append(channel.label)
        channel.on("message", lambda text: self.said.append(json.loads(text)))


@asynccontextmanager
async def viewer(**options: Any) -> AsyncIterator[Viewer]:
    """A viewer that leaves with the block, saying goodbye."""
    made = Viewer(**options)
    try:
        yield made
    finally:
        await made.close()


def asked(offer_sdp: str, *, session_id: str = "s1", camera_id: str = "front") -> Asked:
    """What the center carries to the robot."""
    return Asked(session_id=session_id, camera_id=camera_id, viewer="op", offer_sdp=offer_sdp, ice_servers=[])
