"""Follows the log of tellings for one channel, by a cursor on disk, and tries again for as long as it takes.

Nothing is given up and nothing is dropped: what waits is the log itself, and each batch is what is left of it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack

from mission_planner.incidents.notify.channel import Channel
from mission_planner.store import notices
from mission_planner.store.protocol import Store, Tx
from patrol_core.errors import PatrolError

log = logging.getLogger(__name__)

BATCH = 500
RETRY_FIRST_S, RETRY_MAX_S = 1.0, 60.0  # real time


class Outbox:
    """One channel at work."""

    def __init__(self, store: Store, channel: Channel) -> None:
        self._store = store
        self._channel = channel
        self._something = asyncio.Event()
        self._something.set()  # what was left by the process before
        self.trouble: str | None = None

    @property
    def name(self) -> str:
        """Of the channel."""
        return self._channel.name

    def wake(self) -> None:
        """There is something new to tell."""
        self._something.set()

    async def run(self) -> None:
        """Carry for ever; what fails is tried again, ever more slowly."""
        pause_s = RETRY_FIRST_S
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._channel.close)
            while True:
                await self._something.wait()
                self._something.clear()
                try:
                    while await self._carry():
                        pass
                    self.trouble, pause_s = None, RETRY_FIRST_S
                except PatrolError as error:
                    if self.trouble != str(error):
                        log.warning("%s: %s; trying again for as long as it takes", self.name, error)
                    self.trouble = str(error)
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, RETRY_MAX_S)
                    self._something.set()

    async def _carry(self) -> bool:
        """Carry what waits; whether there may be more."""
        position = await self._store.write(self._position)
        waiting = await self._store.read(lambda tx: notices.after(tx, position, BATCH))
        if not waiting:
            return False
        await self._channel.carry(waiting)
        last = waiting[-1].seq
        await self._store.write(lambda tx: notices.carry(tx, self.name, last))
        return len(waiting) == BATCH

    def _position(self, tx: Tx) -> int:
        """Where the channel stands; one that is new begins now, not with last year's incidents."""
        position = notices.carried(tx, self.name)
        if position is None:
            position = notices.newest(tx)
            notices.carry(tx, self.name, position)
        return position
