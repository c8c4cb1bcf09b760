"""The body of a ground robot never does what its chassis cannot, whatever it is told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.geometry import Pose2
from sim.ground_robot import STOP, Chassis, Motion, Twist, clamped, drive

CHASSIS = Chassis()
DT_S = 0.05
wishes = st.builds(
    Twist,
    speed_mps=st.floats(allow_nan=True, allow_infinity=True),
    turn_radps=st.floats(allow_nan=True, allow_infinity=True),
)


def driven(wish, seconds, motion=None):
    motion = motion or Motion(pose=Pose2(x_m=0.0, y_m=0.0))
    for _ in range(round(seconds / DT_S)):
        motion = drive(motion, wish, DT_S, CHASSIS)
    return motion


@given(st.lists(wishes, min_size=1, max_size=60))
def test_no_command_makes_it_faster_or_more_abrupt_than_its_limits(orders):
    before = Motion(pose=Pose2(x_m=0.0, y_m=0.0))
    for wish in orders:
        after = drive(before, wish, DT_S, CHASSIS)
        assert -CHASSIS.max_reverse_mps <= after.speed_mps <= CHASSIS.max_speed_mps
        assert abs(after.turn_radps) <= CHASSIS.max_turn_radps
        faster = abs(after.speed_mps) > abs(before.speed_mps)
        limit = CHASSIS.accel_mps2 if faster else CHASSIS.brake_mps2
        assert abs(after.speed_mps - before.speed_mps) <= limit * DT_S + 1e-9
        assert abs(after.turn_radps - before.turn_radps) <= CHASSIS.turn_accel_radps2 * DT_S + 1e-9
        moved_m = after.pose.point.distance_m(before.pose.point)
        assert moved_m <= max(abs(before.speed_mps), abs(after.speed_mps)) * DT_S + 1e-9
        assert -math.pi < after.pose.heading_rad <= math.pi
        before = after


def test_a_command_that_is_no_number_is_a_stop():
    assert clamped(Twist(speed_mps=math.nan, turn_radps=0.3), CHASSIS) == STOP


def test_it_reaches_its_speed_with_its_acceleration_and_stands_again_with_its_brake():
    fast = driven(Twist(speed_mps=1.2), 2.0)
    assert fast.speed_mps == pytest.approx(1.2)
    assert fast.pose.x_m == pytest.approx(1.2**2 / (2 * CHASSIS.accel_mps2), abs=0.01)
    still = driven(STOP, 1.0, fast)
    assert still.standing
    assert still.pose.x_m - fast.pose.x_m == pytest.approx(1.2**2 / (2 * CHASSIS.brake_mps2), abs=0.01)


def test_a_steady_turn_drives_a_circle_and_comes_back():
    steady = Motion(pose=Pose2(x_m=0.0, y_m=0.0), speed_mps=0.6, turn_radps=0.6)
    back = driven(Twist(speed_mps=0.6, turn_radps=0.6), 2 * math.pi / 0.6, steady)
    assert back.pose.point.distance_m(steady.pose.point) < 0.05


def test_turning_on_the_spot_moves_nothing_but_the_heading():
    turned = driven(Twist(turn_radps=1.0), 2.0)
    assert turned.pose.point.distance_m(Pose2(x_m=0.0, y_m=0.0).point) < 1e-9
    assert turned.pose.heading_rad > 1.5


@pytest.mark.parametrize("limits", [{"max_speed_mps": 0.0}, {"accel_mps2": -1.0}, {"radius_m": math.inf}])
def test_a_chassis_that_cannot_be_is_refused_by_name(limits):
    with pytest.raises(ValueError, match=next(iter(limits))):
        Chassis(**limits)
