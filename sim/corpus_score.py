"""How well alarms were made into incidents, against the truth. Pure.

B-cubed (Bagga and Baldwin 1998; as in Amigó et al. 2009): for each alarm, precision is the share of its incident that
truly belongs with it, recall the share of what truly belongs with it that its incident has; the figure is the harmonic
mean of the two averages over all alarms.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class BCubed:
    """Averages over all alarms, 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def bcubed(found: Mapping[Hashable, Hashable], truth: Mapping[Hashable, Hashable]) -> BCubed:
    """Of the alarms in `truth`: its incident each, against the one it was put into; in none: alone."""
    if not truth:
        raise ValueError("expected at least one alarm with its truth; came none")
    clusters = {alarm: found.get(alarm, ("alone", alarm)) for alarm in truth}
    of_cluster = Counter(clusters.values())
    of_truth = Counter(truth.values())
    of_both = Counter((clusters[alarm], truth[alarm]) for alarm in truth)
    # every alarm of a (cluster, truth) pair has the same precision and recall
    precision = sum(n * n / of_cluster[cluster] for (cluster, _), n in of_both.items())
    recall = sum(n * n / of_truth[true] for (_, true), n in of_both.items())
    return BCubed(precision=precision / len(truth), recall=recall / len(truth))


def missed(
    found: Mapping[Hashable, Hashable],
    truth: Mapping[Hashable, Hashable],
    *,
    of: Iterable[Hashable],
    told: set[Hashable],
) -> set[Hashable]:
    """True incidents among `of` that nobody would know of.

    One is known where somebody was told of an incident that is mostly about it: one that swallowed it among more alarms
    of another does not count.
    """
    inside: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for alarm, true in truth.items():
        if alarm in found:
            inside[found[alarm]][true] += 1
    known = {max(counts, key=lambda t: counts[t]) for cluster, counts in inside.items() if cluster in told}
    return set(of) - known


def most_in_window(times: Sequence[datetime]) -> int:
    """The most of these moments within any ten minutes."""
    ordered = sorted(times)
    most = first = 0
    for last, at in enumerate(ordered):
        while at - ordered[first] > WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def mean_in_busy_windows(times: Sequence[datetime]) -> float:
    """How many of these moments a stretch of ten minutes has, on average of those that have any; 0 for none."""
    stretches = {(at - min(times)) // WINDOW for at in times}
    return len(times) / len(stretches) if stretches else 0.0
