"""The battery drains by standing, more by driving, and fills on the charger in the time of its data sheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.battery import Battery

speeds = st.floats(-2.0, 2.0)


@given(st.floats(0.0, 270.0), st.floats(0.01, 600.0), speeds, speeds)
def test_off_the_charger_it_never_gains(charge_wh, dt_s, speed_mps, turn_radps):
    before = Battery(charge_wh=charge_wh)
    after = before.drained(dt_s, speed_mps=speed_mps, turn_radps=turn_radps)
    assert 0.0 <= after.charge_wh <= before.charge_wh


@given(st.floats(0.0, 270.0), st.floats(0.01, 600.0))
def test_on_the_charger_it_never_loses_and_never_overflows(charge_wh, dt_s):
    before = Battery(charge_wh=charge_wh)
    assert before.charge_wh <= before.charged(dt_s).charge_wh <= before.capacity_wh


def hours_until(empty, step):
    battery, hours = (Battery(), 0.0) if empty else (Battery(charge_wh=0.0), 0.0)
    while not (battery.empty if empty else battery.pct > 98):
        battery, hours = step(battery), hours + 1 / 60
    return hours


def test_it_stands_for_eight_hours_and_drives_at_two_metres_a_second_for_two():
    standing = hours_until(True, lambda b: b.drained(60, speed_mps=0.0, turn_radps=0.0))
    driving = hours_until(True, lambda b: b.drained(60, speed_mps=2.0, turn_radps=0.0))
    assert standing == pytest.approx(8.0, abs=0.2)
    assert driving == pytest.approx(2.0, abs=0.1)


def test_a_whole_charge_takes_about_four_hours():
    assert hours_until(False, lambda b: b.charged(60)) == pytest.approx(4.0, abs=0.3)


def test_the_last_fifth_charges_slower_than_the_first():
    low, high = Battery().at(10), Battery().at(90)
    assert high.charged(60).charge_wh - high.charge_wh < low.charged(60).charge_wh - low.charge_wh


def test_a_charge_beyond_its_capacity_is_refused():
    with pytest.raises(ValueError, match="charge_wh"):
        Battery(charge_wh=300.0)
