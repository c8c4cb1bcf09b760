"""Runs a launch description: starts its processes, prints what they say, starts again what died, ends them all."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from launch.context import LaunchContext, Process
from launch.description import LaunchDescription, LaunchDescriptionEntity, visit_all

_PATIENCE_S = 5.0  # for SIGINT, then for SIGTERM; then SIGKILL
_LINE_BYTES = 1 << 20  # longer lines are cut into pieces


class LaunchService:
    """One run."""

    def __init__(self, *, argv: Sequence[str] = ()) -> None:
        """`argv` are words such as `robot_id:=r1`."""
        self._arguments = dict(word.split(":=", 1) for word in argv if ":=" in word)
        self._entities: list[LaunchDescriptionEntity] = []
        self._ending = asyncio.Event()

    def include_launch_description(self, description: LaunchDescription) -> None:
        """Run it, too."""
        self._entities.append(description)

    def run(self) -> int:
        """Run until every process has ended, or SIGINT or SIGTERM comes; 0, or 1 where one failed by itself.

        Raises:
            LaunchError: the description cannot be run; nothing was started.
        """
        context = LaunchContext(arguments=self._arguments)
        for entity in self._entities:
            visit_all(entity, context)
        return asyncio.run(self._run(context.processes))

    def shutdown(self) -> None:
        """End it; to be called in its own loop, such as from a signal handler."""
        self._ending.set()

    async def _run(self, processes: Sequence[Process]) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError, RuntimeError):  # only the main thread may
                loop.add_signal_handler(number, self.shutdown)
        codes = await asyncio.gather(*(self._keep(process) for process in processes))
        return 1 if any(codes) else 0

    async def _keep(self, process: Process) -> int:
        """Run one process, again where it shall; its last exit code, 0 where it was we who ended it."""
        while True:
            try:
                code = await self._once(process)
            except OSError as error:
                _say(process, f"cannot be started: {error}")
                return 1
            if self._ending.is_set():
                return 0
            if not process.respawn:
                return code
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), process.respawn_delay_s or 0.001)
                return 0

    async def _once(self, process: Process) -> int:
        running = await asyncio.create_subprocess_exec(
            *process.command, env=process.environment, limit=_LINE_BYTES,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        _say(process, f"process started with pid [{running.pid}]")
        ender = asyncio.create_task(self._end(running))
        if running.stdout is not None:
            await _print_lines(process, running.stdout)
        code = await running.wait()
        ender.cancel()
        _say(process, "process has finished cleanly" if code == 0 else f"process has died [exit code {code}]")
        return code

    async def _end(self, running: asyncio.subprocess.Process) -> None:
        await self._ending.wait()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                running.send_signal(number)
            with suppress(TimeoutError):
                await asyncio.wait_for(running.wait(), _PATIENCE_S)
                return


async def _print_lines(process: Process, stream: asyncio.StreamReader) -> None:
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError as rest:
            if rest.partial:
                _say(process, rest.partial.decode(errors="replace"))
            return
        except asyncio.LimitOverrunError as over:
            line = await stream.readexactly(over.consumed)
        _say(process, line.decode(errors="replace").rstrip("\n"))


def _say(process: Process, text: str) -> None:
    sys.stdout.write(f"[{process.name}] {text}\n")
    sys.stdout.flush()
