"""When lying counts: every figure of the fall watch, in one place. Times are site time, distances along the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from patrol_core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class FallPolicy:
    """The figures for a robot's camera; `fixed_camera_policy` has those for a mast."""

    # suspected
    hint_m: float = 15.0  # nobody farther is suspected
    hint_looks: int = 3
    hint_s: float = 1.0  # between the first and the last of these looks
    hint_lying: float = 0.35  # mean over the looks of `hint_window_s`
    hint_window_s: float = 4.0
    # confirmed
    proof_m: float = 5.0  # only looks from this near count
    proof_looks: int = 4
    proof_lying: float = 0.6  # mean over the near looks of `window_s`
    proof_score: float = 0.62  # mean over the looks that show lying: that it is a person at all
    proof_share: float = 0.6  # of the looks that must show them, so many do
    proof_extent_m: float = 1.0  # a dog asleep, a bag or a scooter on its side takes less ground
    proof_s: float = 1.5  # between the first and the last near look that shows lying, seen from `proof_views` places
    proof_views: int = 3
    view_apart_m: float = 0.3  # places of the camera that count as different views
    proof_still_s: float = 4.0  # the same, seen from fewer places
    window_s: float = 8.0
    # let go
    upright_m: float = 8.0
    upright_looks: int = 5
    upright_s: float = 2.0
    upright_lying: float = 0.2  # mean below this: they stand
    small_s: float = 4.0  # seen from near for so long as lying and small: not a person
    gone_m: float = 5.0  # nearer than this somebody lying would be seen
    gone_s: float = 6.0  # not seen there for so long, from two places
    gone_still_s: float = 15.0  # the same, from one place
    patience_s: float = 120.0  # a suspicion that nobody could look at again
    # whether a body can be lying at all
    lying_height_m: float = 0.40  # no part of a body on the ground reaches higher
    body_m: float = 1.8  # its length: pointing away from the camera, its far end stands higher in the picture
    moved_m: float = 2.5  # whoever gets on like this within the window does not lie
    # the same person again
    same_place_m: float = 1.5
    remember_s: float = 1_800.0  # a confirmed one keeps its id
    cool_off_s: float = 120.0  # one let go is suspected again only on the evidence of a proof
    repeat_s: float = 5.0  # an open verdict is said again, with a better place and photo
    # tracking
    forget_s: float = 3.0  # somebody who worries nobody, out of sight
    tracks_max: int = 32

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise InvalidInput(f"expected a finite number above 0; came {value}", where=f"fall policy {field.name}")
        for name in ("hint_lying", "proof_lying", "upright_lying", "proof_score", "proof_share"):
            if getattr(self, name) >= 1.0:
                raise InvalidInput(f"expected a share below 1; came {getattr(self, name)}", where=f"fall policy {name}")
        ordered = (
            ("upright_lying", "hint_lying"),
            ("hint_lying", "proof_lying"),
            ("proof_s", "proof_still_s"),
            ("proof_still_s", "window_s"),
            ("proof_m", "hint_m"),
            ("gone_s", "gone_still_s"),
        )
        for less, more in ordered:
            if getattr(self, less) > getattr(self, more):
                raise InvalidInput(
                    f"expected at most {more} ({getattr(self, more)}); came {getattr(self, less)}",
                    where=f"fall policy {less}",
                )


def fixed_camera_policy() -> FallPolicy:
    """For a camera that never moves: no second view, so the dwell is longer; it sees farther from its height."""
    return FallPolicy(
        hint_m=30.0,
        proof_m=18.0,
        proof_looks=10,
        proof_s=10.0,
        proof_still_s=10.0,
        window_s=15.0,
        upright_m=25.0,
        gone_m=18.0,
        gone_s=10.0,
        gone_still_s=10.0,
    )
