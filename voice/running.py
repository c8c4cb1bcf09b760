"""Runs a program of the operating system to its end, and ends it when nobody waits any more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from patrol_core.errors import Unavailable

MOST_WORDS = 160  # of what a program says about its failure


async def run(argv: Sequence[str], *, given: bytes = b"", within_s: float) -> bytes:
    """What it writes to its standard output.

    Raises:
        Unavailable: it is not installed, fails, or does not end in time; says what it said.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
    except OSError as error:
        raise Unavailable(f"{argv[0]} cannot be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(within_s):
            out, said = await process.communicate(given)
    except TimeoutError:
        raise Unavailable(f"{argv[0]} did not end within {within_s:g} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        words = " ".join(said.decode(errors="replace").split()) or f"exit code {process.returncode}"
        raise Unavailable(words[:MOST_WORDS])
    return out
