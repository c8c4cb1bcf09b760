"""Values on disk: kept by the hour, found by device, rolled up by the day, and whole after a kill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mission_planner.incidents.registry.last import ALARM, NORMAL, ms_of
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import POINT, PointStore
from tests.helpers.registered import meters

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NAN = float("nan")


class Disk:
    """A store of the values of five meters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = meters("01234")
        self.open()

    def open(self) -> None:
        """As after a start."""
        self.numbers = Numbers(self.folder / "devices.txt", self.registry)
        self.store = PointStore(self.folder, self.numbers)

    def say(self, at: datetime, *values: float, state: int = NORMAL) -> None:
        rows = np.empty(len(values), dtype=POINT)
        rows["device"] = self.numbers.of_positions(np.arange(len(values)))
        rows["at_ms"], rows["value"], rows["state"] = ms_of(at), values, state
        self.store.append(rows)

    def values(self, device_id: str, start: datetime, end: datetime) -> list[float | None]:
        return [p.value for p in self.store.of(device_id, start, end)]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "telemetry")


def test_what_was_said_is_found_by_device_and_time_before_and_after_its_hour_is_over(disk: Disk) -> None:
    for minute in range(0, 150, 10):
        disk.say(START + timedelta(minutes=minute), minute, 1_000 + minute)
    asked = ("m-1", START + timedelta(minutes=30), START + timedelta(minutes=60))
    assert disk.values(*asked) == [1_030, 1_040, 1_050, 1_060]
    disk.store.tend(START + timedelta(hours=5))
    assert not list(disk.folder.glob("*/*.log"))
    assert disk.values(*asked) == [1_030, 1_040, 1_050, 1_060]
    assert disk.values("m-4", START, START + timedelta(days=1)) == []


def test_a_state_without_a_value_is_a_point_too(disk: Disk) -> None:
    disk.say(START, NAN, state=ALARM)
    (point,) = disk.store.of("m-0", START, START)
    assert (point.value, point.state) == (None, "alarm")


def test_days_that_are_over_are_told_by_the_hour_once_they_are_older_than_three(disk: Disk) -> None:
    for minute in range(0, 120, 20):
        disk.say(START + timedelta(minutes=minute), minute)
    disk.store.tend(START + timedelta(days=5))
    told = disk.store.of("m-0", START - timedelta(hours=1), START + timedelta(days=5))
    assert [(p.at, p.value) for p in told] == [(START, 20), (START + timedelta(hours=1), 80)]


def test_a_process_that_died_within_a_point_leaves_the_whole_ones(disk: Disk) -> None:
    disk.say(START, 1)
    disk.say(START + timedelta(minutes=1), 2)
    (log,) = disk.folder.glob("*/*.log")
    with log.open("ab") as file:
        file.write(b"torn")
    disk.open()
    disk.say(START + timedelta(minutes=2), 3)
    assert disk.values("m-0", START, START + timedelta(hours=1)) == [1, 2, 3]


def test_a_device_keeps_its_number_across_restarts_and_imports(disk: Disk) -> None:
    disk.say(START, 1, 2, 3)
    before = [disk.numbers.of(f"m-{i}") for i in range(5)]
    disk.open()
    assert [disk.numbers.of(f"m-{i}") for i in range(5)] == before
    assert before[3:] == [None, None]


def test_a_long_history_is_thinned_and_keeps_its_alarms(disk: Disk) -> None:
    for i in range(3_000):
        disk.say(START + timedelta(seconds=i), i, state=ALARM if i == 1_501 else NORMAL)
    told = disk.store.of("m-0", START, START + timedelta(hours=1))
    assert len(told) <= 2_000
    assert any(p.state == "alarm" for p in told)


def test_what_is_too_old_is_forgotten(disk: Disk) -> None:
    disk.say(START, 1)
    disk.store.tend(START + timedelta(days=40))
    assert not list(disk.folder.glob("*/*.pts"))
    assert disk.values("m-0", START, START + timedelta(days=40)) == [1], "its hours are kept longer"
    disk.store.tend(START + timedelta(days=500))
    assert disk.values("m-0", START, START + timedelta(days=500)) == []
