"""Clocks: site time may be scaled and may jump, monotonic time never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.clock import FollowedClock, ManualClock, SystemClock
from patrol_core.errors import ClockUnknown

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Monotonic:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def real() -> Monotonic:
    return Monotonic()


def test_the_systems_clock_is_aware_of_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert SystemClock().monotonic_s() <= SystemClock().monotonic_s()


def test_a_followed_clock_does_not_guess_before_the_first_tick(real: Monotonic) -> None:
    clock = FollowedClock(speed=10, monotonic=real)
    assert not clock.known
    with pytest.raises(ClockUnknown, match="/clock"):
        clock.now()


def test_between_ticks_site_time_runs_at_its_speed(real: Monotonic) -> None:
    clock = FollowedClock(speed=10, monotonic=real)
    clock.follow(START)
    real.now_s += 0.25
    assert clock.now() == START + timedelta(seconds=2.5)


def test_a_stopped_simulator_stops_site_time(real: Monotonic) -> None:
    clock = FollowedClock(speed=1, carry_s=2.0, monotonic=real)
    clock.follow(START)
    real.now_s += 3600
    assert clock.now() == START + timedelta(seconds=2)


def test_at_high_speed_a_second_of_real_time_is_carried(real: Monotonic) -> None:
    clock = FollowedClock(speed=60, carry_s=2.0, monotonic=real)
    clock.follow(START)
    real.now_s += 3600
    assert clock.now() == START + timedelta(seconds=60)


def test_a_tick_a_little_behind_does_not_set_site_time_back(real: Monotonic) -> None:
    clock = FollowedClock(speed=1, monotonic=real)
    clock.follow(START)
    real.now_s += 1.5
    seen = clock.now()
    clock.follow(START + timedelta(seconds=1))
    assert clock.now() == seen


def test_a_simulator_that_starts_again_sets_site_time_back(real: Monotonic) -> None:
    clock = FollowedClock(speed=1, monotonic=real)
    clock.follow(START)
    clock.now()
    clock.follow(START - timedelta(hours=1))
    assert clock.now() == START - timedelta(hours=1)


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(-2, 3)), max_size=50))
def test_site_time_never_goes_back_while_the_simulator_runs_on(life: list[tuple[float, float]]) -> None:
    real = Monotonic()
    clock = FollowedClock(speed=1, monotonic=real)
    clock.follow(START)
    tick, last = START, clock.now()
    for real_s, tick_s in life:
        real.now_s += real_s
        tick += timedelta(seconds=max(tick_s, 0))
        clock.follow(max(tick, last - timedelta(seconds=4)))
        assert clock.now() >= last
        last = clock.now()


def test_a_manual_clock_moves_both_times_alike() -> None:
    clock = ManualClock(START)
    clock.forward(days=1, hours=2, minutes=3, seconds=4)
    assert clock.now() - START == timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert clock.monotonic_s() == 93_784.0
