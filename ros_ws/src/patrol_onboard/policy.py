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

    near_m: float = 4.0  # near enough to see whether somebody lies there
    approach_mps: float = 0.8  # on the way there
    watch_s: float = 30.0  # of watching from there without a verdict, then people are asked to look
    undecided_s: float = 90.0  # from the first suspicion without a verdict, however far the robot has come
    aims: int = 4  # standing places chosen for one sighting, as its position becomes clearer
    aim_again_m: float = 1.0  # a sighting that moved less than this needs no other standing place
    released_s: float = 600.0  # a place the robot was released from is left alone for so long
    sightings_kept: int = 4
    released_kept: int = 16
    findings_kept: int = 32

    speech_fresh_s: float = 120.0  # words not begun so long after they were ordered are not said any more
    speech_longest_s: float = 120.0  # of saying one sentence; then the voice counts as fallen silent
    speeches_kept: int = 16  # that are over, told again after a restart

    def __post_init__(self) -> None:
        if not 0 <= self.verify_floor_pct <= self.reserve_pct <= self.resume_pct <= 100:
            raise InvalidInput(
                "expected 0 ≤ verify_floor_pct ≤ reserve_pct ≤ resume_pct ≤ 100; came "
                f"{self.verify_floor_pct:g}, {self.reserve_pct:g}, {self.resume_pct:g}",
                where="policy",
            )
        counts = {
            n: getattr(self, n) for n in ("aims", "sightings_kept", "released_kept", "findings_kept", "speeches_kept")
        }
        if min(counts.values()) < 1:
            raise InvalidInput(f"expected counts of at least 1; came {counts}", where="policy")
        if self.attempts < 1 or self.ended_kept < 1:
            raise InvalidInput(
                f"expected attempts and ended_kept of at least 1; came {self.attempts} and {self.ended_kept}",
                where="policy",
            )
