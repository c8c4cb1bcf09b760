"""Keeps child processes alive: each by itself, dead or hung, back with growing patience, and all gone in time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from patrol_core.heartbeat import VARIABLE
from patrol_core.processes import spawn, stop

START_S = 120.0  # a process may load for so long before its first heartbeat
REFUSED = 2  # exit code of a process that said in one sentence why it cannot start
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long a dead process stays dead. Real time."""

    first_s: float = 0.5
    max_s: float = 10.0
    healthy_s: float = 20.0  # one that lived so long starts from `first_s` again

    def wait_s(self, deaths: int) -> float:
        """Before the restart after so many deaths in a row, from 1."""
        return float(min(self.first_s * 2 ** min(deaths - 1, 30), self.max_s))


@dataclass(slots=True, kw_only=True)
class Child:
    """One process to keep alive."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)  # beside the supervisor's own
    needed: bool = True  # where it refuses to start, the whole cannot be
    nice: int = 0  # above 0 it yields processor and memory to the others
    silent_s: float | None = None  # real time without a heartbeat after which it counts as hung; None: not watched
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    restart_at_s: float = 0.0
    deaths: int = 0  # in a row
    lived: bool = field(default=False)  # was healthy once: a refusal now is a fault, and no refusal to start
    refused: bool = field(default=False)  # it is not needed and said why it cannot start: it is not started again
    pulse: int | None = None  # reading end of its heartbeat's pipe
    heard_s: float = 0.0  # monotonic, of its newest heartbeat, or of its start

    @property
    def hung_at_s(self) -> float | None:
        """When it counts as hung if it stays silent; None while nobody watches. A start takes longer than a beat."""
        if self.process is None or self.silent_s is None:
            return None
        return self.heard_s + (self.silent_s if self.heard_s > self.started_s else max(self.silent_s, START_S))

    def started(self, environment: Mapping[str, str], now_s: float) -> None:
        """Start the process, with a pipe for its heartbeat where that is watched."""
        own = {**environment, **self.environment}
        self.started_s = self.heard_s = now_s
        if self.silent_s is None:
            self.process = spawn(self.argv, env=own, nice=self.nice)
            return
        self.pulse, writing = os.pipe()
        os.set_blocking(self.pulse, False)
        try:
            own[VARIABLE] = str(writing)
            self.process = spawn(self.argv, env=own, keep=(writing,), nice=self.nice)
        finally:
            os.close(writing)

    def listened(self, now_s: float) -> None:
        """Note the heartbeats that came."""
        if self.pulse is not None:
            with contextlib.suppress(BlockingIOError):
                if os.read(self.pulse, 4096):
                    self.heard_s = now_s

    def forgot(self) -> None:
        """Close the pipe of a process that is gone."""
        if self.pulse is not None:
            os.close(self.pulse)
            self.pulse = None

    def died(self, code: int, now_s: float, backoff: Backoff) -> None:
        """Note a death and when to start again."""
        if now_s - self.started_s >= backoff.healthy_s:
            self.deaths, self.lived = 0, True
        self.deaths += 1
        wait_s = backoff.wait_s(self.deaths)
        self.process, self.restart_at_s = None, now_s + wait_s
        log.warning("the %s process ended %s; starting it again in %.1f s", self.name, said(code), wait_s)


class Supervisor:
    """Starts the children, restarts each that dies, and ends all within `end_within_s` when told to.

    They know nothing of each other's death: no child is ever ended because of another one, but where one that is
    needed refuses to start at all (its sentence is in the log): then the whole cannot be. One that is not needed and
    refuses stays away. One whose heartbeat fell silent is ended and comes back like one that died.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        backoff: Backoff | None = None,
        end_within_s: float = 2.0,
    ) -> None:
        self._children = children
        self._environment = environment
        self._backoff = backoff or Backoff()
        self._end_within_s = end_within_s

    async def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code. Call it in the main thread."""
        loop = asyncio.get_running_loop()
        ending, changed = asyncio.Event(), asyncio.Event()

        def end() -> None:
            ending.set()
            changed.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        loop.add_signal_handler(signal.SIGCHLD, changed.set)
        try:
            while not ending.is_set():
                changed.clear()
                now_s = time.monotonic()
                if self._look_after(now_s) == REFUSED:
                    return REFUSED
                dead = [c.restart_at_s for c in self._children if c.process is None and not c.refused]
                listen = [now_s + c.silent_s for c in self._children if c.silent_s is not None]
                due_s = min((at_s - now_s for at_s in (*dead, *listen)), default=None)
                try:
                    async with asyncio.timeout(due_s):
                        await changed.wait()
                except TimeoutError:
                    continue
            return 0
        finally:
            stop([c.process for c in self._children if c.process is not None], within_s=self._end_within_s)
            for child in self._children:
                child.forgot()

    def _look_after(self, now_s: float) -> int | None:
        for child in self._children:
            child.listened(now_s)
            if child.process is not None and child.hung_at_s is not None and now_s >= child.hung_at_s:
                _end_hung(child, now_s)
            code = child.process.poll() if child.process is not None else None
            if code == REFUSED and not child.lived and now_s - child.started_s < self._backoff.healthy_s:
                if child.needed:
                    log.error("the %s process cannot start (above it says why); ending the rest", child.name)
                    return REFUSED
                log.error("the %s process cannot start (above it says why); the rest goes on without it", child.name)
                child.process, child.refused = None, True
                child.forgot()
            elif code is not None:
                child.died(code, now_s, self._backoff)
                child.forgot()
            if child.process is None and not child.refused and now_s >= child.restart_at_s:
                child.started(self._environment, now_s)
        return None


def _end_hung(child: Child, now_s: float) -> None:
    """A process that hangs may not hear SIGTERM either; its own children go with it."""
    if child.process is None or child.process.poll() is not None:
        return
    log.error("the %s process has given no sign of life for %.0f s; ending it", child.name, now_s - child.heard_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def said(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
