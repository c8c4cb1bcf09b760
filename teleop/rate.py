"""How fast one camera may send: the lowest viewer governs, within limits. Pure; no clock of its own.

REMB tells a ceiling that grows only with what is sent (Chromium: 1.5 times the incoming rate), so a quiet scene would
talk the rate down. It is believed as congestion only where it lies below what was really sent; else the rate probes
upward. Loss (RTCP receiver reports) lowers it too, with the thresholds of draft-ietf-rmcat-gcc-02, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from patrol_core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePolicy:
    """Limits and steps."""

    start_bps: int = 600_000
    min_bps: int = 120_000
    max_bps: int = 1_500_000  # more shows nothing more at 640×480, and a robot hangs on a mobile network
    max_fps: float = 30.0
    rung_fps: float = 10.0  # pictures a second where the rate is low
    rung_below_bps: int = 300_000
    rung_above_bps: int = 400_000  # back to all pictures
    believe_s: float = 5.0  # an estimate that is older says nothing
    back_off: float = 0.85  # of what the viewer can take
    probe_per_s: float = 1.08
    lossy: float = 0.10  # above: lower; below a fifth of it: probe
    key_every_s: float = 0.3  # at most one key frame in so long, whoever asks

    def __post_init__(self) -> None:
        if not 0 < self.min_bps <= self.start_bps <= self.max_bps:
            raise InvalidInput(
                f"expected 0 < min ≤ start ≤ max; came {self.min_bps}, {self.start_bps}, {self.max_bps}", where="rate"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerSays:
    """What one viewer last said of its link."""

    remb_bps: int | None = None  # receiver's estimate of what it can take
    remb_s: float = 0.0  # monotonic, when it said so
    lost: float = 0.0  # 0..1 of the packets since the report before
    lost_s: float | None = None  # monotonic, when it said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What the encoder is told."""

    bps: int
    fps: float


def first_rate(policy: RatePolicy) -> Rate:
    """Before any viewer has said anything."""
    return Rate(bps=policy.start_bps, fps=policy.max_fps)


def next_rate(
    rate: Rate, viewers: Mapping[str, ViewerSays], *, sent_bps: float, now_s: float, after_s: float, policy: RatePolicy
) -> Rate:
    """The rate from here on.

    Args:
        viewers: what each said last.
        sent_bps: what one viewer was really sent since the last call.
        now_s: monotonic.
        after_s: seconds since the last call.
    """
    wishes = [_wish(rate.bps, says, sent_bps=sent_bps, now_s=now_s, policy=policy) for says in viewers.values()]
    lowest = min(wishes, default=float(policy.max_bps))
    probed = rate.bps * policy.probe_per_s**after_s
    bps = round(min(max(min(lowest, probed), policy.min_bps), policy.max_bps))
    return replace(rate, bps=bps, fps=_fps(rate, bps, policy))


def _wish(bps: int, says: ViewerSays, *, sent_bps: float, now_s: float, policy: RatePolicy) -> float:
    told = says.remb_bps is not None and now_s - says.remb_s <= policy.believe_s
    reported = says.lost_s is not None and now_s - says.lost_s <= policy.believe_s
    wish = float(policy.max_bps if told or reported else bps)  # nothing heard: no reason to send more
    if told and says.remb_bps is not None and says.remb_bps < sent_bps:
        wish = says.remb_bps * policy.back_off
    if reported:
        if says.lost > policy.lossy:
            wish = min(wish, bps * (1 - says.lost / 2))
        elif says.lost > policy.lossy / 5:
            wish = min(wish, float(bps))
    return wish


def _fps(rate: Rate, bps: int, policy: RatePolicy) -> float:
    """Two thresholds, so that it does not flutter between them."""
    if bps < policy.rung_below_bps:
        return policy.rung_fps
    return policy.max_fps if bps > policy.rung_above_bps else rate.fps
