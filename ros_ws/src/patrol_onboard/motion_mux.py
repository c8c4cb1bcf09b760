"""The base's last word on motion: who may move the wheels, how fast, and when silence means stop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from patrol_core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """A ground robot's command (REP-103: forward and counter-clockwise are positive)."""

    forward_mps: float = 0.0
    turn_radps: float = 0.0

    @property
    def still(self) -> bool:
        return self.forward_mps == 0.0 and self.turn_radps == 0.0


STILL = Velocity()


@dataclass(frozen=True, slots=True, kw_only=True)
class MuxPolicy:
    """Limits of the base. Times are of the monotonic clock: safety does not run on site time."""

    deadman_s: float = 0.5  # a command older than this is none
    settle_s: float = 1.0  # how long zeros are sent after the last movement, before the base falls silent
    forward_max_mps: float = 2.0
    backward_max_mps: float = 0.5
    turn_max_radps: float = 2.0

    def __post_init__(self) -> None:
        for name in ("deadman_s", "settle_s", "forward_max_mps", "backward_max_mps", "turn_max_radps"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise InvalidInput(f"expected a number above zero; came {value}", where=f"base.{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionMux:
    """What the wheels are told. Pure: every method is given the monotonic time and returns the mux after it."""

    policy: MuxPolicy = field(default_factory=MuxPolicy)
    stopped: bool = False  # emergency stop, latched until released
    command: Velocity = STILL
    commanded_at_s: float = -math.inf
    moved_at_s: float = -math.inf  # when the wheels were last told to move

    def told(self, velocity: Velocity, now_s: float) -> MotionMux:
        """Take navigation's command; under the emergency stop it is forgotten, so that none moves the robot later.

        Raises:
            InvalidInput: the numbers are not finite; the command before stays until its deadman.
        """
        if not (math.isfinite(velocity.forward_mps) and math.isfinite(velocity.turn_radps)):
            raise InvalidInput(f"expected finite numbers; came {velocity}", where="cmd_vel_nav")
        if self.stopped:
            return self
        return replace(self, command=self._limited(velocity), commanded_at_s=now_s)

    def stop(self) -> MotionMux:
        """Press the emergency stop."""
        return replace(self, stopped=True, command=STILL, commanded_at_s=-math.inf)

    def release(self) -> MotionMux:
        """Release the emergency stop; the robot moves on the next command only."""
        return replace(self, stopped=False)

    def output(self, now_s: float) -> tuple[MotionMux, Velocity | None]:
        """What to send to the wheels now; None when the robot has been still for `settle_s` and silence will do."""
        alive = not self.stopped and now_s - self.commanded_at_s <= self.policy.deadman_s
        velocity = self.command if alive else STILL
        if not velocity.still:
            return replace(self, moved_at_s=now_s), velocity
        if alive or self.stopped or now_s - self.moved_at_s <= self.policy.deadman_s + self.policy.settle_s:
            return self, STILL
        return self, None

    def _limited(self, velocity: Velocity) -> Velocity:
        p = self.policy
        return Velocity(
            forward_mps=min(max(velocity.forward_mps, -p.backward_max_mps), p.forward_max_mps),
            turn_radps=min(max(velocity.turn_radps, -p.turn_max_radps), p.turn_max_radps),
        )
