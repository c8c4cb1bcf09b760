"""How often eyes look, and when they say that they cannot keep up."""

from __future__ import annotations

import pytest

from patrol_core.errors import InvalidInput
from patrol_vision.pace import Pace, PacePolicy


def play(pace, *, took_s, looks, suspects=False):
    now_s, pauses = 0.0, []
    for _ in range(looks):
        pause_s = pace.pause_s(began_s=now_s, ended_s=now_s + took_s, suspects=suspects)
        pauses.append(pause_s)
        now_s += took_s + pause_s
    return looks / now_s


def test_an_idle_robot_looks_at_the_usual_rate():
    pace = Pace(PacePolicy(rate_hz=3.0))
    assert play(pace, took_s=0.1, looks=30) == pytest.approx(3.0, rel=0.01)
    assert pace.degraded_hz is None


def test_a_suspicion_makes_it_look_more_often():
    assert play(Pace(), took_s=0.1, looks=30, suspects=True) == pytest.approx(6.0, rel=0.01)


def test_a_slow_look_takes_no_more_of_the_core_than_allowed_and_is_said():
    pace = Pace(PacePolicy(rate_hz=3.0, load_max=0.5))
    assert play(pace, took_s=0.5, looks=30) == pytest.approx(1.0, rel=0.01)
    assert pace.degraded_hz == pytest.approx(1.0, rel=0.01)


def test_it_says_so_no_longer_when_it_is_fast_again():
    pace = Pace()
    play(pace, took_s=0.6, looks=20)
    play(pace, took_s=0.05, looks=60)
    assert pace.degraded_hz is None


@pytest.mark.parametrize("wrong", [{"rate_hz": 0.0}, {"load_max": 1.5}, {"degraded_below": -1.0}])
def test_a_rate_that_makes_no_sense_is_refused_with_its_name(wrong):
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        PacePolicy(**wrong)
