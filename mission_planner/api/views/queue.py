"""Incidents as lines: the queue, what one may be merged with, and how long they took."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mission_planner.api.views.common import See, Text, View, text, words
from mission_planner.api.views.people import WhoView
from mission_planner.incidents.likeness import likely
from mission_planner.incidents.sources import place_text
from mission_planner.store import incidents, queue
from mission_planner.store.handling import HandlingBook
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.queue import QueueRow
from patrol_core.incident import Certainty, IncidentState
from patrol_core.kind import KINDS, IncidentKind


class QueueRowView(View):
    """One open incident, as a line."""

    incident_id: UUID
    kind: IncidentKind
    kind_name: Text
    priority: int
    state: IncidentState
    place: Text | None
    opened_at: datetime
    next_at: datetime | None = Field(description="when more people are told; null once somebody has it")
    acknowledge_by: datetime | None
    resolve_by: datetime | None
    overdue: bool = Field(description="nobody has it in time, or it is not over in time")
    assignee: WhoView | None
    certainty: Certainty | None
    probability: float | None = Field(description="that it is real; as of its last change")
    sources_total: int
    source_cleared_at: datetime | None
    thumbnail: str | None = Field(description="SHA-256 of its first picture, hexadecimal")


class CandidateView(QueueRowView):
    """One that another may be part of."""

    why: Text


class KindHandlingView(View):
    """How long one kind took."""

    kind: IncidentKind
    kind_name: Text
    count: int
    mean_s: float
    median_s: float
    best_s: float


class DayHandlingView(View):
    """How long those closed on one day took; by the site's calendar."""

    date: date
    count: int
    mean_s: float


class HandlingView(View):
    """How long incidents took from the opening until the danger was over; site seconds, null where there were none."""

    count: int
    mean_s: float | None
    median_s: float | None
    best_s: float | None
    by_kind: list[KindHandlingView]
    per_day: list[DayHandlingView]


def queue_row_view(see: See, row: QueueRow) -> QueueRowView:
    """One line."""
    promise = row.acknowledge_by if row.state is IncidentState.OPEN else row.resolve_by
    running = not row.state.ended and row.state is not IncidentState.RESOLVED
    assignee = WhoView(username=row.assignee, display_name=row.assignee_name or row.assignee) if row.assignee else None
    return QueueRowView(
        incident_id=row.incident_id,
        kind=row.kind,
        kind_name=words(KINDS[row.kind].name),
        priority=int(row.priority),
        state=row.state,
        place=text(place_text(see.site, row.brief.place)),
        opened_at=row.opened_at,
        next_at=row.next_at,
        acknowledge_by=row.acknowledge_by,
        resolve_by=row.resolve_by,
        overdue=running and promise is not None and see.now is not None and promise < see.now,
        assignee=assignee,
        certainty=row.certainty,
        probability=row.brief.probability,
        sources_total=row.brief.sources,
        source_cleared_at=row.brief.cleared_at,
        thumbnail=row.brief.thumbnail,
    )


def candidate_views(see: See, row: IncidentRow, limit: int) -> list[CandidateView]:
    """What `row` may be part of, the likeliest first."""
    found = likely(row.incident, [r.incident for r in incidents.open_of_family(see.tx, row)])[:limit]
    lines = queue.several(see.tx, [incident_id for incident_id, _ in found])
    why = dict(found)
    return [CandidateView(**dict(queue_row_view(see, line)), why=words(why[line.incident_id])) for line in lines]


def handling_view(see: See, book: HandlingBook, days: int) -> HandlingView:
    """Of what was closed in the days up to now."""
    if see.now is None:
        return HandlingView(count=0, mean_s=None, median_s=None, best_s=None, by_kind=[], per_day=[])
    zone = ZoneInfo(see.site.timezone)
    begin, today = see.now - timedelta(days=days), see.now.astimezone(zone).date()
    found = book.since(see.tx, begin, _midnight(today, zone))
    first = begin.astimezone(zone).date()
    dates = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    per_day = [(day, found.between(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))) for day in dates]
    lengths = found.handled_s
    return HandlingView(
        count=len(lengths),
        mean_s=float(lengths.mean()) if len(lengths) else None,
        median_s=float(np.median(lengths)) if len(lengths) else None,
        best_s=float(lengths.min()) if len(lengths) else None,
        by_kind=[_kind_view(kind, some) for kind, some in found.by_kind()],
        per_day=[
            DayHandlingView(date=day, count=len(some.handled_s), mean_s=float(some.handled_s.mean()))
            for day, some in per_day
            if len(some.handled_s)
        ],
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _kind_view(kind: IncidentKind, lengths: NDArray[np.float64]) -> KindHandlingView:
    return KindHandlingView(
        kind=kind,
        kind_name=words(KINDS[kind].name),
        count=len(lengths),
        mean_s=float(lengths.mean()),
        median_s=float(np.median(lengths)),
        best_s=float(lengths.min()),
    )
