"""What the clock finds wrong with devices, when it says so, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mission_planner.incidents.registry.conditions import Cause, Conditions, Outcome
from mission_planner.incidents.registry.entry import Entry
from mission_planner.incidents.registry.health import Health, health_of
from mission_planner.incidents.registry.registry import Registry
from patrol_core.kind import IncidentKind
from patrol_core.site import DeviceKind
from tests.helpers.registered import registered

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Site:
    """Devices, a clock, and what has been told."""

    def __init__(self, *entries: Entry) -> None:
        self.registry = Registry(entries)
        self.now = START
        self.conditions = Conditions(self.registry, {}, START)

    def says(self, device_id: str, *, value: float | None = None, battery: float | None = None) -> None:
        position = self.registry.position(device_id)
        assert position is not None
        self.registry.words.note(position, state="normal", value=value, unit="", battery_pct=battery, at=self.now)

    def after(self, **length: float) -> Outcome:
        self.now += timedelta(**length)
        outcome = self.conditions.look(self.now)
        self.conditions.settle(outcome)
        return outcome

    def health(self, device_id: str) -> Health:
        position = self.registry.position(device_id)
        assert position is not None
        return health_of(self.registry.words, position, self.now).state


def told(outcome: Outcome) -> list[tuple[str, Cause, bool]]:
    return [(t.device_id, t.cause, t.raised) for t in outcome.tell]


def test_a_device_is_silent_after_26_hours_is_told_once_and_its_next_word_ends_it() -> None:
    site = Site(registered("smoke-1", DeviceKind.SMOKE))
    site.says("smoke-1")
    assert told(site.after(hours=25.9)) == []
    assert told(site.after(minutes=7)) == [("smoke-1", Cause.SILENT, True)]
    assert site.health("smoke-1") is Health.SILENT
    assert told(site.after(hours=5)) == []
    site.says("smoke-1")
    assert told(site.after(minutes=1)) == [("smoke-1", Cause.SILENT, False)]
    assert site.health("smoke-1") is Health.OK


def test_nobody_is_silent_for_the_time_the_center_was_away_and_who_was_stays_so() -> None:
    site = Site(registered("smoke-1", DeviceKind.SMOKE), registered("smoke-2", DeviceKind.SMOKE))
    site.says("smoke-2")
    site.now += timedelta(hours=20)
    site.says("smoke-1")
    assert told(site.after(hours=7)) == [("smoke-2", Cause.SILENT, True)]
    site.now += timedelta(hours=50)  # away
    before = site.conditions._told
    site.conditions = Conditions(site.registry, before, site.now)
    assert told(site.after(minutes=1)) == [], "smoke-2 was told, and smoke-1 could not be heard"
    assert told(site.after(hours=25)) == []
    assert told(site.after(hours=2)) == [("smoke-1", Cause.SILENT, True)]


def test_a_kind_that_speaks_often_is_silent_sooner() -> None:
    site = Site(registered("gw-1", DeviceKind.WRISTBAND_GATEWAY))
    site.says("gw-1")
    assert told(site.after(hours=2.1)) == [("gw-1", Cause.SILENT, True)]


def test_a_battery_is_low_after_ten_minutes_of_saying_so_and_well_only_from_20_percent() -> None:
    site = Site(registered("sos-1", DeviceKind.SOS_BUTTON))
    site.says("sos-1", battery=14)
    assert told(site.after(minutes=1)) == []
    assert told(site.after(minutes=9)) == []
    assert told(site.after(minutes=2)) == [("sos-1", Cause.BATTERY_LOW, True)]
    site.says("sos-1", battery=17)
    assert told(site.after(minutes=1)) == []
    site.says("sos-1", battery=90)
    assert told(site.after(minutes=1)) == [("sos-1", Cause.BATTERY_LOW, False)]


def test_one_bad_battery_figure_is_no_fault() -> None:
    site = Site(registered("sos-1", DeviceKind.SOS_BUTTON))
    site.says("sos-1", battery=3)
    site.after(minutes=1)
    site.says("sos-1", battery=88)
    assert told(site.after(minutes=30)) == []


def test_a_device_never_heard_is_unknown_at_once_and_a_fault_after_a_day() -> None:
    site = Site(registered("co-1", DeviceKind.CO))
    assert site.health("co-1") is Health.NEVER_HEARD
    assert told(site.after(hours=25)) == []
    assert told(site.after(hours=2)) == [("co-1", Cause.NEVER_HEARD, True)]


def test_a_building_that_falls_silent_together_is_one_finding_that_ends_when_all_are_back() -> None:
    names = [f"smoke-{i:02d}" for i in range(30)]
    site = Site(
        *(registered(name, DeviceKind.SMOKE) for name in names), registered("far", DeviceKind.SMOKE, building_id="b2")
    )
    for name in (*names, "far"):
        site.says(name)
    outcome = site.after(hours=27)
    assert told(outcome) == [("smoke-00", Cause.SILENT, True), ("far", Cause.SILENT, True)]
    assert outcome.tell[0].count == 30
    for name in names[:-1]:
        site.says(name)
    assert told(site.after(minutes=1)) == []
    site.says(names[-1])
    assert told(site.after(minutes=1)) == [("smoke-00", Cause.SILENT, False)]


def test_a_water_meter_that_stands_still_for_48_hours_while_it_speaks_is_a_reason_to_look() -> None:
    site = Site(registered("meter-1", DeviceKind.WATER_METER))
    site.says("meter-1", value=100.0)
    for _ in range(4):
        site.says("meter-1", value=100.0)
        assert told(site.after(hours=12)) == []
    site.says("meter-1", value=100.0)
    outcome = site.after(hours=1)
    assert told(outcome) == [("meter-1", Cause.UNUSED, True)]
    assert outcome.tell[0].kind is IncidentKind.WATER_NO_USE
    site.says("meter-1", value=100.2)
    assert told(site.after(minutes=1)) == [("meter-1", Cause.UNUSED, False)]


def test_a_silent_meter_is_a_fault_and_no_reason_to_look_for_somebody() -> None:
    site = Site(registered("meter-1", DeviceKind.WATER_METER))
    site.says("meter-1", value=100.0)
    assert told(site.after(hours=49)) == [("meter-1", Cause.SILENT, True)]


def test_water_that_runs_for_six_hours_without_a_pause_is_told_and_a_pause_ends_it() -> None:
    site = Site(registered("meter-1", DeviceKind.WATER_METER))
    value = 100.0
    site.says("meter-1", value=value)
    outcomes = []
    for _ in range(40):
        value += 0.01
        site.now += timedelta(minutes=10)
        site.says("meter-1", value=value)
        outcomes += told(site.after(seconds=1))
    assert outcomes == [("meter-1", Cause.FLOWING, True)]
    site.says("meter-1", value=value)
    assert told(site.after(minutes=31)) == [("meter-1", Cause.FLOWING, False)]


def test_a_presence_sensor_with_hours_given_tells_that_nobody_was_seen() -> None:
    site = Site(
        registered("radar-1", DeviceKind.PRESENCE, unused_after_h=20), registered("radar-2", DeviceKind.PRESENCE)
    )
    site.says("radar-1")
    site.says("radar-2")
    site.now += timedelta(hours=20.5)
    site.says("radar-1")
    site.says("radar-2")
    outcome = site.after(minutes=1)
    assert told(outcome) == [("radar-1", Cause.UNUSED, True)]
    assert outcome.tell[0].kind is IncidentKind.ELDER_NOT_SEEN


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    site = Site(registered("smoke-1", DeviceKind.SMOKE))
    site.says("smoke-1")
    outcome = site.after(hours=27)
    kept = {(c.device_id, c.kind): c for c in outcome.put}
    site.conditions = Conditions(site.registry, kept, site.now)
    assert told(site.after(minutes=1)) == []
    site.says("smoke-1")
    assert told(site.after(minutes=1)) == [("smoke-1", Cause.SILENT, False)]


def test_faults_of_a_few_devices_are_each_their_own() -> None:
    count = 3
    site = Site(*(registered(f"smoke-{i}", DeviceKind.SMOKE) for i in range(count)))
    for i in range(count):
        site.says(f"smoke-{i}")
    assert len(site.after(hours=27).tell) == count
