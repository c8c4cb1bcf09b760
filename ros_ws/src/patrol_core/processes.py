"""Child processes that never outlive their parent: started in a session of their own, ended in order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_YIELDS_MEMORY = "500"  # of -1000 to 1000 (proc(5), oom_score_adj)


def spawn(
    argv: Sequence[str], *, env: Mapping[str, str] | None = None, keep: Sequence[int] = (), nice: int = 0
) -> subprocess.Popen[bytes]:
    """Start `argv` in its own session, with SIGTERM sent to it if this process dies, even by kill -9 (Linux).

    The terminal's Ctrl-C therefore reaches only this process, which ends its children in order. Call it from the main
    thread: the kernel takes the death of the *thread* that started the child for the parent's death.

    Args:
        argv: the command.
        env: its environment; this process's own where None.
        keep: file descriptors it inherits.
        nice: above 0 it yields the processor to others, and memory too: the kernel ends it before them.
    """
    parent = os.getpid()

    def follow_parent() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it died before the call above
                os.kill(os.getpid(), signal.SIGTERM)
        if nice > 0:
            os.nice(nice)
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text(_YIELDS_MEMORY)

    return subprocess.Popen(  # noqa: S603 - our own command
        list(argv),
        env=dict(env) if env is not None else None,
        stdin=subprocess.DEVNULL,
        pass_fds=tuple(keep),
        start_new_session=True,
        preexec_fn=follow_parent,  # noqa: PLW1509 - callers start children from their one main thread
    )


def stop(children: Sequence[subprocess.Popen[bytes]], *, within_s: float = 5.0) -> list[int]:
    """End all: SIGTERM, then SIGKILL to those still alive after `within_s` of real time; their exit codes."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + within_s
    for child in children:
        try:
            child.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return [child.wait() for child in children]
