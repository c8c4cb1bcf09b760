"""What one viewer has yet to be sent: a few encoded pictures, never more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from teleop.encoder import EncodedPicture

DEPTH = 8  # pictures; two thirds of a second at 12 pictures a second


class ViewerQueue:
    """Pictures of one camera for one viewer, in order, each decodable with those before it.

    Overflow: all are dropped, and all that follow, up to the next key frame, which is asked for. A viewer that is too
    slow sees a jump, never a picture that grows older. Belongs to the asyncio thread.
    """

    def __init__(self, *, want_key: Callable[[], None], depth: int = DEPTH) -> None:
        self._want_key = want_key
        self._depth = depth
        self._pictures: deque[EncodedPicture] = deque()
        self._came = asyncio.Event()
        self._needs_key = True
        self._ended = False
        self.live = False  # somebody reads
        self.dropped = 0  # pictures that this viewer never got, those before its first picture not counted

    def begin(self) -> None:
        """From here on somebody reads: a key frame, and what follows it."""
        if not self.live:
            self.live = True
            self._want_key()

    def put(self, encoded: EncodedPicture) -> None:
        """Take one, or drop it."""
        if not self.live or self._ended:
            return
        if len(self._pictures) >= self._depth:
            self.dropped += len(self._pictures)
            self._pictures.clear()
            self._needs_key = True
        if self._needs_key and not encoded.key:
            self.dropped += 1
            self._want_key()
            return
        self._needs_key = False
        self._pictures.append(encoded)
        self._came.set()

    async def next(self) -> EncodedPicture | None:
        """The oldest; None once the viewer has ended."""
        while not self._pictures:
            if self._ended:
                return None
            self._came.clear()
            await self._came.wait()
        return None if self._ended else self._pictures.popleft()

    def end(self) -> None:
        """Nobody reads any more."""
        self._ended = True
        self._pictures.clear()
        self._came.set()
