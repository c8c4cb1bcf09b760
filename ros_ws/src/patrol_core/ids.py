"""UUIDv7 (RFC 9562): ids that sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

IdSource = Callable[[], UUID]

_COUNTER_BITS = 12
_lock = threading.Lock()
_last_tick = 0


def uuid7() -> UUID:
    """A new id; within one process each sorts after the one before (a counter in `rand_a`, RFC 9562 method 1)."""
    global _last_tick  # noqa: PLW0603 - the one counter of the process, behind its lock
    with _lock:
        tick = (time.time_ns() // 1_000_000) << _COUNTER_BITS
        _last_tick = tick = max(tick, _last_tick + 1)
    stamp_ms, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
    return UUID(int=(stamp_ms << 80) | (0x7 << 76) | (counter << 64) | (0x2 << 62) | secrets.randbits(62))


@lru_cache(maxsize=4_096)
def id_text(value: UUID) -> str:
    """Its 36 characters. An id that is written is written several times: writing it costs ten times as much."""
    return str(value)
