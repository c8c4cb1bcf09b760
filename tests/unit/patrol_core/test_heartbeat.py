"""The sign of life a child gives its supervisor."""

from __future__ import annotations

import os

from patrol_core.heartbeat import VARIABLE, heartbeat_from


def test_a_beat_is_read_at_the_other_end() -> None:
    reading, writing = os.pipe()
    heartbeat_from({VARIABLE: str(writing)}).beat()
    assert os.read(reading, 10) == b"."
    os.close(reading)
    os.close(writing)


def test_a_full_pipe_or_a_supervisor_that_is_gone_does_not_stop_the_child() -> None:
    reading, writing = os.pipe()
    heartbeat = heartbeat_from({VARIABLE: str(writing)})
    for _ in range(70_000):  # a pipe holds 65,536 bytes
        heartbeat.beat()
    os.close(reading)
    heartbeat.beat()
    os.close(writing)


def test_without_a_supervisor_nothing_is_written() -> None:
    heartbeat_from({}).beat()
    heartbeat_from({VARIABLE: "x"}).beat()
    heartbeat_from({VARIABLE: "987654"}).beat()
