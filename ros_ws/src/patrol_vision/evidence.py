"""What the looks at one person amount to: a hint, a proof, or the reason to let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from statistics import median

from patrol_core.sighting import Verdict
from patrol_core.site import Text
from patrol_vision import phrases
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.tracks import LIES, Glance, Track, different_m, spread_m

UPRIGHT_HEIGHT_M = 0.75  # whoever reaches this high does not lie; a person who sits on the ground reaches 0.85


class Evidence(Enum):
    """What may change a verdict."""

    HINT = auto()  # perhaps somebody lies there
    PROOF = auto()  # somebody lies there
    UPRIGHT = auto()  # seen well: they do not
    SMALL = auto()  # seen well: it is too small to be a person
    GONE = auto()  # nobody is where they must be visible
    LOST = auto()  # nobody could look again


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Evidence, how sure, and the sentence that says why."""

    evidence: Evidence
    confidence: float
    because: Text


def judged(track: Track, now: datetime, policy: FallPolicy, *, wary: bool) -> Judgement | None:
    """What the looks so far say beyond the verdict there is; None: nothing new.

    Args:
        track: with the look of `now`, where there was one.
        now: site time of the picture.
        policy: the figures.
        wary: let go or confirmed here before: a hint is not enough.
    """
    in_sight = track.last_seen_at == now
    if track.verdict is None:
        if not in_sight:
            return None
        found = _proof(track, now, policy) if wary or track.known else _hint(track, now, policy)
    elif in_sight:
        suspected = track.verdict is Verdict.SUSPECTED
        found = (_proof(track, now, policy) if suspected else None) or _upright(track, now, policy)
        if found is None and suspected:
            found = _small(track, now, policy)
    else:
        found = _absent(track, now, policy)
    return found


def lying_looks(glances: Sequence[Glance]) -> list[Glance]:
    """Those that show somebody lying."""
    return [glance for glance in glances if glance.lying >= LIES]


def _since(track: Track, now: datetime, length_s: float, within_m: float) -> list[Glance]:
    start = now - timedelta(seconds=length_s)
    return [g for g in track.glances if g.at >= start and g.distance_m is not None and g.distance_m <= within_m]


def _hint(track: Track, now: datetime, policy: FallPolicy) -> Judgement | None:
    looks = _since(track, now, policy.hint_window_s, policy.hint_m)
    if len(looks) < policy.hint_looks:
        return None
    length_s = (looks[-1].at - looks[0].at).total_seconds()
    mean = _mean(looks)
    if length_s < policy.hint_s or mean < policy.hint_lying or _walks(looks, policy):
        return None
    count = len(lying_looks(looks)) or len(looks)
    return Judgement(
        evidence=Evidence.HINT,
        confidence=mean,
        because=phrases.suspected(looks[-1].distance_m or 0.0, count, length_s),
    )


def _proof(track: Track, now: datetime, policy: FallPolicy) -> Judgement | None:
    near = [g for g in _since(track, now, policy.window_s, policy.proof_m) if g.lying >= LIES or _reaches_up(g)]
    lying = lying_looks(near)
    if len(lying) < policy.proof_looks or track.newest.lying < LIES or _walks(lying, policy):
        return None
    length_s = (lying[-1].at - lying[0].at).total_seconds()
    views = len(different_m([g.eye for g in lying if g.eye is not None], policy.view_apart_m))
    mean = _mean(near)
    dwell_s = policy.proof_s if views >= policy.proof_views else policy.proof_still_s
    if length_s < dwell_s or mean < policy.proof_lying or not _a_person(track, lying, now, policy):
        return None
    nearest_m = min(g.distance_m or policy.proof_m for g in lying)
    return Judgement(
        evidence=Evidence.PROOF, confidence=mean, because=phrases.confirmed(nearest_m, max(1, views), length_s)
    )


def _a_person(track: Track, lying: Sequence[Glance], now: datetime, policy: FallPolicy) -> bool:
    """Whether what lies there is a person: sure enough, seen whenever it must be, and long enough."""
    start = now - timedelta(seconds=policy.window_s)
    missed = sum(at >= start for at in track.missed)
    return (
        sum(g.score for g in lying) / len(lying) >= policy.proof_score
        and len(lying) / (len(lying) + missed) >= policy.proof_share
        and _extent_m(lying) >= policy.proof_extent_m
    )


def _extent_m(lying: Sequence[Glance]) -> float:
    return median(g.extent_m or 0.0 for g in lying)


def _small(track: Track, now: datetime, policy: FallPolicy) -> Judgement | None:
    lying = lying_looks(_since(track, now, policy.window_s, policy.proof_m))
    if len(lying) < policy.proof_looks or (lying[-1].at - lying[0].at).total_seconds() < policy.small_s:
        return None
    if _extent_m(lying) >= policy.proof_extent_m:
        return None
    return Judgement(evidence=Evidence.SMALL, confidence=0.5, because=phrases.SMALL)


def _upright(track: Track, now: datetime, policy: FallPolicy) -> Judgement | None:
    looks = _since(track, now, policy.window_s, policy.upright_m)[-2 * policy.upright_looks :]
    recent = [g for g in looks if g.lying < LIES and (g.height_m or 0.0) >= UPRIGHT_HEIGHT_M]
    if len(recent) < policy.upright_looks or len(recent) < 0.8 * len(looks) or recent[-1] is not looks[-1]:
        return None
    length_s = (recent[-1].at - recent[0].at).total_seconds()
    if length_s < policy.upright_s or _mean(looks) > policy.upright_lying:
        return None
    return Judgement(evidence=Evidence.UPRIGHT, confidence=1.0 - _mean(looks), because=phrases.STANDS)


def _absent(track: Track, now: datetime, policy: FallPolicy) -> Judgement | None:
    enough_s = policy.gone_s if len(track.unseen_from) >= 2 else policy.gone_still_s
    if track.unseen_s >= enough_s:
        return Judgement(evidence=Evidence.GONE, confidence=0.5, because=phrases.GONE)
    if (now - track.last_seen_at).total_seconds() >= policy.patience_s:
        return Judgement(evidence=Evidence.LOST, confidence=track.confidence, because=phrases.LOST)
    return None


def _reaches_up(glance: Glance) -> bool:
    """Whether it speaks against lying; a look that only could not tell the posture of a low body speaks for nothing."""
    return glance.height_m is None or glance.height_m >= UPRIGHT_HEIGHT_M


def _walks(looks: Sequence[Glance], policy: FallPolicy) -> bool:
    """Whether they got on, as far as near looks can tell (far ones scatter by metres)."""
    return spread_m([g.place for g in looks if g.place is not None and (g.distance_m or 99.0) < 7.0]) > policy.moved_m


def _mean(looks: Sequence[Glance]) -> float:
    return sum(g.lying for g in looks) / len(looks) if looks else 0.0
