"""A narrow network between robot and viewer: UDP through a pipe of so many bits a second with a second of queue."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

QUEUE_S = 1.0


class NarrowLink(asyncio.DatagramProtocol):
    """Carries both ways; only what comes from the robot is narrowed. Overflow of the queue: the newcomer is dropped."""

    def __init__(self, bps: float) -> None:
        self.bps = bps
        self.dropped = 0
        self.carried = 0
        self._robot: tuple[str, int] | None = None
        self._viewer: tuple[str, int] | None = None
        self._queue: deque[bytes] = deque()
        self._queued_bits = 0
        self._transport: Any = None
        self._pumping: asyncio.Task[None] | None = None

    async def between(self, answer_sdp: str) -> str:
        """The robot's answer with the link's address in the place of the robot's."""
        found = re.search(r"^a=candidate:\S+ 1 udp \d+ (127\.0\.0\.1) (\d+) typ host", answer_sdp, re.MULTILINE)
        assert found, answer_sdp
        self._robot = (found[1], int(found[2]))
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        port = self._transport.get_extra_info("sockname")[1]
        return answer_sdp.replace(f" 127.0.0.1 {found[2]} typ host", f" 127.0.0.1 {port} typ host")

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._pumping is not None:
            self._pumping.cancel()
            await asyncio.wait({self._pumping})
        await asyncio.sleep(0)  # the socket is closed in the loop's next round

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if addr != self._robot:
            self._viewer = addr
            self._transport.sendto(data, self._robot)
            return
        if self._queued_bits + 8 * len(data) > self.bps * QUEUE_S:
            self.dropped += 1
            return
        self._queue.append(data)
        self._queued_bits += 8 * len(data)
        if self._pumping is None or self._pumping.done():
            self._pumping = asyncio.get_running_loop().create_task(self._pump())

    async def _pump(self) -> None:
        while self._queue:
            data = self._queue.popleft()
            await asyncio.sleep(8 * len(data) / self.bps)
            self._queued_bits -= 8 * len(data)
            self.carried += 1
            self._transport.sendto(data, self._viewer)


@asynccontextmanager
async def narrow_link(bps: float) -> AsyncIterator[NarrowLink]:
    """A link for the length of a block."""
    link = NarrowLink(bps)
    try:
        yield link
    finally:
        await link.close()


def without_candidates(offer_sdp: str) -> str:
    """The offer of a viewer who can only be reached through the link."""
    lines = [line for line in offer_sdp.splitlines() if not line.startswith(("a=candidate:", "a=end-of-candidates"))]
    return "\r\n".join(lines) + "\r\n"
