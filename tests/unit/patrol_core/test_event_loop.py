"""Into the loop from other threads, and out of it when the process is told to end."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from patrol_core.event_loop import call_in, told_to_end, work_until


def test_what_another_thread_calls_runs_in_the_loops_thread() -> None:
    async def heard_in() -> threading.Thread:
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[threading.Thread] = loop.create_future()
        other = threading.Thread(target=lambda: call_in(loop, lambda: heard.set_result(threading.current_thread())))
        other.start()
        try:
            return await heard
        finally:
            other.join()

    assert asyncio.run(heard_in()) is threading.current_thread()


def test_what_comes_after_the_loop_has_ended_is_nothing() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    call_in(loop, pytest.fail, "the loop has ended")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_works_go_on_until_the_process_is_told_to_end_and_then_all_are_cancelled(number: signal.Signals) -> None:
    cancelled: list[str] = []

    async def work(name: str, then: signal.Signals | None = None) -> None:
        try:
            if then is not None:
                os.kill(os.getpid(), then)
            await asyncio.Event().wait()
        finally:
            cancelled.append(name)

    async def process() -> None:
        await work_until(told_to_end(), [work("first"), work("second", number)])

    asyncio.run(process())
    assert sorted(cancelled) == ["first", "second"]


def test_a_work_that_dies_ends_the_others_and_is_named() -> None:
    async def dies() -> None:
        raise OSError("no sound card")

    async def goes_on() -> None:
        await asyncio.Event().wait()

    async def process() -> None:
        await work_until(asyncio.Event(), [goes_on(), dies()])

    with pytest.raises(ExceptionGroup) as ended:
        asyncio.run(process())
    assert ended.group_contains(OSError, match="no sound card")
