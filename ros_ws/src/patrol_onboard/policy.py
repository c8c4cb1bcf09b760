"""The figures a robot's mission executor decides by."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits of one robot; site time where a length is in seconds."""

    reserve_pct: float = 20.0  # a patrol below it goes to charge
    verify_floor_pct: float = 10.0  # looking at an incident may eat into the reserve down to here
    resume_pct: float = 60.0  # a patrol that went to charge goes on from here
    attempts: int = 2  # navigations to one checkpoint, or to the dock, before it counts as not reached
    arrival_radius_m: float = 0.5  # an arrival further from the goal than this is none
    ask_again_s: float = 5.0  # between two tries while navigation does not answer
    dock_retry_s: float = 60.0  # between two rounds of tries to reach the dock
    link_hold_s: float = 600.0  # a robot told to stand docks after so long without its center
    ended_kept: int = 8  # ended missions still told in the robot's state; older ones are forgotten

    def __post_init__(self) -> None:
        if not 0 <= self.verify_floor_pct <= self.reserve_pct <= self.resume_pct <= 100:
            raise InvalidInput(
                "expected 0 ≤ verify_floor_pct ≤ reserve_pct ≤ resume_pct ≤ 100; came "
                f"{self.verify_floor_pct:g}, {self.reserve_pct:g}, {self.resume_pct:g}",
                where="policy",
            )
        if self.attempts < 1 or self.ended_kept < 1:
            raise InvalidInput(
                f"expected attempts and ended_kept of at least 1; came {self.attempts} and {self.ended_kept}",
                where="policy",
            )
