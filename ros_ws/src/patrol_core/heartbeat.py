"""A sign of life from a child process to its supervisor, through a pipe: one that hangs does not write."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

VARIABLE = "RONDA_HEARTBEAT_FD"  # file descriptor of the pipe's writing end
EVERY_S = 1.0  # how often a child should beat


class Heartbeat:
    """The child's end. Without a supervisor that listens it does nothing."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def beat(self) -> None:
        """Call it about every `EVERY_S` from the thread (or threads, one after the other) whose work matters."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # the pipe is full, or the supervisor is gone: nobody needs to know more
                os.write(self._descriptor, b".")


def heartbeat_from(environment: Mapping[str, str]) -> Heartbeat:
    """As the supervisor said in `VARIABLE`; a silent one where it said nothing usable."""
    text = environment.get(VARIABLE, "")
    if not text.isdecimal():
        return Heartbeat(None)
    try:
        os.set_blocking(int(text), False)
    except OSError:
        return Heartbeat(None)  # inherited by name only: a grandchild does not have the pipe
    return Heartbeat(int(text))
