"""Which words of the life lane become points: every change of state, and of the rest only so many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mission_planner.incidents.registry import last
from mission_planner.incidents.registry.entry import Entry, Origin
from mission_planner.incidents.registry.registry import seeded
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import PointStore
from mission_planner.incidents.telemetry.recorder import Recorder
from patrol_core.site import DeviceKind
from tests.unit.mission_planner.world import tiny_site

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DEVICE = "smoke-1"


class Desk:
    """A detector, and what is kept of it."""

    def __init__(self, folder: Path) -> None:
        registry = seeded(tiny_site().devices)
        self.words = registry.words
        self.position = registry.position(DEVICE)
        numbers = Numbers(folder / "devices.txt", registry)
        self.store = PointStore(folder, numbers)
        self.recorder = Recorder(registry, self.store, numbers)
        self.now = START

    def says(self, state: str | None, value: float | None = None, *, after_s: float = 1) -> None:
        self.now += timedelta(seconds=after_s)
        assert self.position is not None
        self.words.note(self.position, state=state, value=value, unit="%/m", battery_pct=None, at=self.now)

    @property
    def kept(self) -> list[tuple[str, float | None]]:
        return [(p.state, p.value) for p in self.store.of(DEVICE, START, self.now)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_alarm_that_ended_before_anybody_swept_is_kept_with_its_end(desk: Desk) -> None:
    desk.says("normal")
    desk.says("alarm", 0.4)
    desk.says("normal", 0.0)
    desk.recorder.sweep()
    assert desk.kept == [("normal", None), ("alarm", 0.4), ("normal", 0.0)]
    assert desk.recorder.sweep() == 0, "once"


def test_an_alarm_that_goes_on_is_kept_once_and_its_value_once_a_minute(desk: Desk) -> None:
    for number in range(300):
        desk.says("alarm", number / 1000)
        desk.recorder.sweep()
    assert [state for state, _ in desk.kept] == ["alarm"] * 5, "the first, and one for each whole minute"
    assert desk.kept[0] == ("alarm", 0.0)


def test_a_sign_of_life_is_kept_once_an_hour(desk: Desk) -> None:
    desk.says("normal")
    for _ in range(12 * 5):
        desk.says(None, after_s=300)
        desk.recorder.sweep()
    assert desk.kept == [("normal", None)] * 6


def test_devices_that_are_imported_meanwhile_are_swept_with_the_others(desk: Desk) -> None:
    desk.says("normal")
    desk.recorder.sweep()
    registry = desk.words.registry
    device = replace(registry[DEVICE], kind=DeviceKind.BIN_LEVEL)
    registry.put(
        [Entry(device=replace(device, device_id=f"bin-{n}"), origin=Origin.IMPORT) for n in range(5_000)],
    )
    assert desk.recorder.sweep() == 0
    desk.position = registry.position("bin-4999")
    desk.says("normal", 40)
    desk.recorder.sweep()
    assert [p.value for p in desk.store.of("bin-4999", START, desk.now)] == [40]


def test_a_device_that_says_nothing_new_is_not_kept_again_after_a_start(desk: Desk, tmp_path: Path) -> None:
    desk.says("alarm", 0.4)
    desk.recorder.sweep()
    desk.store.close()
    again = Recorder(desk.words.registry, desk.store, Numbers(tmp_path / "devices.txt", desk.words.registry))
    assert again.sweep() == 0


def test_of_too_many_changes_the_oldest_is_left_out_and_counted_and_where_it_stands_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last, "TURNED", 10)
    desk = Desk(tmp_path)
    for number in range(12):
        desk.says(("alarm", "normal")[number % 2])
    assert desk.words.turned_missed == 2
    desk.recorder.sweep()
    assert [state for state, _ in desk.kept] == ["alarm", "normal"] * 5
