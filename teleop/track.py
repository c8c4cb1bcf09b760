"""The track of one viewer: hands aiortc packets that were encoded once for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from teleop.encoder import EncodedPicture
from teleop.viewer_queue import ViewerQueue


class EncodedTrack(MediaStreamTrack):
    """aiortc sends a packet whole before it asks for the next: that is when `sent` tells of the one before."""

    kind = "video"

    def __init__(
        self, queue: ViewerQueue, *, sent: Callable[[EncodedPicture], None], ended: Callable[[], None]
    ) -> None:
        """`ended` is called when no more packets will come."""
        super().__init__()
        self._ended = ended
        self._queue = queue
        self._sent = sent
        self._last: EncodedPicture | None = None

    async def recv(self) -> av.Packet[Any]:
        """The next packet; first called once the viewer is connected."""
        if self._last is not None:
            self._sent(self._last)
        self._queue.begin()
        self._last = await self._queue.next()
        if self._last is None:
            self.stop()
            self._ended()
            raise MediaStreamError
        return self._last.packet
