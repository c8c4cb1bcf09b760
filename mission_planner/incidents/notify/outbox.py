"""Follows the log of tellings for one channel, by cursors on disk, and tries again for as long as it takes.

Nothing is given up and nothing is dropped: what waits is the log itself, and each batch is what is left of it. Tellings
about people who may call for help have a cursor of their own, so that none waits behind those of a storm of alarms.
Which of the two a telling is follows from its incident's hazard, which never changes.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial

from mission_planner.incidents.notify.channel import Channel
from mission_planner.store import notices
from mission_planner.store.protocol import Store, Tx, Urgency
from patrol_core.errors import PatrolError
from patrol_core.kind import CALLING, KINDS

log = logging.getLogger(__name__)

BATCH = 500
FAR = 500  # tellings of the other cursor: one that is so far behind is moved, though it carried nothing
RETRY_FIRST_S, RETRY_MAX_S = 1.0, 60.0  # real time
_KINDS = {
    Urgency.CALL: frozenset(kind for kind, policy in KINDS.items() if policy.family in CALLING),
    Urgency.ALARM: frozenset(kind for kind, policy in KINDS.items() if policy.family not in CALLING),
}


class Outbox:
    """One channel at work."""

    def __init__(self, store: Store, channel: Channel) -> None:
        self._channel = channel
        self._lines = [_Line(store, channel, urgency) for urgency in Urgency]

    @property
    def name(self) -> str:
        """Of the channel."""
        return self._channel.name

    @property
    def trouble(self) -> str | None:
        """Why something is not carried now; None where all is."""
        return next((line.trouble for line in self._lines if line.trouble), None)

    def wake(self) -> None:
        """There is something new to tell."""
        for line in self._lines:
            line.something.set()

    async def run(self) -> None:
        """Carry for ever."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._channel.close)
            group = await stack.enter_async_context(asyncio.TaskGroup())
            for line in self._lines:
                group.create_task(line.run())


class _Line:
    """The tellings of one urgency, in order."""

    def __init__(self, store: Store, channel: Channel, urgency: Urgency) -> None:
        self._store = store
        self._channel = channel
        self._kinds = _KINDS[urgency]
        self._cursor = _cursor_of(channel, urgency)
        self.something = asyncio.Event()
        self.something.set()  # what was left by the process before
        self.trouble: str | None = None

    async def run(self) -> None:
        """Carry for ever; what fails is tried again, ever more slowly."""
        pause_s = RETRY_FIRST_S
        while True:
            await self.something.wait()
            self.something.clear()
            try:
                while await self._carry():
                    pass
                self.trouble, pause_s = None, RETRY_FIRST_S
            except PatrolError as error:
                if self.trouble != str(error):
                    log.warning("%s: %s; trying again for as long as it takes", self._cursor, error)
                self.trouble = str(error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, RETRY_MAX_S)
                self.something.set()

    async def _carry(self) -> bool:
        """Carry what waits; whether there may be more."""
        position = await self._store.write(self._position)
        waiting, upto = await self._store.read(partial(notices.after, seq=position, limit=BATCH, kinds=self._kinds))
        if waiting:
            await self._channel.carry(waiting)
        if waiting or upto - position >= FAR:
            await self._store.write(lambda tx: notices.carry(tx, self._cursor, upto))
        return len(waiting) == BATCH

    def _position(self, tx: Tx) -> int:
        """Where it stands.

        A channel that is new begins now, not with last year's incidents; both cursors at once, and a second one that
        is new where the first one stands.
        """
        position = notices.carried(tx, self._cursor)
        if position is not None:
            return position
        first = notices.carried(tx, self._channel.name)
        position = first if first is not None else notices.newest(tx)
        for urgency in Urgency:
            if notices.carried(tx, cursor := _cursor_of(self._channel, urgency)) is None:
                notices.carry(tx, cursor, position)
        return position


def _cursor_of(channel: Channel, urgency: Urgency) -> str:
    return channel.name if urgency is Urgency.ALARM else f"{channel.name}.{urgency}"
