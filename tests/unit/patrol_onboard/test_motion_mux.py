"""The base's last word: the emergency stop wins, silence stops, and no command outlives its half second."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.errors import InvalidInput
from patrol_onboard.motion_mux import STILL, MotionMux, MuxPolicy, Velocity

FORWARD = Velocity(forward_mps=1.0, turn_radps=0.2)


def test_a_command_reaches_the_wheels() -> None:
    _, velocity = MotionMux().told(FORWARD, 10.0).output(10.01)
    assert velocity == FORWARD


def test_half_a_second_of_silence_stops_the_wheels() -> None:
    mux = MotionMux().told(FORWARD, 10.0)
    mux, before = mux.output(10.5)
    mux, after = mux.output(10.501)
    assert (before, after) == (FORWARD, STILL)


def test_after_standing_still_for_a_while_the_base_falls_silent() -> None:
    mux, _ = MotionMux().told(FORWARD, 10.0).output(10.4)
    mux, still = mux.output(11.5)
    _, silent = mux.output(12.0)
    assert (still, silent) == (STILL, None)


def test_a_base_that_was_never_told_anything_is_silent() -> None:
    assert MotionMux().output(1.0)[1] is None


def test_the_emergency_stop_wins_at_once_and_stays() -> None:
    mux = MotionMux().told(FORWARD, 10.0).stop()
    mux = mux.told(FORWARD, 10.1)
    mux, velocity = mux.output(10.1)
    assert velocity == STILL
    assert mux.output(9_999.0)[1] == STILL


def test_a_released_stop_does_not_move_the_robot_by_an_old_command() -> None:
    mux = MotionMux().told(FORWARD, 10.0).stop().told(FORWARD, 10.1).release()
    assert mux.output(10.11)[1] in (STILL, None)
    assert mux.told(FORWARD, 10.2).output(10.2)[1] == FORWARD


def test_speeds_are_limited_to_what_the_base_may_do() -> None:
    _, velocity = MotionMux().told(Velocity(forward_mps=9.0, turn_radps=-9.0), 0.0).output(0.0)
    assert velocity == Velocity(forward_mps=2.0, turn_radps=-2.0)
    _, velocity = MotionMux().told(Velocity(forward_mps=-9.0), 0.0).output(0.0)
    assert velocity == Velocity(forward_mps=-0.5)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_command_that_is_no_number_is_refused_and_does_not_prolong_the_one_before(value: float) -> None:
    mux, _ = MotionMux().told(FORWARD, 10.0).output(10.0)
    with pytest.raises(InvalidInput, match="finite"):
        mux.told(Velocity(forward_mps=value), 10.4)
    assert mux.output(10.6)[1] == STILL


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_a_limit_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput, match=r"base\.deadman_s: expected a number above zero"):
        MuxPolicy(deadman_s=value)


steps = st.lists(
    st.tuples(st.sampled_from(["told", "stop", "release", "output"]), st.floats(0, 0.6), st.floats(-3, 3)),
    max_size=60,
)


@given(steps)
def test_wheels_turn_only_for_a_fresh_command_given_without_the_stop(life: list[tuple[str, float, float]]) -> None:
    mux, now_s, told_at_s, stopped = MotionMux(), 0.0, -math.inf, False
    for what, length_s, speed in life:
        now_s += length_s
        if what == "told":
            mux = mux.told(Velocity(forward_mps=speed), now_s)
            told_at_s = told_at_s if stopped else now_s
        elif what == "stop":
            mux, stopped, told_at_s = mux.stop(), True, -math.inf
        elif what == "release":
            mux, stopped = mux.release(), False
        mux, velocity = mux.output(now_s)
        if velocity is not None and not velocity.still:
            assert not stopped
            assert now_s - told_at_s <= 0.5
            assert -0.5 <= velocity.forward_mps <= 2.0
