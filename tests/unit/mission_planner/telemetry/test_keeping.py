"""Last words after a restart: from the copy, from the points behind it, and never over a newer word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mission_planner.incidents.registry.last import ms_of, time_of
from mission_planner.incidents.telemetry import keeping
from mission_planner.incidents.telemetry.keeping import Restored
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import PointStore
from mission_planner.incidents.telemetry.recorder import Recorder
from tests.helpers.registered import meters

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Process:
    """A center's memory of five meters; the next one begins with the files of the one before."""

    def __init__(self, folder: Path, names: str = "abcde") -> None:
        self.folder = folder
        self.registry = meters(names)
        self.words = self.registry.words
        self.numbers = Numbers(folder / "devices.txt", self.registry)
        self.points = PointStore(folder, self.numbers)
        self.recorder = Recorder(self.registry, self.points, self.numbers)

    def says(self, name: str, value: float | None, at: datetime, *, state: str = "normal", unit: str = "m³") -> None:
        position = self.registry.position(f"m-{name}")
        assert position is not None
        self.words.note(position, state=state, value=value, unit=unit, battery_pct=80, at=at)
        self.recorder.sweep()

    def copies(self, at: datetime) -> int:
        return keeping.copy(self.folder, self.words, self.numbers, now_ms=ms_of(at))

    def restores(self, now: datetime) -> Restored:
        given = (self.folder, self.words, self.numbers, self.points, self.recorder)
        return keeping.restore(*given, now_ms=ms_of(now))

    def last(self, name: str) -> tuple[float | None, str, datetime | None, datetime | None]:
        """Value, unit, when it was heard, and since when nothing moved."""
        position = self.registry.position(f"m-{name}")
        assert position is not None
        used_at = time_of(int(self.words.used_ms[position]))
        return self.words.value_of(position), self.words.unit_of(position), self.words.heard_at(position), used_at


def later(**given: float) -> datetime:
    return START + timedelta(**given)


def test_a_copy_brings_back_each_row_with_its_age_whatever_stands_beside_it_now(tmp_path: Path) -> None:
    before = Process(tmp_path)
    before.says("a", 1.5, START)
    before.says("c", 3.5, later(minutes=1), unit="L")
    before.says("c", 3.5, later(minutes=50), unit="L")
    assert before.copies(later(hours=1)) == 2
    after = Process(tmp_path, names="xcda")
    assert after.restores(later(hours=2)).copied == 2
    assert after.last("a") == (1.5, "m³", START, START)
    assert after.last("c") == (3.5, "L", later(minutes=50), later(minutes=1)), "heard later than it moved"
    assert after.last("x") == after.last("d") == (None, "", None, None), "who never spoke is unknown"


def test_points_behind_the_copy_are_newer(tmp_path: Path) -> None:
    before = Process(tmp_path)
    before.says("a", 1.5, START)
    before.says("b", 7.0, START)
    before.copies(later(minutes=10))
    before.says("a", 1.6, later(minutes=20))
    before.says("a", 1.6, later(hours=1, minutes=30))
    after = Process(tmp_path)
    found = after.restores(later(hours=2))
    assert (found.copied, found.points, found.whole) == (2, 2, True)
    assert after.last("a") == (1.6, "m³", later(hours=1, minutes=30), later(minutes=20))
    assert after.last("b") == (7.0, "m³", START, START)


@pytest.mark.parametrize("broken", [None, b"", b"PK\x03\x04 and then nothing"])
def test_without_a_copy_that_can_be_read_the_points_of_a_day_tell(tmp_path: Path, broken: bytes | None) -> None:
    before = Process(tmp_path)
    before.says("a", 1.0, START)
    before.says("b", 1.0, later(hours=20))
    before.points.tend(later(hours=22))
    before.says("a", 2.0, later(hours=30))
    before.says("c", None, later(hours=31), state="alarm")
    if broken is not None:
        (tmp_path / keeping.COPY).write_bytes(broken)
    after = Process(tmp_path)
    assert after.restores(later(hours=32)).copied == 0
    assert after.last("a")[0::2] == (2.0, later(hours=30))
    assert after.last("b")[0::2] == (1.0, later(hours=20))
    assert after.last("c")[0::2] == (None, later(hours=31))


def test_a_word_that_came_while_it_read_stays(tmp_path: Path) -> None:
    before = Process(tmp_path)
    before.says("a", 1.0, START)
    before.copies(later(minutes=1))
    before.says("a", 2.0, later(minutes=5))
    after = Process(tmp_path)
    after.says("a", 9.0, later(hours=1))
    after.restores(later(hours=1))
    assert after.last("a")[0] == 9.0


def test_what_was_brought_back_is_not_kept_a_second_time(tmp_path: Path) -> None:
    before = Process(tmp_path)
    before.says("a", 1.0, START)
    before.says("b", 1.0, START, state="alarm")
    before.copies(later(minutes=1))
    before.says("b", 1.0, later(minutes=5))
    after = Process(tmp_path)
    after.restores(later(hours=1))
    assert after.recorder.sweep() == 0


def test_a_copy_takes_the_place_of_the_one_before_or_leaves_it_whole(tmp_path: Path) -> None:
    before = Process(tmp_path)
    before.says("a", 1.0, START)
    before.copies(later(minutes=1))
    before.says("a", 2.0, later(minutes=5))
    before.copies(later(minutes=6))
    (tmp_path / f"{keeping.COPY}.partial").write_bytes(b"half")
    after = Process(tmp_path)
    after.restores(later(hours=1))
    assert after.last("a")[0] == 2.0
