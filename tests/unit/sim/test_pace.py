"""Site time keeps to its multiple of real time, and slows rather than skips when the machine cannot."""

from __future__ import annotations

import logging

import pytest

from sim.pace import Pace


def test_at_speed_one_twenty_steps_are_due_in_a_second():
    pace = Pace(speed=1.0, step_s=0.05, now_s=100.0)
    taken = 0
    for i in range(100):
        due = pace.due(100.0 + i * 0.01)
        pace.took(due)
        taken += due
    assert taken == pytest.approx(20, abs=1)
    assert pace.lost_s == 0


@pytest.mark.parametrize("speed", [0.5, 4.0, 20.0])
def test_a_speed_is_a_multiple_of_real_time(speed):
    pace = Pace(speed=speed, step_s=0.05, now_s=0.0)
    taken = 0
    for i in range(1, 401):
        due = pace.due(i * 0.025)
        pace.took(due)
        taken += due
    assert taken * 0.05 == pytest.approx(10 * speed, rel=0.02)


def test_a_machine_that_was_held_up_does_not_catch_up_with_a_jump_and_says_so(caplog):
    pace = Pace(speed=1.0, step_s=0.05, now_s=0.0)
    with caplog.at_level(logging.WARNING):
        due = pace.due(10.0)
    assert due == 1
    assert pace.lost_s == pytest.approx(9.95)
    assert "does not keep up" in caplog.text
    pace.took(due)
    assert pace.due(10.0) == 0
    assert pace.due(10.1) == 2


def test_a_slow_machine_is_said_once_in_a_while_and_not_each_time(caplog):
    pace = Pace(speed=1.0, step_s=0.05, now_s=0.0)
    with caplog.at_level(logging.WARNING):
        for i in range(1, 6):
            pace.took(pace.due(float(i)))
    assert caplog.text.count("does not keep up") == 1


def test_it_says_when_the_next_step_is_due():
    pace = Pace(speed=2.0, step_s=0.05, now_s=7.0)
    assert pace.next_s() == pytest.approx(7.025)
