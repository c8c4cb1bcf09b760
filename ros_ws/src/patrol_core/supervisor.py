"""Keeps child processes alive: each by itself, back with growing patience, and all gone in time."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from patrol_core.processes import spawn, stop

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
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    restart_at_s: float = 0.0
    deaths: int = 0  # in a row
    lived: bool = field(default=False)  # was healthy once: a refusal now is a fault, and no refusal to start

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

    They know nothing of each other's death: no child is ever ended because of another one, but where one refuses to
    start at all (its sentence is in the log): then the whole cannot be.
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
                due_s = [c.restart_at_s - now_s for c in self._children if c.process is None]
                try:
                    await asyncio.wait_for(changed.wait(), min(due_s, default=None))
                except TimeoutError:
                    continue
            return 0
        finally:
            stop([c.process for c in self._children if c.process is not None], within_s=self._end_within_s)

    def _look_after(self, now_s: float) -> int | None:
        for child in self._children:
            code = child.process.poll() if child.process is not None else None
            if code == REFUSED and not child.lived and now_s - child.started_s < self._backoff.healthy_s:
                log.error("the %s process cannot start (above it says why); ending the rest", child.name)
                return REFUSED
            if code is not None:
                child.died(code, now_s, self._backoff)
            if child.process is None and now_s >= child.restart_at_s:
                environment = {**self._environment, **child.environment}
                child.process, child.started_s = spawn(child.argv, env=environment), now_s
        return None


def said(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
