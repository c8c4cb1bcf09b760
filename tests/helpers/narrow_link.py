"""A narrow network between robot and viewer: UDP through a pipe of so many bits a second with a second of queue."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

QUEUE_S = 1.0
LATE_S = 0.1
CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \d+ (127\.0\.0\.1) (\d+) typ host", re.MULTILINE)


class NarrowLink(asyncio.DatagramProtocol):
    """Carries both ways; only what comes from the robot is narrowed. Overflow of the queue: the newcomer is dropped."""

    def __init__(self, bps: float) -> None:
        self.bps = bps
        self.dropped = 0
        self.queued_bits = 0
        self._loop = asyncio.new_event_loop()
        self._robot: Any = None
        self._viewer: Any = None
        self._queue: deque[bytes] = deque()
        self._came = asyncio.Event()
        self._transport: Any = None

    def between(self, answer_sdp: str) -> str:
        """The robot's answer with the link's address in the place of the robot's. From any thread."""
        found = CANDIDATE.search(answer_sdp)
        assert found, answer_sdp
        self._robot = (found[1], int(found[2]))
        port = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(60)
        return answer_sdp.replace(f" 127.0.0.1 {found[2]} typ host", f" 127.0.0.1 {port} typ host")

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if addr != self._robot:
            self._viewer = addr
            self._transport.sendto(data, self._robot)
        elif self.queued_bits + 8 * len(data) > self.bps * QUEUE_S:
            self.dropped += 1
        else:
            self._queue.append(data)
            self.queued_bits += 8 * len(data)
            self._came.set()

    async def _open(self) -> int:
        self._transport, _ = await self._loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return int(self._transport.get_extra_info("sockname")[1])

    async def _pump(self) -> None:
        free_s = 0.0  # when the pipe has carried what was put into it; a late wake-up is made up for
        while True:
            await self._came.wait()
            self._came.clear()
            while self._queue:
                data = self._queue.popleft()
                free_s = max(free_s, self._loop.time() - LATE_S) + 8 * len(data) / self.bps
                if free_s > self._loop.time():
                    await asyncio.sleep(free_s - self._loop.time())
                self.queued_bits -= 8 * len(data)
                self._transport.sendto(data, self._viewer)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        pumping = self._loop.create_task(self._pump())
        self._loop.run_forever()
        pumping.cancel()
        if self._transport is not None:
            self._transport.close()
        self._loop.run_until_complete(asyncio.wait({pumping}))
        self._loop.close()


@contextmanager
def narrow_link(bps: float) -> Iterator[NarrowLink]:
    """A link for the length of a block, in a thread of its own."""
    link = NarrowLink(bps)
    thread = threading.Thread(target=link._run, name="narrow link")
    thread.start()
    try:
        yield link
    finally:
        link._loop.call_soon_threadsafe(link._loop.stop)
        thread.join(30)
