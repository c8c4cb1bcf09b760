"""Wait for a condition instead of sleeping: the only place where tests look at the clock."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, within_s: float = 10.0, every_s: float = 0.02, what: str = "") -> T:
    """The first truthy value of `condition`; fails with the last one seen after `within_s` of real time."""
    deadline = time.monotonic() + within_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what or condition}; last seen: {value!r}")
        time.sleep(every_s)


def free_port(*, room: int = 1) -> int:
    """The first of `room` TCP ports that were free a moment ago, below the kernel's ephemeral range."""
    while True:
        first = random.randrange(15_000, 32_000)
        if all(_is_free(port) for port in range(first, first + room)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
