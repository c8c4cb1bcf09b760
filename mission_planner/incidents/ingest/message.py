"""A message as it came in, before anyone tried to understand it, and what the listener needs around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mission_planner.incidents.ingest.identity import Anybody, Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """One PUBLISH, byte for byte."""

    topic: str
    payload: bytes
    qos: int  # 0, 1 or 2, as the publisher sent it
    retain: bool  # the publisher's wish; this endpoint retains nothing
    client_id: str
    username: str | None
    received_at: datetime | None  # UTC, site time; None where site time was not known yet


Sink = Callable[[Sequence[RawMessage]], Awaitable[None]]
"""Keeps a batch: returns after the commit and not before; raises when the batch is not kept as a whole.

The listener acknowledges what the sink returned from, and nothing else. One call runs at a time.
"""


class Authenticate(Protocol):
    """Decides who may connect."""

    async def __call__(
        self, *, client_id: str, username: str | None, password: bytes | None, peer_is_loopback: bool
    ) -> Identity | None:
        """Who it is; None keeps the client out. Slow work belongs in a thread: the loop waits on this."""


async def anonymous_from_loopback(
    *, client_id: str, username: str | None, password: bytes | None, peer_is_loopback: bool
) -> Identity | None:
    """Anyone on this machine, nobody else."""
    return Anybody() if peer_is_loopback else None
