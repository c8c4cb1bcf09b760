"""Group commit: messages gather while a commit runs, and the next commit takes them all.

Policy of the queue: bounded by count and bytes, the batch being committed not included. A full queue takes nothing and
drops nothing: its caller stops reading sockets until a batch has left, so TCP makes the publishers wait. Only a commit
that returned is acknowledged. A commit that raised, or took longer than `sink_timeout_s`, acknowledges nothing: the
connections of its batch are closed, and their publishers send again. A sink that dies with anything but an `Exception`
ends `run`, and so the whole listener.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mission_planner.incidents.ingest.message import RawMessage, Sink
from patrol_core.errors import Unavailable

log = logging.getLogger(__name__)

Sender = TypeVar("Sender")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """How much may wait, and how long a commit may take."""

    waiting_messages: int = 20_000
    waiting_bytes: int = 32 * 1024 * 1024
    batch_messages: int = 2_000
    sink_timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Sender]):
    """A message on its way to the store, and who waits for its acknowledgement."""

    message: RawMessage
    sender: Sender


class Intake(Generic[Sender]):
    """The bounded queue in front of a sink. Belongs to one event loop; not thread-safe."""

    def __init__(
        self,
        sink: Sink,
        *,
        on_kept: Callable[[Sequence[Waiting[Sender]]], None],
        on_lost: Callable[[Sequence[Waiting[Sender]], str], None],
        on_space: Callable[[], None],
        limits: IntakeLimits | None = None,
    ) -> None:
        self._sink = sink
        self._on_kept = on_kept
        self._on_lost = on_lost
        self._on_space = on_space
        self._limits = limits or IntakeLimits()
        self._queue: deque[Waiting[Sender]] = deque()
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.trouble: str | None = None  # why the last commit failed; None once one succeeds

    @property
    def full(self) -> bool:
        """Whether the caller must stop reading."""
        return len(self._queue) >= self._limits.waiting_messages or self._bytes >= self._limits.waiting_bytes

    @property
    def waiting(self) -> int:
        """Messages not yet given to the sink."""
        return len(self._queue)

    def add(self, item: Waiting[Sender]) -> None:
        """Queue one message. The caller looks at `full` first."""
        if not self._queue:
            self._idle.clear()
            self._arrived.set()
        self._queue.append(item)
        self._bytes += _size(item.message)

    async def drained(self) -> None:
        """Until nothing waits and no commit runs."""
        await self._idle.wait()

    async def run(self) -> None:
        """Commit batch after batch, until cancelled.

        Raises:
            Unavailable: the sink is dead; nothing will ever be acknowledged again.
        """
        while True:
            await self._arrived.wait()
            batch = self._take()
            self._on_space()
            await self._commit(batch)
            if not self._queue:
                self._idle.set()

    def _take(self) -> list[Waiting[Sender]]:
        if len(self._queue) <= self._limits.batch_messages:
            batch = list(self._queue)
            self._queue.clear()
            self._bytes = 0
        else:
            batch = [self._queue.popleft() for _ in range(self._limits.batch_messages)]
            self._bytes -= sum(_size(item.message) for item in batch)
        if not self._queue:
            self._arrived.clear()
        return batch

    async def _commit(self, batch: Sequence[Waiting[Sender]]) -> None:
        try:
            async with asyncio.timeout(self._limits.sink_timeout_s):
                await self._sink([item.message for item in batch])
        except TimeoutError:
            self._fail(batch, f"the store did not commit within {self._limits.sink_timeout_s:g} s")
        except Exception as error:  # noqa: BLE001 - whatever the store's reason, the answer is the same
            self._fail(batch, f"the store did not commit: {type(error).__name__}: {error}")
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            # Seen with Rust extensions: a panic is no Exception, and would end this task in silence.
            self._fail(batch, f"the store died: {type(error).__name__}: {error}")
            raise Unavailable(str(self.trouble)) from error
        else:
            self.trouble = None
            self._on_kept(batch)

    def _fail(self, batch: Sequence[Waiting[Sender]], because: str) -> None:
        self.trouble = because
        log.error("mqtt: %d messages not kept and not acknowledged: %s", len(batch), because)
        self._on_lost(batch, because)


def _size(message: RawMessage) -> int:
    return len(message.payload) + len(message.topic)
