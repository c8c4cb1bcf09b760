"""The supervisor: each process by itself, back with growing patience, and all gone in time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from patrol_core.supervisor import Backoff, Child, Supervisor, said
from tests.helpers.waiting import eventually

FAST = Backoff(first_s=0.02, max_s=0.1, healthy_s=600.0)
SLEEPS = (sys.executable, "-S", "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
)


def exits(code: int) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", f"raise SystemExit({code})")


def supervised(children: list[Child], during: object = None, *, within_s: float = 15.0) -> int:
    """Run a supervisor; `during` is a coroutine function given the supervisor's loop to act in."""

    async def run() -> int:
        supervisor = asyncio.create_task(Supervisor(children, environment=os.environ, backoff=FAST).run())
        async with asyncio.timeout(within_s):
            if during is not None:
                await during()  # type: ignore[operator]
                os.kill(os.getpid(), signal.SIGTERM)
            return await supervisor

    return asyncio.run(run())


async def until(condition: object) -> None:
    while not condition():  # type: ignore[operator]
        await asyncio.sleep(0.005)


def test_a_child_that_dies_comes_back_and_the_others_do_not_notice(caplog: pytest.LogCaptureFixture) -> None:
    base, mission = Child(name="base", argv=SLEEPS), Child(name="mission", argv=SLEEPS)
    seen: dict[str, int] = {}

    async def kill_the_mission() -> None:
        await until(lambda: base.process and mission.process)
        assert base.process is not None
        assert mission.process is not None
        seen["base"], seen["mission"] = base.process.pid, mission.process.pid
        mission.process.kill()
        await until(lambda: mission.process is not None and mission.process.pid != seen["mission"])
        seen["base after"] = base.process.pid

    with caplog.at_level(logging.WARNING):
        assert supervised([base, mission], kill_the_mission) == 0
    assert seen["base after"] == seen["base"]
    assert "the mission process ended by SIGKILL; starting it again in 0.0 s" in caplog.text
    assert not psutil.pid_exists(seen["base"])


def test_a_child_that_keeps_dying_is_waited_for_longer_and_longer(caplog: pytest.LogCaptureFixture) -> None:
    child = Child(name="mission", argv=exits(1))

    async def watch() -> None:
        await until(lambda: child.deaths >= 4)

    with caplog.at_level(logging.WARNING):
        supervised([child], watch)
    assert "ended with exit code 1; starting it again in" in caplog.text


def test_patience_doubles_up_to_its_bound_and_never_overflows() -> None:
    backoff = Backoff(first_s=0.5, max_s=10.0)
    assert [backoff.wait_s(n) for n in (1, 2, 3, 4, 5, 6, 100_000)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_child_that_lived_well_comes_back_at_once() -> None:
    child = Child(name="mission", argv=SLEEPS, started_s=0.0, deaths=7)
    child.died(1, 100.0, Backoff(first_s=0.5, healthy_s=20.0))
    assert (child.deaths, child.restart_at_s) == (1, 100.5)


def test_a_child_that_refuses_to_start_ends_the_whole() -> None:
    base = Child(name="base", argv=SLEEPS)
    assert supervised([base, Child(name="mission", argv=exits(2))]) == 2
    assert base.process is not None
    assert base.process.poll() is not None


def test_a_refusal_after_a_good_life_is_a_fault_and_ends_nobody() -> None:
    child = Child(name="mission", argv=exits(2), lived=True)

    async def watch() -> None:
        await until(lambda: child.deaths >= 2)

    assert supervised([child], watch) == 0


def test_a_child_that_does_not_listen_is_gone_within_three_seconds() -> None:
    child = Child(name="base", argv=STUBBORN)
    began: list[float] = []

    async def wait_until_up() -> None:
        await until(lambda: child.process is not None)
        await asyncio.sleep(0.2)  # its handler is set before it has anything to say to us
        began.append(time.monotonic())

    assert supervised([child], wait_until_up) == 0
    assert time.monotonic() - began[0] < 3
    assert child.process is not None
    assert child.process.poll() is not None


SUPERVISOR = """
import asyncio, os, sys
from patrol_core.supervisor import Child, Supervisor
child = Child(name="base", argv=(sys.executable, "-S", "-c", "import time; time.sleep(600)"))
async def run():
    task = asyncio.create_task(Supervisor([child], environment=os.environ).run())
    while child.process is None:
        await asyncio.sleep(0.01)
    print(child.process.pid, flush=True)
    await task
asyncio.run(run())
"""


def test_a_supervisor_killed_with_9_takes_its_children_along() -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = psutil.Process(int(supervisor.stdout.readline()))
        supervisor.kill()
    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, within_s=3)


def test_an_exit_code_is_said_in_words() -> None:
    assert [said(0), said(1), said(-9), said(-99)] == [
        "with exit code 0",
        "with exit code 1",
        "by SIGKILL",
        "by signal 99",
    ]


BEATS_THEN_HANGS = (
    sys.executable,
    "-S",
    "-c",
    "import os, time; os.write(int(os.environ['RONDA_HEARTBEAT_FD']), b'.'); time.sleep(600)",
)
BEATS = (
    sys.executable,
    "-S",
    "-c",
    "import os, time\nwhile True: os.write(int(os.environ['RONDA_HEARTBEAT_FD']), b'.'); time.sleep(0.02)",
)


def test_a_child_that_hangs_is_ended_and_comes_back_and_one_that_beats_is_left_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hung = Child(name="mission", argv=BEATS_THEN_HANGS, silent_s=0.5)
    well = Child(name="base", argv=BEATS, silent_s=0.5)
    seen: dict[str, int] = {}

    async def watch() -> None:
        await until(lambda: well.process and hung.process)
        assert well.process is not None
        assert hung.process is not None
        seen["well"], first = well.process.pid, hung.process.pid
        await until(lambda: hung.process is not None and hung.process.pid != first)
        seen["well after"] = well.process.pid

    with caplog.at_level(logging.WARNING):
        assert supervised([hung, well], watch) == 0
    assert seen["well after"] == seen["well"]
    assert "the mission process has given no sign of life for" in caplog.text
    assert "the mission process ended by SIGKILL; starting it again" in caplog.text


def test_one_that_is_not_needed_may_refuse_and_the_rest_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    base, media = Child(name="base", argv=SLEEPS), Child(name="media", argv=exits(2), needed=False)

    async def watch() -> None:
        await until(lambda: media.refused)

    assert supervised([base, media], watch) == 0
    assert "the rest goes on without it" in caplog.text


def test_one_that_yields_has_a_lower_priority() -> None:
    media = Child(name="media", argv=SLEEPS, nice=10)
    nice: list[int] = []

    async def watch() -> None:
        await until(lambda: media.process is not None)
        assert media.process is not None
        child = psutil.Process(media.process.pid)
        nice.append(child.nice() - psutil.Process().nice())

    assert supervised([media], watch) == 0
    assert nice[0] > 0
