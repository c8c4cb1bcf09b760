"""The drivers' messages as the mission understands them: what is not known stays unknown."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nav_msgs.msg import Odometry
from sensor_msgs.msg import BatteryState

from patrol_core.geometry import wrap_rad
from patrol_onboard.senses import battery_from, motion_from


def battery(**fields: object) -> BatteryState:
    return BatteryState(**{"present": True, **fields})


def test_a_share_becomes_percent() -> None:
    assert battery_from(battery(percentage=0.756)).pct == 75.6


@pytest.mark.parametrize("share", [math.nan, math.inf, -0.1, 1.1, 75.6])
def test_a_share_that_is_none_is_unknown(share: float) -> None:
    assert battery_from(battery(percentage=share)).pct is None


def test_a_battery_that_is_not_there_is_unknown() -> None:
    assert battery_from(battery(percentage=0.5, present=False)).pct is None


@pytest.mark.parametrize(
    ("status", "charging"),
    [
        (BatteryState.POWER_SUPPLY_STATUS_UNKNOWN, None),
        (BatteryState.POWER_SUPPLY_STATUS_CHARGING, True),
        (BatteryState.POWER_SUPPLY_STATUS_DISCHARGING, False),
        (BatteryState.POWER_SUPPLY_STATUS_NOT_CHARGING, False),
        (BatteryState.POWER_SUPPLY_STATUS_FULL, True),
        (99, None),
    ],
)
def test_full_at_the_charger_is_charging_and_unknown_is_unknown(status: int, charging: bool | None) -> None:
    assert battery_from(battery(percentage=0.5, power_supply_status=status)).charging is charging


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.floats(-3.1, 3.1), st.floats(-2, 2))
def test_odometry_gives_place_heading_and_speed(x: float, y: float, heading: float, speed: float) -> None:
    message = Odometry()
    message.pose.pose.position.x, message.pose.pose.position.y = x, y
    message.pose.pose.orientation.z, message.pose.pose.orientation.w = math.sin(heading / 2), math.cos(heading / 2)
    message.twist.twist.linear.x = speed
    motion = motion_from(message)
    assert motion.pose is not None
    assert (motion.pose.x_m, motion.pose.y_m) == (x, y)
    assert wrap_rad(motion.pose.heading_rad - heading) == pytest.approx(0, abs=1e-9)
    assert motion.speed_mps == pytest.approx(abs(speed))


def test_odometry_that_is_no_number_is_unknown() -> None:
    message = Odometry()
    message.pose.pose.position.x = message.twist.twist.linear.x = math.nan
    assert motion_from(message).pose is None
    assert motion_from(message).speed_mps is None
