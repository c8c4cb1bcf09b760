"""How sure one may be that an incident is real: a sum of log-odds, shown in words. It ranks, never suppresses. Pure.

The figures are judgements, not measurements: no site's record of true and false alarms exists yet. Half-lives make old
words count less; each source's words are capped, so that one that chatters convinces nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from patrol_core.finding import Finding, Phase
from patrol_core.incident import Certainty, Incident, Weight
from patrol_core.kind import KINDS
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind

PRIOR = -1.0  # log-odds before anything is weighed: most lone alarms of fixed sensors are false
ALARM, AGAIN, INDEPENDENT = 1.5, 0.2, 2.0
SUSPECTED, CONFIRMED, DENIED, CLEARED = 1.0, 4.0, -3.0, -1.5
CAP_OF_SOURCE, CAP = 4.0, 8.0
HALF_LIFE_S = 1800.0
LASTING = frozenset({CONFIRMED, DENIED})  # what somebody looked at does not fade
WEIGHTS_KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The sum, and its parts as they count now."""

    probability: float  # 0..1
    parts: tuple[tuple[Text, float], ...]  # words and log-odds, in the order they came


def denies(finding: Finding) -> bool:
    """Whether a robot was there, saw well, and saw nothing. It speaks against the incident, and never ends it."""
    sure = finding.certainty is Certainty.CONFIRMED and finding.source.kind is SourceKind.ROBOT
    return finding.phase is Phase.CLEARED and sure


def weight_of(finding: Finding, incident: Incident | None, name: Text) -> Weight:
    """What a finding adds to an incident (None: to one that opens now); `name` is its source's."""
    if denies(finding):
        return _weight(finding, DENIED, Text(zh=f"{name.zh}到场未见异常", en=f"{name.en} looked and saw nothing"))
    if finding.phase is Phase.CLEARED:
        return _weight(finding, CLEARED, Text(zh=f"{name.zh}恢复正常", en=f"{name.en} is normal again"))
    if finding.certainty is Certainty.CONFIRMED:
        return _weight(finding, CONFIRMED, Text(zh=f"{name.zh}现场确认", en=f"{name.en} confirmed it"))
    if finding.certainty is Certainty.SUSPECTED:
        return _weight(finding, SUSPECTED, Text(zh=f"{name.zh}疑似看到", en=f"{name.en} suspects it"))
    if incident is not None and _said(incident, finding.source):
        return _weight(finding, AGAIN, Text(zh=f"{name.zh}再次报告", en=f"{name.en} says so again"))
    kind = KINDS[finding.kind].name
    if incident is not None and incident.weights:
        said = Text(zh=f"另一来源 {name.zh}：{kind.zh}", en=f"another source, {name.en}: {kind.en}")
        return _weight(finding, INDEPENDENT, said)
    return _weight(finding, ALARM, Text(zh=f"{name.zh}：{kind.zh}", en=f"{name.en}: {kind.en}"))


def with_weight(weights: tuple[Weight, ...], more: Weight) -> tuple[Weight, ...]:
    """The weights after one more. Repeats of one source are kept as one; the oldest of too many make room."""
    if more.log_odds == AGAIN:
        for i, weight in enumerate(weights):
            if weight.source.source_id == more.source.source_id and _same_word(weight, more):
                heavier = min(weight.log_odds + AGAIN, 3 * AGAIN)
                return (
                    *weights[:i],
                    Weight(source=more.source, text=more.text, log_odds=heavier, at=more.at),
                    *weights[i + 1 :],
                )
    return (*weights, more)[-WEIGHTS_KEPT:]


def weighed(weights: tuple[Weight, ...], now: datetime) -> Weighed:
    """The sum at a moment."""
    parts = tuple((w.text, _now(w, now)) for w in weights)
    of_source: dict[object, float] = {}
    for weight, (_, log_odds) in zip(weights, parts, strict=True):
        of_source[weight.source] = of_source.get(weight.source, 0.0) + log_odds
    total = PRIOR + sum(max(-CAP_OF_SOURCE, min(CAP_OF_SOURCE, part)) for part in of_source.values())
    total = max(-CAP, min(CAP, total))
    return Weighed(probability=1.0 / (1.0 + math.exp(-total)), parts=parts)


def corroborated(incident: Incident) -> bool:
    """Whether a second source that knows nothing of the first says so: then nobody waits for a look."""
    first = incident.loci[0].source if incident.loci else None
    return incident.certainty is Certainty.CONFIRMED or any(locus.source != first for locus in incident.loci)


def _same_word(one: Weight, other: Weight) -> bool:
    return one.source == other.source and one.text == other.text


def _said(incident: Incident, source: Source) -> bool:
    ids = [weight.source.source_id for weight in incident.weights]
    return source.source_id in ids and any(weight.source == source for weight in incident.weights)


def _now(weight: Weight, now: datetime) -> float:
    if weight.log_odds in LASTING:
        return weight.log_odds
    age_s = max(0.0, (now - weight.at).total_seconds())
    return weight.log_odds * math.pow(0.5, age_s / HALF_LIFE_S)


def _weight(finding: Finding, log_odds: float, text: Text) -> Weight:
    return Weight(source=finding.source, text=text, log_odds=log_odds, at=finding.observed_at)
