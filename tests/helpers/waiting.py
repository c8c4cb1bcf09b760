"""Wait for a condition instead of sleeping: the only place where tests look at the clock."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(
    condition: Callable[[], T], *, within_s: float = 10.0, every_s: float = 0.02, what: str | Callable[[], str] = ""
) -> T:
    """The first truthy value of `condition`; fails with the last one seen after `within_s` of real time.

    `what` says what was awaited; a callable is asked when it did not come.
    """
    deadline = time.monotonic() + within_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            said = what() if callable(what) else what
            raise AssertionError(f"not within {within_s} s: {said or condition}; last seen: {value!r}")
        time.sleep(every_s)


_given: set[int] = set()


def free_port(*, room: int = 1) -> int:
    """The first of `room` TCP ports that were free a moment ago, below the kernel's ephemeral range.

    No port is given twice by one process: the first asker may not have bound it yet.
    """
    while True:
        first = random.randrange(15_000, 32_000)
        wanted = range(first, first + room)
        if _given.isdisjoint(wanted) and all(_is_free(port) for port in wanted):
            _given.update(wanted)
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
