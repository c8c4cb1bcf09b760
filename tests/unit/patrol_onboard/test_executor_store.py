"""The mission memory on disk: the old or the new, never half, and a broken file is kept and said aloud."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from patrol_onboard.executor_store import ExecutorStore
from patrol_onboard.memory import Memory
from tests.unit.patrol_onboard.robots import RobotUnderTest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "executor.json"


def a_busy_memory() -> Memory:
    robot = RobotUnderTest()
    robot.arrive()
    robot.patrol("vp-01", "vp-02")
    robot.visit()
    robot.verify()
    return robot.executor.memory


def test_what_was_saved_is_loaded_whole(path: Path) -> None:
    memory = a_busy_memory()
    ExecutorStore(path).save(memory)
    assert ExecutorStore(path).load() == memory


def test_a_new_robot_remembers_nothing(path: Path) -> None:
    assert ExecutorStore(path).load() == Memory()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b'{"format":2,"memory":{}}',
        b'{"format":1}',
        b'{"format":1,"memory":{"order_epoch":"x"}}',
        b"\xff\xfe",
    ],
)
def test_a_broken_file_is_set_aside_said_aloud_and_the_robot_starts_empty(
    path: Path, caplog: pytest.LogCaptureFixture, text: bytes
) -> None:
    store = ExecutorStore(path)
    path.write_bytes(text)
    with caplog.at_level(logging.ERROR):
        assert store.load() == Memory()
    assert "set aside as" in caplog.text
    assert path.with_name("executor.json.broken-1").read_bytes() == text
    path.write_bytes(text)
    store.load()
    assert path.with_name("executor.json.broken-2").exists()


def test_the_half_of_a_write_that_was_cut_off_is_not_read(path: Path) -> None:
    store, memory = ExecutorStore(path), a_busy_memory()
    store.save(memory)
    path.with_name("executor.json.new").write_bytes(b'{"format":1,"mem')
    assert store.load() == memory


def test_a_disk_that_cannot_be_written_leaves_what_was_there(path: Path) -> None:
    store, memory = ExecutorStore(path), a_busy_memory()
    store.save(memory)
    path.with_name("executor.json.new").mkdir()
    with pytest.raises(OSError):
        store.save(Memory())
    assert store.load() == memory


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from patrol_onboard.executor_store import ExecutorStore

store = ExecutorStore(Path(sys.argv[1]))
memory = store.load()
while True:
    memory = replace(memory, order_epoch=memory.order_epoch + 1)
    store.save(memory)
    print(memory.order_epoch, flush=True)
"""


@pytest.mark.parametrize("saves", [1, 13, 60])
def test_kill_9_at_any_moment_leaves_the_newest_saved_memory(path: Path, saves: int) -> None:
    ExecutorStore(path).save(a_busy_memory())
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(saves)]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout if line.endswith("\n")]
    assert ExecutorStore(path).load().order_epoch in (told[-1], told[-1] + 1)
