"""The body of a ground robot: differential drive within its limits, and a watchdog that brakes when nobody steers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from patrol_core.geometry import Pose2, wrap_rad


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """A wish to move: what `geometry_msgs/Twist` says for a robot on wheels."""

    speed_mps: float = 0.0  # forward
    turn_radps: float = 0.0  # counter-clockwise


STOP = Twist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chassis:
    """What the body can do. The default is a walking-pace patrol robot of 0.8 m by 0.55 m."""

    max_speed_mps: float = 1.2
    max_reverse_mps: float = 0.4
    accel_mps2: float = 0.6
    brake_mps2: float = 1.2
    max_turn_radps: float = 1.2
    turn_accel_radps2: float = 2.4
    radius_m: float = 0.36  # of the disc that stands for it in collisions; its navigation keeps a little more
    watchdog_s: float = 0.5  # without a command for longer, the wheels brake

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name}: expected a positive number; came {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Where the body is and how it moves."""

    pose: Pose2  # frame `map`
    speed_mps: float = 0.0
    turn_radps: float = 0.0

    @property
    def standing(self) -> bool:
        return abs(self.speed_mps) < 1e-3 and abs(self.turn_radps) < 1e-3


def toward(value: float, target: float, *, up: float, down: float) -> float:
    """`value` moved toward `target`: by at most `up` when its size grows, by at most `down` when it shrinks."""
    if value * target < 0:  # through zero first: slowing down is braking
        return math.copysign(max(0.0, abs(value) - down), value)
    step = up if abs(target) > abs(value) else down
    return value + max(-step, min(step, target - value))


def clamped(wish: Twist, chassis: Chassis) -> Twist:
    """The wish within the chassis' limits; a number that is not finite is no wish at all."""
    if not (math.isfinite(wish.speed_mps) and math.isfinite(wish.turn_radps)):
        return STOP
    return Twist(
        speed_mps=max(-chassis.max_reverse_mps, min(chassis.max_speed_mps, wish.speed_mps)),
        turn_radps=max(-chassis.max_turn_radps, min(chassis.max_turn_radps, wish.turn_radps)),
    )


def drive(motion: Motion, wish: Twist, dt_s: float, chassis: Chassis) -> Motion:
    """The motion after `dt_s` seconds on free ground.

    Exact arc of a differential drive with the mean of the speeds before and after (Siegwart, Introduction to
    Autonomous Mobile Robots, 3.2), so that the path does not depend on the step beyond the acceleration ramp.
    """
    goal = clamped(wish, chassis)
    speed = toward(motion.speed_mps, goal.speed_mps, up=chassis.accel_mps2 * dt_s, down=chassis.brake_mps2 * dt_s)
    turn_step = chassis.turn_accel_radps2 * dt_s
    turn = toward(motion.turn_radps, goal.turn_radps, up=turn_step, down=turn_step)
    mean_speed = (motion.speed_mps + speed) / 2
    mean_turn = (motion.turn_radps + turn) / 2
    old = motion.pose
    swept = mean_turn * dt_s
    chord = mean_speed * dt_s * (math.sin(swept / 2) / (swept / 2) if abs(swept) > 1e-9 else 1.0)
    along = old.heading_rad + swept / 2
    return Motion(
        pose=Pose2(
            x_m=old.x_m + chord * math.cos(along),
            y_m=old.y_m + chord * math.sin(along),
            heading_rad=wrap_rad(old.heading_rad + swept),
        ),
        speed_mps=speed,
        turn_radps=turn,
    )
