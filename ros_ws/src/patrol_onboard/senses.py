"""Nav2's and the drivers' messages as the mission understands them."""

from __future__ import annotations

import math
from typing import Any

from patrol_core.geometry import Pose2
from patrol_onboard.events import BatteryHeard
from patrol_onboard.robot_state import Motion

# sensor_msgs/BatteryState power_supply_status; on the charger and full still counts as charging
_CHARGING = {1: True, 2: False, 3: False, 4: True}


def battery_from(message: Any) -> BatteryHeard:
    """sensor_msgs/BatteryState: `percentage` is 0..1, NaN when unknown."""
    share = message.percentage
    known = message.present is not False and math.isfinite(share) and 0.0 <= share <= 1.0
    return BatteryHeard(
        pct=round(share * 100, 1) if known else None, charging=_CHARGING.get(message.power_supply_status)
    )


def motion_from(message: Any) -> Motion:
    """nav_msgs/Odometry, its pose taken in frame `map`; unknown where it is not finite."""
    position, turn = message.pose.pose.position, message.pose.pose.orientation
    heading_rad = math.atan2(2 * (turn.w * turn.z + turn.x * turn.y), 1 - 2 * (turn.y * turn.y + turn.z * turn.z))
    values = (position.x, position.y, heading_rad)
    linear = message.twist.twist.linear
    speed_mps = math.hypot(linear.x, linear.y)
    return Motion(
        pose=Pose2(x_m=position.x, y_m=position.y, heading_rad=heading_rad)
        if all(map(math.isfinite, values))
        else None,
        speed_mps=speed_mps if math.isfinite(speed_mps) else None,
    )
