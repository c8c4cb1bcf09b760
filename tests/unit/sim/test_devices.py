"""Fixed sensors speak seldom while all is well, at once and again while it is not, and say when it is over."""

from __future__ import annotations

import pytest

from sim.devices import ALARM_REPEAT_S, FIRST_REPORTS_WITHIN_S, HEARTBEAT_S, SensorField


@pytest.fixture
def field(site):
    return SensorField(site.devices, seed=1)


def reports(field, from_s, to_s, step_s=0.5):
    found = []
    for i in range(round((to_s - from_s) / step_s)):
        now_s = from_s + i * step_s
        found += [(now_s, report) for report in field.step(now_s)]
    return found


def test_every_device_has_spoken_once_soon_after_the_start(field, site):
    first = reports(field, 0, FIRST_REPORTS_WITHIN_S + 1)
    assert {r.device_id for _, r in first} == set(site.devices)
    assert len(first) == len(site.devices)
    assert not any(r.alarm for _, r in first)


def test_quiet_devices_speak_about_once_in_a_heartbeat(field, site):
    reports(field, 0, 60)
    later = reports(field, 60, 60 + 3 * HEARTBEAT_S, step_s=5)
    assert 2 * len(site.devices) <= len(later) <= 4 * len(site.devices)


def test_an_alarm_is_said_at_once_repeated_and_ended(field):
    reports(field, 0, 60)
    field.alarm("smoke-b2", value=0.4, normal_after_s=50, now_s=60)
    mine = [(t, r) for t, r in reports(field, 60, 130) if r.device_id == "smoke-b2"]
    assert [t for t, r in mine if r.alarm] == [60, 60 + ALARM_REPEAT_S, 60 + 2 * ALARM_REPEAT_S]
    assert all(r.value == 0.4 for _, r in mine if r.alarm)
    assert [t for t, r in mine if not r.alarm] == [110]
    assert field.alarming == ()


def test_an_alarm_without_an_end_goes_on(field):
    field.alarm("smoke-b1", value=0.4, normal_after_s=None, now_s=0)
    reports(field, 0, 2000, step_s=5)
    assert field.alarming == ("smoke-b1",)


def test_each_device_counts_its_own_messages_without_a_gap(field):
    said = [r for _, r in reports(field, 0, 1300, step_s=1)]
    for device_id in {r.device_id for r in said}:
        numbers = [r.seq for r in said if r.device_id == device_id]
        assert numbers == list(range(1, len(numbers) + 1))


def test_quiet_values_lie_in_the_quiet_range_of_their_kind(field):
    for _, report in reports(field, 0, 60):
        assert 0.0 <= report.value <= 0.03
        assert report.unit == "%/m"
