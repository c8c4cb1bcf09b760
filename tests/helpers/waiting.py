"""Wait for a condition instead of sleeping: the only place where tests look at the clock."""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


def eventually(
    condition: Callable[[], T], *, within_s: float = 30.0, every_s: float = 0.02, what: str | Callable[[], str] = ""
) -> T:
    """The first truthy value of `condition`; fails with the last one seen after `within_s` of real time.

    The deadline only ends what will never come, however busy the machine. `what` says what was awaited; a callable is
    asked when it did not come.
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


PORTS = range(15_000, 32_000)  # below the kernel's ephemeral range
_given: set[int] = set()


def free_port(*, room: int = 1) -> int:
    """The first of `room` TCP ports that were free a moment ago.

    None is given twice: the first asker may not have bound it yet. Where pytest-xdist runs several processes, each
    gives out a share of its own.
    """
    mine = _share_of_ports(os.environ)
    while True:
        first = random.choice(mine)
        wanted = range(first, min(first + room, mine.stop))
        if len(wanted) < room:
            continue
        if _given.isdisjoint(wanted) and all(_is_free(port) for port in wanted):
            _given.update(wanted)
            return first


def _share_of_ports(environment: Mapping[str, str]) -> range:
    workers = int(environment.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = int(environment.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    size = len(PORTS) // workers
    return PORTS[mine * size : (mine + 1) * size]


def _is_free(port: int) -> bool:
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
