"""What became of a corpus: its figures, and those of the bound, which knows nothing but distance and time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from mission_planner.store import schema
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from patrol_core.finding import Phase
from patrol_core.site import Site
from sim.corpus import Message
from sim.corpus_score import BCubed, bcubed, mean_in_busy_windows, missed, most_in_window
from tests.helpers.corpus_reports import finding_id_of
from tests.helpers.corpus_run import OPERATORS, Run

SOON = timedelta(minutes=1)
WITHIN_M = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 16.0, 30.0, 60.0)
QUIET = tuple(timedelta(minutes=m) for m in (5, 10, 30))


@dataclass(kw_only=True)
class Outcome:
    """What became of a corpus."""

    truth: dict[UUID, str]  # by alarm
    found: dict[UUID, Hashable]  # the incident of each alarm; a kept-back one is with the others of its source
    told: set[Hashable]
    heard_soon: set[str]  # true incidents somebody was told of within a minute of their first word
    life: set[str]  # true incidents about life
    first_notice_s: list[float]  # of each true incident about life: from its first alarm to the first telling
    tellings: Mapping[str, Sequence[datetime]]  # of each operator
    incidents: int

    @property
    def score(self) -> BCubed:
        return bcubed(self.found, self.truth)

    @property
    def missed_life(self) -> set[Hashable]:
        """Those nobody would know of, unless they were called the moment it joined what they knew of."""
        return missed(self.found, self.truth, of=self.life, told=self.told) - self.heard_soon

    @property
    def told_per_operator(self) -> int:
        """The most that one of them is told within ten minutes."""
        return max(map(most_in_window, self.tellings.values()))

    @property
    def told_per_operator_usually(self) -> float:
        """The mean of the ten minutes in which one is told anything."""
        return mean_in_busy_windows(next(iter(self.tellings.values())))

    def by_story(self) -> Mapping[str, BCubed]:
        """The score of the alarms of each sort of story."""
        sorts = {t.split("-")[0] for t in self.truth.values()}
        return {s: bcubed(self.found, {a: t for a, t in self.truth.items() if t.startswith(s)}) for s in sorted(sorts)}


def outcome_of(run: Run, messages: Sequence[Message]) -> Outcome:
    """What the store says of it."""
    ids = {m: finding_id_of(m, run.site) for m in messages if m.phase is Phase.RAISED}

    def read(tx: Tx) -> tuple[dict[UUID, UUID], list[tuple[UUID, datetime, list[str]]]]:
        rows = tx.conn.execute(select(schema.findings.c.finding_id, schema.findings.c.incident_id))
        told = tx.conn.execute(
            select(schema.notices.c.incident_id, schema.notices.c.at, schema.notices.c.people)
            .where(schema.notices.c.action == NoticeAction.TRIGGER.value)
            .order_by(schema.notices.c.seq)
        )
        merged = select(schema.incidents.c.incident_id, schema.incidents.c.merged_into)
        into = {r.incident_id: r.merged_into for r in tx.conn.execute(merged) if r.merged_into}

        def whole(incident_id: UUID) -> UUID:
            return whole(into[incident_id]) if incident_id in into else incident_id

        found = {r.finding_id: whole(r.incident_id) for r in rows if r.incident_id}
        return found, [(whole(r.incident_id), r.at, r.people) for r in told]

    kept, told = run.store.submit(read).result(60)
    told_at: dict[Hashable, list[datetime]] = defaultdict(list)
    for incident_id, at, _ in told:
        told_at[incident_id].append(at)
    truth = {ids[m]: m.truth for m in ids}
    found: dict[UUID, Hashable] = {ids[m]: kept.get(ids[m], ("kept back", m.device_id, m.kind)) for m in ids}
    began: dict[str, datetime] = {}
    arrived: dict[str, datetime] = {}
    where: dict[str, set[Hashable]] = defaultdict(set)
    for m in sorted(ids, key=lambda m: m.sent_at):
        if m.life:
            began.setdefault(m.truth, m.sent_at)
            arrived[m.truth] = min(m.arrives_at, arrived.get(m.truth, m.arrives_at))
            where[m.truth].add(found[ids[m]])
    heard = {
        t: min((at for incident_id in where[t] for at in told_at[incident_id] if at >= began[t]), default=None)
        for t in began
    }
    return Outcome(
        truth=truth,
        found=found,
        told=set(told_at),
        heard_soon={t for t, at in heard.items() if at is not None and at <= arrived[t] + SOON},
        life=set(began),
        first_notice_s=sorted((at - began[t]).total_seconds() for t, at in heard.items() if at is not None),
        tellings={who: [at for _, at, people in told if who in people] for who in OPERATORS},
        incidents=len(set(kept.values())),
    )


def best_by_distance(messages: Sequence[Message], site: Site) -> float:
    """The bound: the best that any radius and any patience can do."""
    return max(by_distance_alone(messages, site, within_m, quiet).f1 for within_m in WITHIN_M for quiet in QUIET)


def by_distance_alone(messages: Iterable[Message], site: Site, within_m: float, quiet: timedelta) -> BCubed:
    """An alarm joins whatever was active within `within_m` and so short a time before, whatever it was about."""
    truth: dict[Hashable, Hashable] = {}
    found: dict[Hashable, Hashable] = {}
    active: list[tuple[datetime, float, float, float, int]] = []
    for m in messages:
        alarm = (m.device_id, m.sequence)
        if m.phase is not Phase.RAISED or alarm in truth:
            continue
        device = site.devices[m.device_id]
        x, y, z = device.position_m.x_m, device.position_m.y_m, device.height_m
        active = [a for a in active if m.arrives_at - a[0] <= quiet]
        near = [a for a in active if (a[1] - x) ** 2 + (a[2] - y) ** 2 + (a[3] - z) ** 2 <= within_m**2]
        cluster = max(near)[4] if near else len(truth)
        truth[alarm], found[alarm] = m.truth, cluster
        active.append((m.arrives_at, x, y, z, cluster))
    return bcubed(found, truth)
